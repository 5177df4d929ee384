// Which way a text runs, and how texts of both ways stand in one line.

const FIRST_STRONG = /[\p{L}\u061c\u200e\u200f]/u;

const RIGHT_TO_LEFT =
  /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\p{Script=Adlam}\u061c\u200f]/u;

/** A part of a line that keeps its order whatever stands around it: a name or a time in a line of another direction. */
export function isolate(text: string): string {
  return RIGHT_TO_LEFT.test(text) ? `\u2068${text}\u2069` : text;
}

/** Whether the first of these texts that has a letter at all begins with one of a script that runs from right to left. */
export function isRightToLeft(...texts: readonly string[]): boolean {
  const first = texts.map((text) => FIRST_STRONG.exec(text)?.[0]).find((letter) => letter !== undefined);
  return first !== undefined && RIGHT_TO_LEFT.test(first);
}
