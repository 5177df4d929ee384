// What a person reads on a card, as plain lines.

import { attachmentsOf } from './activity-check.ts';
import type { WireActivity } from './conversations.ts';

/** The texts of a message in reading order: its own, or those of its cards. */
export function readableText(activity: WireActivity): readonly string[] {
  const own = activity['text'];
  return [...(typeof own === 'string' && own !== '' ? [own] : []), ...attachmentsOf(activity).flatMap(textsOf)];
}

/** Text blocks and facts wherever they stand and can be seen; buttons in brackets. */
function textsOf(value: unknown): readonly string[] {
  if (Array.isArray(value)) {
    return value.flatMap(textsOf);
  }
  if (typeof value !== 'object' || value === null) {
    return [];
  }
  const part: Readonly<Record<string, unknown>> = { ...value };
  if (part['isVisible'] === false) {
    return [];
  }
  // What a press on it does is read by nobody.
  const { selectAction: _, ...seen } = part;
  const own = ownText(part);
  return own === undefined ? Object.values(seen).flatMap(textsOf) : [own];
}

function ownText(part: Readonly<Record<string, unknown>>): string | undefined {
  const { type, text, title, value } = part;
  if (type === 'TextBlock' && typeof text === 'string') {
    // A mention reads as the name; what is no mention is escaped.
    return text.replace(/<at>(.*?)<\/at>/g, '$1');
  }
  if (typeof type === 'string' && type.startsWith('Action.') && typeof title === 'string') {
    return `[${title}]`;
  }
  return type === undefined && typeof title === 'string' && typeof value === 'string'
    ? `${title}: ${value}`
    : undefined;
}
