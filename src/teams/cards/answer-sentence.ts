// What the bot answers, in one short sentence.

import type { BotAnswer } from '../../domain/bot-answer.ts';
import { assertNever } from '../../domain/errors.ts';
import { askSentence } from './ask-sentence.ts';
import { exampleOf, HELP_COMMANDS, PLACE_COMMANDS } from './commands.ts';
import type { Voice } from './voice.ts';

/** The answers of one or several kinds. */
export type AnswerOf<Kind extends BotAnswer['kind']> = Extract<BotAnswer, { readonly kind: Kind }>;

type TopicKind = 'topics' | 'subscribed' | 'unsubscribed' | 'noSuchTopic' | 'needsName';
type MuteKind = 'muted' | 'unmuted' | 'wasNotMuted' | 'tooManyMutes';
type TimeKind = 'quietSet' | 'quietOff' | 'digestSet' | 'digestOff' | 'badTime';
type MessageKind = 'why' | 'nothingSent' | 'inbox' | 'notYours' | 'tellUsage' | 'tellLimit' | 'tellResult';
type SayKind = TopicKind | MuteKind | TimeKind | MessageKind;
type OtherKind = Exclude<BotAnswer['kind'], SayKind>;

/** What is shown for a moment after a press, in the toast, and on the card. */
export function sentenceOf(answer: BotAnswer, voice: Voice): string {
  switch (answer.kind) {
    case 'topics':
    case 'subscribed':
    case 'unsubscribed':
    case 'noSuchTopic':
    case 'needsName':
      return topicSentence(answer, voice);
    case 'muted':
    case 'unmuted':
    case 'wasNotMuted':
    case 'tooManyMutes':
      return muteSentence(answer, voice);
    case 'quietSet':
    case 'quietOff':
    case 'digestSet':
    case 'digestOff':
    case 'badTime':
      return timeSentence(answer, voice);
    case 'why':
    case 'nothingSent':
    case 'inbox':
    case 'notYours':
    case 'tellUsage':
    case 'tellLimit':
    case 'tellResult':
      return messageSentence(answer, voice);
    default:
      return otherSentence(answer, voice);
  }
}

function topicSentence(answer: AnswerOf<TopicKind>, { texts, quoted }: Voice): string {
  const { topics, didYouMean, needsName } = texts.answers;
  switch (answer.kind) {
    case 'topics': {
      const subscribed = answer.topics.filter(({ isSubscribed }) => isSubscribed).length;
      return answer.topics.length === 0 ? topics.none : texts.topicsCount(answer.topics.length, subscribed);
    }
    case 'subscribed':
      return topics.subscribed(quoted(answer.topic));
    case 'unsubscribed':
      return topics.unsubscribed(quoted(answer.topic));
    case 'noSuchTopic':
      return withSuggestion(topics.unknown(quoted(answer.topic)), answer.suggestion, (name) =>
        didYouMean(quoted(name)),
      );
    case 'needsName':
      return needsName(quoted(answer.command), quoted(exampleOf(answer.command)));
    default:
      return assertNever(answer);
  }
}

function muteSentence(answer: AnswerOf<MuteKind>, { texts, quoted, time }: Voice): string {
  const { mutes } = texts.answers;
  switch (answer.kind) {
    case 'muted':
      return answer.untilMs === null
        ? mutes.forGood(quoted(answer.name))
        : mutes.until(quoted(answer.name), time(answer.untilMs));
    case 'unmuted':
      return mutes.ended(quoted(answer.name));
    case 'wasNotMuted':
      return mutes.none(quoted(answer.name));
    case 'tooManyMutes':
      return texts.tooManyMutes(answer.max);
    default:
      return assertNever(answer);
  }
}

function timeSentence(answer: AnswerOf<TimeKind>, { texts, quoted, timeOfDay, hours }: Voice): string {
  const { quiet, digest, badTime } = texts.answers;
  switch (answer.kind) {
    case 'quietSet':
      return quiet.set(hours(answer.quietHours));
    case 'quietOff':
      return quiet.off;
    case 'digestSet':
      return digest.set(timeOfDay(answer.minute));
    case 'digestOff':
      return digest.off;
    case 'badTime':
      return badTime(quoted(HELP_COMMANDS[answer.command]));
    default:
      return assertNever(answer);
  }
}

function messageSentence(answer: AnswerOf<MessageKind>, voice: Voice): string {
  const { texts, quoted, named } = voice;
  const { why, nothingSent, inbox, notYours, tell } = texts.answers;
  switch (answer.kind) {
    case 'why':
      return `${why.from(quoted(answer.title), quoted(answer.source))} ${addressSentence(answer, voice)}`;
    case 'nothingSent':
      return nothingSent;
    case 'inbox': {
      const count = answer.things.length + answer.more;
      return count === 0 ? inbox.empty : texts.openThings(count);
    }
    case 'notYours':
      return notYours;
    case 'tellUsage':
      return tell.usage(named(PLACE_COMMANDS.tell));
    case 'tellLimit':
      return texts.tellLimit(answer.perHour);
    case 'tellResult':
      return tellSentences(answer, voice).join(' ');
    default:
      return assertNever(answer);
  }
}

/** To whom the message went of which one asks why. */
export function addressSentence({ addressedBy }: AnswerOf<'why'>, { texts, quoted, named }: Voice): string {
  const { to } = texts.answers.why;
  switch (addressedBy.kind) {
    case 'name':
    case 'everyone':
      return to[addressedBy.kind]('');
    case 'team':
    case 'topic':
      return to[addressedBy.kind](quoted(addressedBy.name));
    case 'mention':
      return to.mention(named(addressedBy.name));
    default:
      return assertNever(addressedBy);
  }
}

/** First who was told, then each who was not; nobody at all is told how it is done. */
export function tellSentences(answer: AnswerOf<'tellResult'>, { texts, named }: Voice): readonly string[] {
  const { reached, obstacles, usage } = texts.answers.tell;
  const names = answer.reached.map(named);
  const sentences = [
    ...(names.length > 0 ? [reached(texts.listed(names))] : []),
    ...answer.notReached.map(({ name, obstacle }) => obstacles[obstacle](named(name))),
  ];
  return sentences.length > 0 ? sentences : [usage(named(PLACE_COMMANDS.tell))];
}

function otherSentence(answer: AnswerOf<OtherKind>, voice: Voice): string {
  const { texts, quoted } = voice;
  const { answers } = texts;
  switch (answer.kind) {
    case 'settings':
      return settingsSentence(answer, voice);
    case 'stopped':
      return answers.stopped(quoted('start'));
    case 'started':
      return answers.started;
    case 'forgetConfirm':
      return answers.forget.question;
    case 'forgotten':
      return answers.forget.done;
    case 'notUnderstood':
      return withSuggestion(texts.help.notUnderstood, answer.suggestion, (name) => answers.didYouMean(quoted(name)));
    case 'tooLong':
      return texts.tooLong(answer.maxLength);
    case 'unknownPerson':
    case 'alreadyDone':
    case 'seeBelow':
      return answers[answer.kind];
    default:
      return askSentence(answer, voice);
  }
}

/** What matters most of all settings. */
function settingsSentence({ settings }: AnswerOf<'settings'>, voice: Voice): string {
  const { texts } = voice;
  const { quiet, digest, settings: words } = texts.answers;
  const { isOptedOut, quietHours, digestMinute } = settings;
  return [
    texts.labelled(words.messages, isOptedOut ? words.off : words.on),
    texts.labelled(quiet.title, quietHours ? voice.hours(quietHours) : words.off),
    texts.labelled(digest.title, digestMinute === null ? words.off : voice.timeOfDay(digestMinute)),
  ].join(' · ');
}

function withSuggestion(text: string, suggestion: string | undefined, ask: (name: string) => string): string {
  return suggestion === undefined ? text : `${text} ${ask(suggestion)}`;
}
