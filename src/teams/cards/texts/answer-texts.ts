// What the bot says to what people write and press: the places that every language fills.

import type { AddressedBy, TellObstacle } from '../../../domain/bot-answer.ts';
import type { DigestContent } from '../../../domain/notification.ts';
import type { HelpCommand } from '../commands.ts';
import type { AskTexts, DialogTexts, PollTexts } from './ask-texts.ts';

/** A text about something that has a name. */
type Named = (name: string) => string;

/**
 * Texts in which nothing is counted. They are read as plain text and as markdown of cards; what is put into them has been
 * made literal before, and names and what is to be written stand in the quotation marks of `quoted`.
 */
export interface AnswerTexts {
  readonly quoted: Named;
  readonly topics: {
    readonly title: string;
    readonly none: string;
    /** On buttons. */
    readonly subscribe: string;
    readonly unsubscribe: string;
    readonly subscribed: Named;
    readonly unsubscribed: Named;
    readonly unknown: Named;
  };
  readonly didYouMean: Named;
  /** @param example a whole command */
  needsName(command: string, example: string): string;
  readonly mutes: {
    until(name: string, time: string): string;
    readonly forGood: Named;
    readonly ended: Named;
    readonly none: Named;
    /** On a button. */
    readonly unmute: string;
  };
  readonly quiet: {
    readonly title: string;
    readonly set: Named;
    /** Of the hours themselves, when weekends are quiet as well. */
    readonly withWeekends: Named;
    readonly off: string;
    readonly urgent: string;
    /** On a message that was sent all the same. */
    readonly passed: string;
  };
  /** On a message that came because nobody else had answered it. */
  readonly escalated: string;
  readonly digest: {
    readonly title: string;
    readonly set: Named;
    readonly off: string;
    readonly headings: Readonly<Record<DigestContent['because'], string>>;
    readonly reasons: Readonly<Record<DigestContent['because'], string>>;
  };
  /** @param example a whole command */
  readonly badTime: Named;
  readonly zone: { readonly title: string; readonly known: Named; readonly unknown: Named };
  readonly settings: {
    readonly title: string;
    readonly messages: string;
    readonly on: string;
    readonly off: string;
    readonly muted: string;
    readonly nothing: string;
    readonly until: Named;
    readonly always: string;
    /** On buttons. */
    readonly turnOff: string;
    readonly turnOn: string;
    readonly stop: string;
    readonly start: string;
  };
  /** @param command what has to be written to undo it */
  readonly stopped: Named;
  readonly started: string;
  readonly why: {
    readonly title: string;
    from(title: string, source: string): string;
    readonly to: Readonly<Record<AddressedBy['kind'], Named>>;
    readonly howToStop: Named;
  };
  readonly nothingSent: string;
  readonly inbox: { readonly title: string; readonly empty: string; readonly since: Named };
  readonly forget: {
    readonly question: string;
    readonly meaning: string;
    readonly button: string;
    readonly done: string;
  };
  readonly unknownPerson: string;
  readonly notYours: string;
  readonly alreadyDone: string;
  readonly seeBelow: string;
  readonly tell: {
    /** @param example a whole message */
    readonly usage: Named;
    readonly reached: Named;
    readonly obstacles: Readonly<Record<TellObstacle, Named>>;
  };
  /** What somebody had the bot tell. */
  readonly told: { readonly from: Named; readonly place: Named; readonly note: string };
  /** The menu of a message. */
  readonly menu: {
    /** Read aloud in place of the dots that open it. */
    readonly title: string;
    readonly why: string;
    readonly muteThis: string;
    readonly muteSource: Named;
    readonly muteSourceForAnHour: Named;
  };
  /** The post in a team or group chat that the bot was added to. */
  readonly place: {
    readonly lines: readonly string[];
    readonly tell: string;
    readonly poll: string;
    readonly help: string;
  };
  /** What each command does, in a few words. */
  readonly commands: Readonly<Record<HelpCommand, string>>;
  readonly asks: AskTexts;
  readonly polls: PollTexts;
  readonly dialogs: DialogTexts;
}

/** Answers with a number in them. */
export interface CountedAnswers {
  /** How many rows of a list are not shown. */
  more(count: number): string;
  messages(count: number): string;
  topicsCount(count: number, subscribed: number): string;
  openThings(count: number): string;
  tooManyMutes(max: number): string;
  tooLong(maxLength: number): string;
  tellLimit(perHour: number): string;
}
