// The texts of Jira, as text: its own markup, or the document that newer parts of it send. Pure.

import { at, isObject, listAt, textAt } from '../payload.ts';
import { excerpt } from '../phrases.ts';

/** Texts are read no further than this. */
const MAX_READ = 4_000;
/** Parts of a document. */
const MAX_NODES = 500;

/** The beginning of a description or a comment. */
export function textOf(value: unknown): string | undefined {
  return excerpt(isObject(value) ? documentText(value) : withoutMarkup(textAt(value)));
}

/** What people read; not the signs that make it bold, coloured or a heading. */
function withoutMarkup(text: string | undefined): string | undefined {
  return text
    ?.slice(0, MAX_READ)
    .replace(/(?<!\{)\{(color|code|noformat|quote|panel)(:[^{}\n]*)?\}/g, '')
    .replace(/\{([*_+-])\}/g, '')
    .replace(/^h[1-6]\. /gm, '')
    .replace(/\[~accountid:[^\]\s]*\]/g, '@somebody')
    .replace(/\[~([^\]\s]*)\]/g, '@$1')
    .replace(/!([^!\s|]+\.(?:png|jpe?g|gif|svg|webp))(\|[^!\n]*)?!/gi, '(picture $1)')
    .replace(/\[([^[\]|\n]*)\|([^[\]|\n]*)(\|smart-link)?\]/g, (_, said: string, url: string) =>
      said === url ? url : `${said} (${url})`,
    );
}

/** The text of an Atlassian document, block by block. */
function documentText(root: unknown): string {
  const found: string[] = [];
  const waiting: unknown[] = [root];
  for (let read = 0; waiting.length > 0 && read < MAX_NODES; read += 1) {
    const node = waiting.pop();
    found.push(nodeText(node));
    waiting.push(...listAt(node, 'content').slice(0, MAX_NODES).toReversed());
  }
  return found.join('').slice(0, MAX_READ);
}

const BLOCKS: ReadonlySet<unknown> = new Set(['paragraph', 'heading', 'codeBlock', 'rule', 'hardBreak', 'blockCard']);

function nodeText(node: unknown): string {
  const said = at(node, 'text') ?? at(node, 'attrs', 'text') ?? at(node, 'attrs', 'url');
  return `${BLOCKS.has(at(node, 'type')) ? '\n' : ''}${typeof said === 'string' ? said : ''}`;
}
