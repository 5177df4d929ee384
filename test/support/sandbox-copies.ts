// How often each numbered notification stands in the chats of the sandbox.

import { syntheticPerson } from '../../src/sandbox/organisation.ts';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';

const TITLE = /job(\d+)x/;

/** The title of a notification that `countCopies` finds again. */
export function numberedTitle(number: number): string {
  return `job${number}x`;
}

/** @returns copies by the number of the notification; edits and deletions are not looked at */
export function countCopies(sandbox: Sandbox, peopleCount: number): ReadonlyMap<number, number> {
  const copies = new Map<number, number>();
  for (let index = 0; index < peopleCount; index++) {
    const conversation = sandbox.conversations.find(syntheticPerson(index).conversationId);
    for (const { activity } of conversation ? sandbox.conversations.messages(conversation) : []) {
      const number = TITLE.exec(JSON.stringify(activity))?.[1];
      if (number !== undefined) {
        copies.set(Number(number), (copies.get(Number(number)) ?? 0) + 1);
      }
    }
  }
  return copies;
}
