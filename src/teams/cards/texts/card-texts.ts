// What a card and the bot say of themselves: the places that every language fills.

import type { LifecycleState } from '../../../domain/lifecycle.ts';
import type { Severity } from '../../../domain/notification.ts';
import type { AnswerTexts, CountedAnswers } from './answer-texts.ts';
import type { CountedAsks } from './ask-texts.ts';

/** Texts in which nothing is counted. They are markdown of cards; what is put into them has been escaped before. */
interface FixedTexts {
  /** Whether the language is written from right to left. */
  readonly isRightToLeft: boolean;
  readonly severities: Readonly<Record<Severity, string>>;
  readonly states: Readonly<Record<LifecycleState, string>>;
  /** A word, and what it is said of. */
  labelled(label: string, text: string): string;
  source(name: string): string;
  /** In the place of a message that a newer one has taken. */
  readonly replaced: string;
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
  /** Said when a button is pressed that this version does not know. */
  readonly retiredButton: string;
  readonly answers: AnswerTexts;
}

/** Texts with a number in them. */
interface CountedTexts extends CountedAnswers {
  /** How often a thing was said to be open; `isAtLeast` when there was more of which nobody knows any longer what it was. */
  reported(count: number, isAtLeast: boolean, since: string): string;
  /** Beside an entry that stands for several. */
  times(count: number): string;
  /** What was said before what is shown. */
  earlier(count: number): string;
  moreCharacters(count: number): string;
  moreFacts(count: number): string;
  moreLinks(count: number): string;
  moreImages(count: number): string;
  /** Links that are not shown because their addresses cannot be trusted. */
  unsafeLinks(count: number): string;
}

/** The texts for one reader. */
export interface CardTexts extends FixedTexts, CountedTexts, CountedAsks, Pick<Counting, 'number'> {
  /** Several in one sentence: A, B and C. */
  listed(items: readonly string[]): string;
}

/** How one reader counts. */
export interface Counting {
  /** In the reader's own digits, whole or not. */
  number(value: number): string;
  /** A part of a whole, in hundredths. */
  percent(part: number, whole: number): string;
  /** The form that goes with a count. */
  plural(count: number, forms: PluralForms): string;
}

/** Forms of a phrase; `other` is also for what a language has and these do not. */
export type PluralForms = Readonly<Partial<Record<Intl.LDMLPluralRule, string>> & { other: string }>;

/** All texts of one language. */
export interface Catalogue extends FixedTexts {
  counted(counting: Counting): CountedTexts;
  countAsks(counting: Counting): CountedAsks;
}
