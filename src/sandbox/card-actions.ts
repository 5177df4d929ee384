// Finds a button in a card that was posted, by its id, its title or its place. Pure.

import { attachmentsOf } from './activity-check.ts';
import type { WireActivity } from './conversations.ts';
import { isRecord, member } from './exchange.ts';

export type CardAction = Readonly<Record<string, unknown>>;

/**
 * @param wanted the action's `id`, else its `title`, else `@n`: the n-th button from 0, in the order of the document
 * @returns undefined when no card of the activity has such a button
 */
export function findCardAction(activity: WireActivity, wanted: string): CardAction | undefined {
  const actions = attachmentsOf(activity).flatMap((attachment) => collectActions(member(attachment, 'content')));
  const named = (name: string) => actions.find((action) => action[name] === wanted);
  const place = /^@(\d{1,4})$/.exec(wanted)?.[1];
  return named('id') ?? named('title') ?? (place === undefined ? undefined : actions[Number(place)]);
}

/** Buttons may hide anywhere: in action sets, in cards that unfold, behind a select action. */
function collectActions(value: unknown): CardAction[] {
  if (Array.isArray(value)) {
    return value.flatMap(collectActions);
  }
  if (!isRecord(value)) {
    return [];
  }
  const isAction = typeof value['type'] === 'string' && value['type'].startsWith('Action.');
  const { data: _, ...parts } = value;
  const inner = Object.values(parts).flatMap(collectActions);
  return isAction ? [value, ...inner] : inner;
}
