// Every sentence that a card says of itself, in one place per language.

import type { LifecycleState } from '../../domain/lifecycle.ts';
import type { Severity } from '../../domain/notification.ts';

/** The texts of one language. */
export interface CardTexts {
  readonly severities: Readonly<Record<Severity, string>>;
  readonly states: Readonly<Record<LifecycleState, string>>;
  source(name: string): string;
  /** How often a thing was said to be open; `isAtLeast` when there was more of which nobody knows any longer what it was. */
  reported(count: number, isAtLeast: boolean, since: string): string;
  /** Beside an entry that stands for several. */
  times(count: number): string;
  /** What was said before what is shown. */
  earlier(count: number): string;
  /** In the place of a message that a newer one has taken. */
  readonly replaced: string;
  moreCharacters(count: number): string;
  moreFacts(count: number): string;
  moreLinks(count: number): string;
  moreImages(count: number): string;
  /** Links that are not shown because their addresses cannot be trusted. */
  unsafeLinks(count: number): string;
  readonly welcome: {
    readonly greeting: string;
    readonly lines: readonly string[];
  };
  readonly help: {
    readonly notUnderstood: string;
    readonly title: string;
    readonly lines: readonly string[];
  };
  /** On the button that asks for help. */
  readonly helpButton: string;
}

const HOW_TO_STOP = 'To stop these messages, remove or block this app in Teams.';

const ENGLISH: CardTexts = {
  severities: {
    info: 'Information',
    success: 'Success',
    warning: 'Warning',
    error: 'Error',
    critical: 'Critical',
  },
  states: { open: 'Open', acknowledged: 'Acknowledged', resolved: 'Resolved' },
  source: (name) => `From ${name}`,
  reported: (count, isAtLeast, since) => `Reported ${isAtLeast ? 'at least ' : ''}${count} times since ${since}`,
  times: (count) => `×\u00a0${count}`,
  earlier: (count) => `… ${count} earlier`,
  replaced: 'A newer message about this has taken the place of this one.',
  moreCharacters: (count) => `… ${count} more ${count === 1 ? 'character' : 'characters'}`,
  moreFacts: (count) => `… ${count} more ${count === 1 ? 'fact' : 'facts'}`,
  moreLinks: (count) => `… ${count} more ${count === 1 ? 'link' : 'links'}`,
  moreImages: (count) => `… ${count} more ${count === 1 ? 'image' : 'images'}`,
  unsafeLinks: (count) => `${count === 1 ? 'A link was' : `${count} links were`} left out: not a plain https address`,
  welcome: {
    greeting: 'Hello! Good to be here.',
    lines: [
      "I bring you messages from your organization's own systems, such as builds, alerts and tickets.",
      'You get them because this app was installed for you, by you or by an administrator. There is nothing to set up.',
      'Write help whenever you want to know more.',
      HOW_TO_STOP,
    ],
  },
  help: {
    notUnderstood: 'Sorry, I did not understand that. I bring messages, and understand little else.',
    title: 'What I can do',
    lines: [
      "I post messages from your organization's own systems here. Each one says which system sent it.",
      'Buttons under a message open the page that it is about.',
      'Write help to see this again.',
      HOW_TO_STOP,
    ],
  },
  helpButton: 'Help',
};

/**
 * The texts in the reader's language; English where there is no translation.
 *
 * @param _locale BCP 47, as Teams reports it
 */
export function textsFor(_locale: string | undefined): CardTexts {
  return ENGLISH;
}
