// Links in the markdown of cards: where they lead, as any reader of markdown may find them.

import { isSafeLink } from './request-fields.ts';

/** `[label]: address`, at the start of a line and with nothing but a title behind it. */
const DEFINITIONS = /^[ \t]*\[(?:[^\][\\]|\\.){1,999}\]:[ \t]*(?:\n[ \t]*)?<?([^\s<>]+)>?[ \t]*(?=$|["'(])/gm;

/** `<scheme:address>` */
const AUTOLINKS = /<([a-z][a-z0-9+.-]*:[^\s<>]*)>/gi;

/**
 * Whether every link of the text leads to a plain https address. What might be a link to some reader of markdown counts
 * as one; a bracket behind a backslash is none.
 */
export function hasOnlyHttpsLinks(markdown: string): boolean {
  const marked = [...markdown.matchAll(DEFINITIONS), ...markdown.matchAll(AUTOLINKS)];
  return inlineAddresses(markdown).every(isSafeLink) && marked.every(([, address = '']) => isSafeLink(address));
}

/** What stands behind each `](`; an address in which there is another one is cut there, and is none. */
function inlineAddresses(markdown: string): readonly string[] {
  const [before = '', ...parts] = markdown.split('](');
  let label = before;
  return parts.flatMap((part, index) => {
    const isLink = !/(?<!\\)(?:\\\\)*\\$/.test(label.slice(-MAX_BACKSLASHES));
    const address = addressAtStart(part);
    label = part;
    const isCut = address.length === part.length && index < parts.length - 1;
    return isLink ? [isCut ? '' : address] : [];
  });
}

/** More of them before a bracket than this leave it open whether it counts: then it does. */
const MAX_BACKSLASHES = 64;

/** Up to the bracket that closes the link, or to a blank. */
function addressAtStart(text: string): string {
  const inAngles = /^\s*<([^<>\n]*)/.exec(text)?.[1];
  if (inAngles !== undefined) {
    return inAngles;
  }
  const word = /^\s*(\S*)/.exec(text)?.[1] ?? '';
  let depth = 0;
  for (let at = 0; at < word.length; at++) {
    const character = word.charAt(at);
    depth += Number(character === '(') - Number(character === ')');
    if (depth < 0) {
      return word.slice(0, at);
    }
  }
  return word;
}
