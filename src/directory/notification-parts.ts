// Going through all notifications a part at a time: what a chat got is in no index.

import { setImmediate as nextTurn } from 'node:timers/promises';
import type { NotificationPart } from '../store/statements/received.ts';
import type { Statements } from '../store/store.ts';

/** Notifications that are looked up at once; some milliseconds. */
const PART = 2_000;

/** From the oldest to the newest behind `begin`. Others are served between two parts. */
export async function* eachPart({ personalData }: Statements, begin = 0): AsyncGenerator<NotificationPart> {
  for (let after = begin; ; await nextTurn()) {
    const end = await personalData.findEndOfPart(after, PART);
    if (end === undefined) {
      return;
    }
    yield { after, end };
    after = end;
  }
}
