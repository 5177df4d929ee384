// What cards and the bot say in English, which is also what they say where there is no translation.

import type { Catalogue } from './card-texts.ts';
import { ENGLISH_ANSWERS } from './english-answers.ts';
import { countAsksInEnglish } from './english-asks.ts';

const HOW_TO_STOP = 'To stop these messages, write stop, or remove or block this app in Teams.';

/** English, as it is written in the United States. */
export const ENGLISH: Catalogue = {
  isRightToLeft: false,
  severities: { info: 'Information', success: 'Success', warning: 'Warning', error: 'Error', critical: 'Critical' },
  states: { open: 'Open', acknowledged: 'Acknowledged', resolved: 'Resolved' },
  labelled: (label, text) => `${label}: ${text}`,
  source: (name) => `From ${name}`,
  replaced: 'A newer message about this has taken the place of this one.',
  counted: ({ number, plural }) => ({
    reported: (count, isAtLeast, since) =>
      `Reported ${isAtLeast ? 'at least ' : ''}${number(count)} ${plural(count, { one: 'time', other: 'times' })} since ${since}`,
    times: (count) => `×\u00a0${number(count)}`,
    earlier: (count) => `… ${number(count)} earlier`,
    moreCharacters: (count) => `… ${number(count)} more ${plural(count, { one: 'character', other: 'characters' })}`,
    moreFacts: (count) => `… ${number(count)} more ${plural(count, { one: 'fact', other: 'facts' })}`,
    moreLinks: (count) => `… ${number(count)} more ${plural(count, { one: 'link', other: 'links' })}`,
    moreImages: (count) => `… ${number(count)} more ${plural(count, { one: 'image', other: 'images' })}`,
    unsafeLinks: (count) => {
      const links = plural(count, { one: 'A link was', other: `${number(count)} links were` });
      return `${links} left out: not a plain https address`;
    },
    more: (count) => `… ${number(count)} more`,
    messages: (count) => `${number(count)} ${plural(count, { one: 'message', other: 'messages' })}`,
    topicsCount: (count, subscribed) =>
      `There ${plural(count, { one: 'is', other: 'are' })} ${number(count)} ${plural(count, { one: 'topic', other: 'topics' })}; you are subscribed to ${number(subscribed)}.`,
    openThings: (count) => `${number(count)} ${plural(count, { one: 'thing is', other: 'things are' })} still open.`,
    tooManyMutes: (max) => `You can mute at most ${number(max)} things. Unmute one of them first.`,
    tooLong: (maxLength) => `That is too long for me: I read at most ${number(maxLength)} characters.`,
    tellLimit: (perHour) => `I tell people at most ${number(perHour)} times an hour for you. Try again later.`,
  }),
  welcome: {
    greeting: 'Hello! Good to be here.',
    lines: [
      "I bring you messages from your organization's own systems, such as builds, alerts and tickets.",
      'You get them because this app was installed for you, by you or by an administrator. There is nothing to set up.',
      'You decide what reaches you, and when: write topics, mute, quiet or digest, or press Settings.',
      'Write help whenever you want to know more.',
      HOW_TO_STOP,
    ],
  },
  help: {
    notUnderstood: 'Sorry, I did not understand that.',
    title: 'What I can do',
    lines: [
      "I post messages from your organization's own systems here. Each one says which system sent it.",
      'Buttons under a message open the page that it is about; the dots beside its source tell why you got it, and mute it.',
      'Write help to see this again.',
      HOW_TO_STOP,
    ],
  },
  helpButton: 'Help',
  retiredButton: 'This button is no longer in use.',
  answers: ENGLISH_ANSWERS,
  countAsks: countAsksInEnglish,
};
