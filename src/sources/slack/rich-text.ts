// Slack's rich text, as markdown. Pure.

import { at, listAt, textAt } from '../payload.ts';
import { withEmoji } from './emoji.ts';
import { linkMarkdown, literalMarkdown } from './mrkdwn.ts';

/** Sections, lists, quotes and code, each below the other. */
export function richTextMarkdown(elements: readonly unknown[]): string | undefined {
  return textAt(elements.map(blockOf).join('\n'));
}

function blockOf(element: unknown): string {
  const parts = listAt(element, 'elements');
  switch (textAt(element, 'type')) {
    case 'rich_text_list':
      return `${parts.map((item, index) => listItem(element, item, index)).join('\n')}\n`;
    case 'rich_text_preformatted':
      return `\n\`\`\`\n${parts.map(plainOf).join('').replaceAll('```', "'''")}\n\`\`\`\n`;
    case 'rich_text_quote':
      return `_${parts.map(plainOf).map(literalMarkdown).join('').trim()}_\n`;
    default:
      return parts.map(inlineOf).join('');
  }
}

const MAX_INDENT = 4;

function listItem(list: unknown, item: unknown, index: number): string {
  const indent = '  '.repeat(Math.min(Number(at(list, 'indent')) || 0, MAX_INDENT));
  const mark = textAt(list, 'style') === 'ordered' ? `${index + 1}.` : '-';
  return `${indent}${mark} ${listAt(item, 'elements').map(inlineOf).join('').replace(/\n/g, ' ')}`;
}

/** A run of text; what is struck through keeps the marks of it. */
function inlineOf(run: unknown): string {
  const url = textAt(run, 'url');
  if (textAt(run, 'type') === 'link' && url !== undefined) {
    return linkMarkdown(textAt(run, 'text') ?? '', url);
  }
  const plain = plainOf(run);
  const text = literalMarkdown(at(run, 'style', 'strike') === true ? `~${plain}~` : plain);
  const inner = text.trim();
  const start = text.length - text.trimStart().length;
  const bold = at(run, 'style', 'bold') === true ? '**' : '';
  const italic = at(run, 'style', 'italic') === true ? '_' : '';
  return inner === ''
    ? text
    : `${text.slice(0, start)}${bold}${italic}${inner}${italic}${bold}${text.slice(start + inner.length)}`;
}

/** What it reads. */
function plainOf(run: unknown): string {
  const raw = at(run, 'text');
  switch (textAt(run, 'type')) {
    case 'emoji':
      return withEmoji(`:${textAt(run, 'name') ?? ''}:`);
    case 'user':
      return `@${textAt(run, 'user_id') ?? ''}`;
    case 'usergroup':
      return `@${textAt(run, 'usergroup_id') ?? ''}`;
    case 'channel':
      return `#${textAt(run, 'channel_id') ?? ''}`;
    case 'broadcast':
      return `@${textAt(run, 'range') ?? ''}`;
    case 'date':
      return textAt(run, 'fallback') ?? '';
    case 'link':
      return textAt(run, 'text') ?? textAt(run, 'url') ?? '';
    default:
      return typeof raw === 'string' ? raw : '';
  }
}
