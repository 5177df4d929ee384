// One line with bold, italic and links, written as the markdown that cards know.

import { escapeLineStart, escapeMarkup } from '../../domain/literal.ts';

/** A piece of a line in one style. */
export interface Run {
  /** What it reads: visible characters, on one line. */
  readonly text: string;
  readonly isBold: boolean;
  readonly isItalic: boolean;
  /** Where it leads, if it was found to be safe. */
  readonly url?: string;
}

/** Beside these a mark is read as one, whatever stands on its other side. */
const EDGE = /[\s!-/:-@[-`{-~]/;
const WORD_START = /^[\p{L}\p{N}]/u;
const WORD_END = /[\p{L}\p{N}]$/u;

/** The markdown of a line. Nothing in the texts of its runs is markup; a style that could not be read as one is left out. */
export function writeLine(runs: readonly Run[]): string {
  const bold = keepReadable(runs.flatMap(withoutBlankEdges), 'isBold');
  const pieces = keepReadable(bold, 'isItalic');
  let line = '';
  for (const [at, piece] of pieces.entries()) {
    const [before, after] = [pieces[at - 1], pieces[at + 1]];
    const isContinued = (other: Run | undefined) => other?.isItalic === true && other.isBold === piece.isBold;
    line += piece.isBold && !before?.isBold ? '**' : '';
    line += piece.isItalic && !isContinued(before) ? '_' : '';
    line = piece.url === undefined ? line + escapeMarkup(piece.text) : withLink(line, piece.text, piece.url);
    line += piece.isItalic && !isContinued(after) ? '_' : '';
    line += piece.isBold && !after?.isBold ? '**' : '';
  }
  return escapeLineStart(line.trim().replace(/\{(?=\{)/g, '{\\'));
}

/** Marks stand beside what they mark, never beside a blank. */
function withoutBlankEdges(run: Run): readonly Run[] {
  const text = run.text.trim();
  const plain = { isBold: false, isItalic: false };
  const start = run.text.slice(0, run.text.length - run.text.trimStart().length);
  const end = text === '' ? '' : run.text.slice(run.text.trimEnd().length);
  return [
    { ...plain, text: start },
    { ...run, text },
    { ...plain, text: end },
  ].filter((one) => one.text !== '');
}

/** Takes a style from those runs in a row whose marks would stand inside a word, where they may be read as characters. */
function keepReadable(runs: readonly Run[], style: 'isBold' | 'isItalic'): readonly Run[] {
  return groupsOf(runs, style).flatMap(({ group, before, after }) =>
    group[0]?.[style] && !isReadable(group, style, { before, after })
      ? group.map((run) => ({ ...run, [style]: false }))
      : group,
  );
}

interface Neighbours {
  readonly before: Run | undefined;
  readonly after: Run | undefined;
}

interface Group extends Neighbours {
  readonly group: readonly Run[];
}

/** Runs in a row that are alike in this style; italic never reaches over the end of bold. */
function groupsOf(runs: readonly Run[], style: 'isBold' | 'isItalic'): readonly Group[] {
  const groups: Run[][] = [];
  for (const run of runs) {
    const last = groups.at(-1);
    const isSame = last?.[0]?.[style] === run[style] && (style === 'isBold' || last?.[0]?.isBold === run.isBold);
    isSame ? last?.push(run) : groups.push([run]);
  }
  return groups.map((group, at) => ({ group, before: groups[at - 1]?.at(-1), after: groups[at + 1]?.[0] }));
}

function isReadable(group: readonly Run[], style: 'isBold' | 'isItalic', { before, after }: Neighbours): boolean {
  // An underscore inside a word is a character; two asterisks are a mark there if they touch letters on both sides.
  const isWord = (run: Run | undefined, edge: RegExp) =>
    style === 'isBold' && run !== undefined && !run.isItalic && run.url === undefined && edge.test(run.text);
  const opens = before === undefined || before.url !== undefined || EDGE.test(before.text.slice(-1));
  const closes = after === undefined || after.url !== undefined || EDGE.test(after.text.slice(0, 1));
  return (opens || isWord(group[0], WORD_START)) && (closes || isWord(group.at(-1), WORD_END));
}

/** An exclamation mark before a link would make it an image. */
function withLink(line: string, label: string, url: string): string {
  return `${line.replace(/!$/, '\\!')}[${escapeMarkup(label)}](${toDestination(url)})`;
}

/** An address without what would end it, be markup, or be read as an entity. */
function toDestination(url: string): string {
  return url
    .replace(/[()[\]{}*`<>|]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
    .replace(/(&#?\w+);/g, '$1%3B');
}
