// Slack's mrkdwn, as the markdown of a card or as plain text. Pure, and linear.

import { escapeMarkup, toVisible } from '../../domain/literal.ts';
import { isSafeLink } from '../../domain/request-fields.ts';
import { withEmoji } from './emoji.ts';

/** What stands in angle brackets, and code, are put aside while the rest is read: these are the places of them. */
const ASIDE = { start: '\ue000', end: '\ue001' };
const MARKS = { bold: '\ue002', italic: '\ue003' };
/** A sender has no business with any of them. */
const PRIVATE = /[\ue000-\ue003]/g;

const CODE_BLOCK = /```([^`]*(?:`{1,2}[^`]+)*)```/g;
const CODE = /`([^`\n]+)`/g;
const REFERENCE = /<([^<>\n]{1,4096})>/g;
const BOLD = /(?<![\p{L}\p{N}*\\])\*(?=\S)([^*\n]+)(?<=\S)\*(?![\p{L}\p{N}*])/gu;
const ITALIC = /(?<![\p{L}\p{N}_\\])_(?=\S)([^_\n]+)(?<=\S)_(?![\p{L}\p{N}_])/gu;

/**
 * Bold, italic, code and links to https; a link elsewhere shows its address, a mention who it was of. What is markup
 * only to others than Slack stays the characters that it is.
 */
export function mrkdwnToMarkdown(mrkdwn: string): string {
  const aside: string[] = [];
  const putAside = (markdown: string) => `${ASIDE.start}${aside.push(markdown) - 1}${ASIDE.end}`;
  const marked = toVisible(mrkdwn.replace(PRIVATE, ''))
    .replace(CODE_BLOCK, (_whole, code: string) => putAside(codeBlock(decode(code))))
    .replace(CODE, (_whole, code: string) => putAside(escapeMarkup(`\`${decode(code)}\``)))
    .replace(REFERENCE, (_whole, inner: string) => putAside(referenceMarkdown(inner)))
    .replace(BOLD, `${MARKS.bold}$1${MARKS.bold}`)
    .replace(ITALIC, `${MARKS.italic}$1${MARKS.italic}`);
  return withoutBlocks(escapeMarkup(withEmoji(decode(marked))))
    .replaceAll(MARKS.bold, '**')
    .replaceAll(MARKS.italic, '_')
    .replace(/\ue000(\d+)\ue001/g, (_place, at: string) => aside[Number(at)] ?? '')
    .trim();
}

/** What it reads, without marks. */
export function mrkdwnToText(mrkdwn: string): string {
  const plain = toVisible(mrkdwn.replace(PRIVATE, ''))
    .replace(/```/g, '')
    .replace(CODE, '$1')
    .replace(REFERENCE, (_whole, inner: string) => readReference(inner).text)
    .replace(BOLD, '$1')
    .replace(ITALIC, '$1');
  return withEmoji(decode(plain)).trim();
}

/** The links in it, as buttons. */
export function linksOfMrkdwn(mrkdwn: string): readonly { readonly title: string; readonly url: string }[] {
  return [...mrkdwn.matchAll(REFERENCE)].flatMap(([, inner = '']) => {
    const { text, url } = readReference(inner);
    return url === undefined ? [] : [{ title: decode(text), url }];
  });
}

/** Text that is no markup at all, for beside what is. */
export function literalMarkdown(text: string): string {
  return withoutBlocks(escapeMarkup(toVisible(text)));
}

/** A link in markdown, or its address where it may not be followed. */
export function linkMarkdown(label: string, url: string): string {
  const address = url.replace(/[()\s<>]/g, (character) =>
    encodeURIComponent(character).replace('(', '%28').replace(')', '%29'),
  );
  const text = escapeMarkup(label.trim() === '' ? url : label.trim());
  if (isSafeLink(url)) {
    return `[${text}](${address})`;
  }
  return label.trim() === '' || label.trim() === url ? escapeMarkup(url) : `${text} (${escapeMarkup(url)})`;
}

interface Reference {
  /** Still with Slack's escapes. */
  readonly text: string;
  readonly url?: string;
}

/** `https://...|label`, `@U123`, `#C123|general`, `!here`, `!date^...|fallback`. */
function readReference(inner: string): Reference {
  const [target = '', ...rest] = inner.split('|');
  const label = rest.join('|').trim();
  if (/^[@#]/.test(target)) {
    return { text: label === '' ? target : `${target.charAt(0)}${label.replace(/^[@#]/, '')}` };
  }
  if (target.startsWith('!')) {
    const word = target.slice(1).split('^', 1)[0] ?? '';
    return { text: /^(here|channel|everyone)$/.test(word) ? `@${word}` : label || target.slice(1) };
  }
  if (/^mailto:|^tel:/i.test(target)) {
    return { text: label || target.replace(/^[a-z]+:/i, '') };
  }
  return /^[a-z][a-z0-9+.-]*:/i.test(target) ? { text: label || target, url: decode(target) } : { text: inner };
}

function referenceMarkdown(inner: string): string {
  const { text, url } = readReference(inner);
  const label = withEmoji(decode(text));
  return url === undefined ? escapeMarkup(label) : linkMarkdown(label, url);
}

function codeBlock(code: string): string {
  return `\n\`\`\`\n${code.replace(/^\n|\n$/g, '').replaceAll('```', "'''")}\n\`\`\`\n`;
}

/** Slack escapes these three and no others. */
function decode(text: string): string {
  return text.replace(/&(lt|gt|amp);/g, (_whole, name: string) => (name === 'lt' ? '<' : name === 'gt' ? '>' : '&'));
}

/** Lines that would begin a block of code, or make a heading of the line before, do not. */
function withoutBlocks(text: string): string {
  return text
    .replace(/^[ \t]{4,}/gm, (indent) => '\u00a0'.repeat(Math.min(indent.length, 16)))
    .replace(/^[ \t]*(?=[-=+]{2,}[ \t]*$)/gm, '$&\\');
}
