// The line of a card that mentions people. It is the only place where a card has an `<at>` that means something.

import { clip } from '../../domain/literal.ts';
import type { MentionedPerson } from '../../domain/notification.ts';
import { type CardElement, textBlock } from './card-activity.ts';

const MAX_NAME_LENGTH = 64;

/** What Teams makes a mention of: the text has to stand on the card exactly so. */
export interface MentionEntity {
  readonly type: 'mention';
  readonly text: string;
  readonly mentioned: MentionedPerson;
}

/** The parts of a card that belong together. */
export interface MentionParts {
  readonly line: readonly CardElement[];
  readonly entities: readonly MentionEntity[];
}

/** One line for all of them; nothing where there is nobody. */
export function mentionParts(people: readonly MentionedPerson[]): MentionParts {
  const names = new Set<string>();
  const entities = people.flatMap(({ id, name }): readonly MentionEntity[] => {
    const plain = ownName(toPlainName(name), names);
    return plain === '' ? [] : [{ type: 'mention', text: `<at>${plain}</at>`, mentioned: { id, name: plain } }];
  });
  const line = entities.length > 0 ? [textBlock(entities.map(({ text }) => text).join(', '))] : [];
  return { line, entities };
}

/** Nothing in a name may be markup: it cannot be escaped, because the text of the entity has to be the same. */
function toPlainName(name: string): string {
  const plain = name.normalize('NFC').replace(/[^\p{L}\p{M}\p{N} .,'’-]+/gu, ' ');
  return clip(plain.replace(/ {2,}/g, ' ').trim(), MAX_NAME_LENGTH);
}

/** Teams finds the person by the text, so that no two may read the same. */
function ownName(name: string, taken: Set<string>): string {
  let own = name;
  for (let number = 2; own !== '' && taken.has(own); number++) {
    own = `${name} ${number}`;
  }
  taken.add(own);
  return own;
}
