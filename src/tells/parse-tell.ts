// What is to be told, and to whom: read from a message such as `tell @Ben the build is broken`. Pure.

import type { HeardMention } from '../domain/inbound-event.ts';
import { clip, toVisible } from '../domain/literal.ts';
import { withoutMentionTags } from '../domain/mention-tags.ts';

/** UTF-16 units. */
export const MAX_TELL_LENGTH = 2_000;
/** What is longer than this with its mentions is not even looked at. */
const MAX_RAW_LENGTH = 3 * MAX_TELL_LENGTH;
const MAX_NAME_LENGTH = 100;

/** Somebody who is to be told. */
export interface Addressee {
  /** `29:...`, or the Entra object id. */
  readonly id: string;
  /** One line of plain text. */
  readonly name: string;
}

/** `usage`: it does not say to whom, or not what. */
export type ParsedTell =
  | { readonly kind: 'tell'; readonly people: readonly Addressee[]; readonly text: string }
  | { readonly kind: 'usage' }
  | { readonly kind: 'tooLong' };

/** The words of the six languages, and what may stand between them and the first name. */
const START = /^\s*(?:tell|sage?|d[ií](?:le|les)?|dis|伝えて|[أا]خبر)(?![\p{L}\p{N}_'’])(?:\s+[aà](?=[\s<]))?[\s:]*/iu;
/** Between two names. */
const BETWEEN = /(?:[\s,;&،、]|(?<![\p{L}\p{N}])(?:and|und|et|y|と|و)(?![\p{L}\p{N}]))*/iuy;
/** Between the last name and the text. */
const BEFORE_TEXT = /^[\s:,،、：]+/u;

/** Whether a message asks to tell somebody something. */
export function startsAsTell(text: string): boolean {
  return START.test(text);
}

/** @param mentions in the order of the text */
export function parseTell(text: string, mentions: readonly HeardMention[]): ParsedTell {
  if (text.length > MAX_RAW_LENGTH) {
    return { kind: 'tooLong' };
  }
  const { people, end } = readPeople(text, mentions);
  const said = withoutMentionTags(toVisible(text.slice(end)))
    .replace(BEFORE_TEXT, '')
    .trim();
  if (people.length === 0 || said === '') {
    return { kind: 'usage' };
  }
  return said.length > MAX_TELL_LENGTH ? { kind: 'tooLong' } : { kind: 'tell', people, text: said };
}

/** A name, or a text around one, as one line of plain text. */
export function toPlainName(text: string): string {
  return clip(withoutMentionTags(toVisible(text)).replace(/\s+/g, ' ').trim(), MAX_NAME_LENGTH);
}

interface ReadPeople {
  /** Each once. */
  readonly people: readonly Addressee[];
  /** Where the text begins. */
  readonly end: number;
}

function readPeople(text: string, mentions: readonly HeardMention[]): ReadPeople {
  const people = new Map<string, Addressee>();
  const unread = [...mentions];
  let end = START.exec(text)?.[0].length ?? 0;
  for (let at = end; ; at = skip(BETWEEN, text, end)) {
    const fits = (mention: HeardMention) => mention.text !== '' && text.startsWith(mention.text, at);
    // Two people of one name are written alike: the next that was not read is meant.
    const index = unread.findIndex(fits);
    const mention = unread[index] ?? mentions.find(fits);
    if (!mention) {
      return { people: [...people.values()], end };
    }
    if (index >= 0) {
      unread.splice(index, 1);
    }
    people.set(mention.id, { id: mention.id, name: toPlainName(mention.name) || toPlainName(mention.text) });
    end = at + mention.text.length;
  }
}

/** @returns the index behind what the sticky pattern finds */
function skip(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return at + (pattern.exec(text)?.[0].length ?? 0);
}
