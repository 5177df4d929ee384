// Reads the markdown of a producer: only what a card can show is read as markup, and no text takes long.

import { Lexer, type MarkedToken, type Token, Tokenizer } from 'marked';

/** Deeper than this, lists and emphasis stay the characters they are made of. */
const MAX_DEPTH = 4;

/**
 * Looking for the end of an emphasis reads the rest of its paragraph. So much is read in all, in UTF-16 units: fifty
 * emphases in each of thirty paragraphs of five hundred units, and some 40 ms where nothing but marks is read.
 */
const MAX_READ = 400_000;

/** A text with more marks than this is none that somebody has written; the lexer takes the square of them. */
const MAX_MARKS = 4_000;
const MARKS = /[*_`[\]\\<>|~!]/g;

/** What Bellhop's own writer of markdown has to know. */
export type CardToken = MarkedToken;

/** @returns undefined for a text that is not worth reading as markdown */
export function readMarkdown(text: string): readonly CardToken[] | undefined {
  if ((text.match(MARKS)?.length ?? 0) > MAX_MARKS) {
    return undefined;
  }
  return inner(new Lexer({ gfm: true, breaks: true, tokenizer: new CardTokenizer() }).lex(text));
}

/** The tokens inside a token; no extension is installed that could add others. */
export function inner(tokens: readonly Token[] | undefined): readonly CardToken[] {
  return (tokens ?? []) as readonly CardToken[];
}

/** What it does not know is text. Definitions of links would vanish, and everything else has no place on a card. */
class CardTokenizer extends Tokenizer {
  #emphasisDepth = 0;
  #listDepth = 0;
  #unread = MAX_READ;

  override blockquote(): undefined {}
  override def(): undefined {}
  override del(): undefined {}
  override html(): undefined {}
  override reflink(): undefined {}
  override table(): undefined {}
  override tag(): undefined {}

  override emStrong(text: string, masked: string, before?: string) {
    this.#unread -= masked.length;
    if (this.#emphasisDepth >= MAX_DEPTH || this.#unread < 0) {
      return undefined;
    }
    this.#emphasisDepth++;
    const emphasis = super.emStrong(text, masked, before);
    this.#emphasisDepth--;
    return emphasis;
  }

  override list(text: string) {
    if (this.#listDepth >= MAX_DEPTH) {
      return undefined;
    }
    this.#listDepth++;
    const list = super.list(text);
    this.#listDepth--;
    return list;
  }
}
