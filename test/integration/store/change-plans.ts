// Every statement on lifecycles, edits, recalls and what a chat shows, run once on rows that make each of them look for something.

import type { Statements } from '../../../src/store/store.ts';

/** Rows to look at: a thing that is over, told in one chat, and a broadcast. Ids are all 1. */
export const CHANGED_ROWS = `
  INSERT INTO lifecycle (producer_id, key, state, peak_severity, first_message, message_number, notification_id,
                         opened_at_ms, edited_at_ms, history, forgotten, updated_at_ms)
  VALUES (1, 'disk', 'resolved', 'info', 1, 1, 1, 0, 0, '[]', 0, 0);
  UPDATE notification SET lifecycle_id = 1, lifecycle_state = 'resolved', message_number = 1, first_message = 1
   WHERE id = 1;
  UPDATE delivery SET lifecycle_id = 1 WHERE id = 1;`;

const IDS = [1];
const TIMES = { nowMs: 1, expiresAtMs: 2 };

/** @param tx whose statements are explained before they run */
export async function runEveryChange(tx: Statements): Promise<void> {
  const { lifecycles, lifecycleMessages, messageChanges, openChanges, notificationChanges, notifications } = tx;
  const { conversationHistory } = tx;
  await lifecycles.find(1, 'disk');
  await lifecycles.findKey(1);
  await lifecycleMessages.listShowing(1, { from: 1, to: 1 }, IDS);
  const place = await lifecycleMessages.findPlace(1);
  if (!place) {
    throw new Error('Expected a delivery about a thing');
  }
  await lifecycleMessages.takeOver(1, place, '17');
  await lifecycleMessages.retireEarlier(place, TIMES);
  await lifecycleMessages.setThread(1, '17');
  await lifecycleMessages.forgetThread(place, '17');
  await notificationChanges.find('n', 1);
  await notificationChanges.setRecalled(1, 1);
  await notifications.holdFanout(1);
  await notifications.stopFanout(1);
  await notifications.stopFanoutsOfEpisode(1);
  await openChanges.beginForEpisode(1, 'delete');
  await openChanges.begin(1, 'delete');
  await openChanges.find(0);
  await messageChanges.listPart(1, 0, 200);
  await tx.locks.holdDeliveries(IDS);
  await messageChanges.list(IDS);
  await messageChanges.queue(IDS, 'delete', TIMES);
  await messageChanges.giveBack(IDS);
  await messageChanges.cancel(IDS, 1);
  await messageChanges.becomePost({ deliveryId: 1, owner: 'x' });
  await messageChanges.forgetMessage(1, 1, '17');
  await messageChanges.clearMessage(1);
  await tx.undelivered.listWaiting(1, 0, 200);
  await lifecycleMessages.supersede(1, IDS, { messageNumber: 1, nowMs: 1 });
  await lifecycles.close(1, 1);
  await conversationHistory.listLatest(1, 2);
  await conversationHistory.findMessage(1, 'n');
  await conversationHistory.listAudiences(1, 1);
  await conversationHistory.listHeardOf(1);
  await conversationHistory.listOpen(1, 10);
  await tx.digests.releaseDeferred(1, {}, 1);
  await runEveryLookup(tx);
}

async function runEveryLookup({ places, people, topics, notifications }: Statements): Promise<void> {
  for (const kind of ['team', 'channel', 'chat'] as const) {
    await places.find({ kind, id: '19:a' }, undefined);
  }
  await places.find({ kind: 'team', id: 'd0d0d0d0-4444-4444-8444-000000000004' }, 't');
  await places.countListed({ audience: 'roster', audienceId: 1 }, undefined);
  await places.countListed({ audience: 'topic', audienceId: 1 }, 't');
  await people.findReachable({ kind: 'address', address: 'a@b.example' });
  await topics.find('a');
  await topics.listOfPerson(1);
  await topics.remove(1);
  await notifications.listFanouts(1);
  await notifications.findByPublicId('n', 1);
}
