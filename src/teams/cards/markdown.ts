// A producer's markdown as elements of a card: what cards know of it, and the characters themselves for all else.

import type { Tokens } from 'marked';
import { cut, toMarkdown } from '../../domain/literal.ts';
import { type CardElement, textBlock } from './card-activity.ts';
import { type Run, writeLine } from './markdown-line.ts';
import { literalRun, readLines, UNSTYLED } from './markdown-runs.ts';
import { type CardToken, inner, readMarkdown } from './markdown-tokens.ts';

/** A paragraph of a card. */
interface Line {
  readonly kind: 'text' | 'bullet' | 'number' | 'code';
  readonly markdown: string;
}

/** Cards know one level of lists; what is deeper is set in by so much. */
const INDENT = '\u00a0'.repeat(4);

/**
 * Text blocks, and blocks of code between them. Links lead to plain https addresses only and show their host; nothing
 * becomes a mention, an image or HTML.
 */
export function toMarkdownBlocks(source: string): readonly CardElement[] {
  const tokens = readMarkdown(source);
  const lines = tokens ? linesOf(tokens, 0) : [{ kind: 'text' as const, markdown: toMarkdown(source) }];
  const blocks: Line[][] = [];
  for (const line of lines.filter(({ markdown }) => markdown.trim() !== '')) {
    const last = blocks.at(-1);
    last && line.kind !== 'code' && last[0]?.kind !== 'code' ? last.push(line) : blocks.push([line]);
  }
  return blocks.map(toBlock);
}

/**
 * A beginning of a markdown text, at most `maxUnits` long. It never ends inside an address: what is left of
 * `https://bank.example.org` could be the address of somebody else.
 */
export function cutMarkdown(source: string, maxUnits: number): string {
  const head = cut(source, maxUnits);
  const isWhole = head.length === source.length || isBlank(source.charAt(head.length));
  let wordAt = head.length;
  while (!isWhole && wordAt > 0 && !isBlank(head.charAt(wordAt - 1))) {
    wordAt--;
  }
  return /:|www/i.test(head.slice(wordAt)) ? head.slice(0, wordAt) : head;
}

function isBlank(character: string): boolean {
  return character.trim() === '';
}

function toBlock(lines: readonly Line[]): CardElement {
  const [first] = lines;
  if (first?.kind === 'code') {
    const code = textBlock(first.markdown, { fontType: 'Monospace' });
    return { type: 'Container', style: 'emphasis', items: [code] };
  }
  const text = lines.map(({ kind, markdown }, at) => {
    // Items of one list stand together; everything else is a paragraph.
    const isNextItem = kind !== 'text' && lines[at - 1]?.kind === kind;
    return `${at === 0 ? '' : isNextItem ? '\n' : '\n\n'}${markdown}`;
  });
  return textBlock(text.join(''));
}

/** @param depth how many lists are around it */
function linesOf(tokens: readonly CardToken[], depth: number): readonly Line[] {
  return tokens.flatMap((token): readonly Line[] => {
    switch (token.type) {
      case 'space':
      case 'checkbox':
        return [];
      case 'heading':
        return textLines(readLines(inner(token.tokens), { ...UNSTYLED, isBold: true }), depth);
      case 'paragraph':
        return textLines(readLines(inner(token.tokens)), depth);
      case 'text':
        return textLines(readLines([token]), depth);
      case 'code':
        return [{ kind: 'code', markdown: toMarkdown(token.text) }];
      case 'list':
        return token.items.flatMap((item, at) =>
          itemLines(item, { depth, ...(token.ordered && { number: Number(token.start) + at }) }),
        );
      default:
        return textLines([[literalRun(token.raw)]], depth);
    }
  });
}

function textLines(lines: readonly (readonly Run[])[], depth: number): readonly Line[] {
  return lines.map((runs) => ({ kind: 'text', markdown: setIn(writeLine(runs), depth) }));
}

interface ItemPlace {
  readonly depth: number;
  /** Of a numbered list. */
  readonly number?: number;
}

/** The item on one line, and below it whatever else it holds. */
function itemLines(item: Tokens.ListItem, { depth, number }: ItemPlace): readonly Line[] {
  const [first, ...others] = inner(item.tokens).filter(({ type }) => type !== 'checkbox');
  const isText = first?.type === 'text' || first?.type === 'paragraph';
  const box = item.task ? [literalRun(item.checked ? '[x] ' : '[ ] ')] : [];
  const markdown = writeLine([...box, ...(isText ? readLines([first]).flatMap(spaced) : [])]);
  const rest = linesOf(isText || !first ? others : [first, ...others], depth + 1);
  return markdown === '' ? rest : [toItem(markdown, { depth, ...(number !== undefined && { number }) }), ...rest];
}

function toItem(markdown: string, { depth, number }: ItemPlace): Line {
  if (depth > 0) {
    return { kind: 'text', markdown: setIn(`${number === undefined ? '◦' : `${number}\\.`} ${markdown}`, depth) };
  }
  return number === undefined
    ? { kind: 'bullet', markdown: `- ${markdown}` }
    : { kind: 'number', markdown: `${number}. ${markdown}` };
}

/** A line break inside an item would end it. */
function spaced(line: readonly Run[], at: number): readonly Run[] {
  return at === 0 ? line : [literalRun(' '), ...line];
}

function setIn(markdown: string, depth: number): string {
  return markdown === '' ? '' : `${INDENT.repeat(depth)}${markdown}`;
}
