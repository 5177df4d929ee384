// Which way a text runs, and how texts of both ways stand in one line.

const FIRST_STRONG = /[\p{L}\u061c\u200e\u200f]/u;

const RIGHT_TO_LEFT =
  /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\p{Script=Adlam}\u061c\u200f]/u;

/** What runs from right to left, or not. */
interface Directed {
  readonly isRightToLeft: boolean;
}

/**
 * A part of a line that keeps its order whatever stands around it: a name or a time in a line of another direction.
 *
 * @param line whose order is kept from the part; in one from right to left every part may have other letters, or the
 * brackets and digits that would change places
 */
export function isolate(text: string, line: Directed): string {
  return line.isRightToLeft || RIGHT_TO_LEFT.test(text) ? `\u2068${text}\u2069` : text;
}

/** A whole line on a card of another direction: its words keep their order, and it begins where the card's lines do. */
export function isolateLine(text: string, line: Directed, card: Directed): string {
  return line.isRightToLeft === card.isRightToLeft ? text : `${line.isRightToLeft ? '\u2067' : '\u2066'}${text}\u2069`;
}

/**
 * How a card runs: as the first of its contents that has a letter at all begins, and as its own texts do where there is
 * none. The contents come first because they are what is read, and most of the card: an English sentence that runs from
 * right to left has its full stop at the wrong end and its brackets the wrong way round. The own texts of an Arabic
 * reader are short lines, which stay right on a card from left to right when each is kept apart.
 */
export function directionOf(contents: readonly string[], texts: Directed): Directed {
  const first = contents.map((text) => FIRST_STRONG.exec(text)?.[0]).find((letter) => letter !== undefined);
  return first === undefined ? texts : { isRightToLeft: RIGHT_TO_LEFT.test(first) };
}

/**
 * The property `rtl` of a card. Without it a card runs as the reader's Teams does, which for an Arabic reader is from
 * right to left, so that the other way has to be said as well.
 */
export function rtlOf(card: Directed, texts: Directed): boolean | undefined {
  return card.isRightToLeft || texts.isRightToLeft ? card.isRightToLeft : undefined;
}
