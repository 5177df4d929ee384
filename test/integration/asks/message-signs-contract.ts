// What is kept of read receipts and reactions, whatever database is behind it.

import { createInbound } from '../../../src/app/inbound.ts';
import type { InboundEvent } from '../../../src/domain/inbound-event.ts';
import { silentLogger } from '../../../src/telemetry/logger.ts';
import { INBOUND_CONFIG } from '../../support/inbound-config.ts';
import type { InstalledPerson } from '../../support/store-fixtures.ts';
import { type AnyDeliveryFixture, AskTimesFixture } from './ask-times-fixture.ts';

/** @param open the fixture of the test that runs */
export function describeMessageSignsContract(open: () => AnyDeliveryFixture): void {
  let fixture: AskTimesFixture;
  let people: readonly InstalledPerson[];

  beforeEach(async () => {
    fixture = await AskTimesFixture.create(open());
    people = await fixture.install(2);
  });

  /** Messages with these numbers, the oldest first. */
  const messages = async (...ids: readonly string[]) => {
    for (const id of ids) {
      await fixture.queue.queue(people.slice(0, 1));
      await fixture.change(`UPDATE delivery SET state = 'sent', activity_id = '${id}' WHERE activity_id IS NULL`);
    }
  };
  const readNumbers = async () => {
    const rows = await fixture.rows('SELECT activity_id FROM delivery WHERE read_at_ms IS NOT NULL ORDER BY id');
    return rows.map((row) => row['activity_id']);
  };
  const receipt = (lastReadMessageId: string, index = 1): InboundEvent => ({
    ...fixture.talk.contextOf(index, {}),
    kind: 'read',
    lastReadMessageId,
  });
  const read = (lastReadMessageId: string, index = 1) => fixture.talk.inbound.record(receipt(lastReadMessageId, index));

  describe('a read receipt', () => {
    test('marks what was sent up to its message, and keeps when it was read first', async () => {
      await messages('1001', '1002', '1003');
      const firstMs = fixture.queue.clock.nowMs();
      await read('1002');
      expect(await readNumbers()).toEqual(['1001', '1002']);
      fixture.queue.clock.advance(1_000);
      await read('1003');
      const rows = await fixture.rows('SELECT read_at_ms FROM delivery ORDER BY id');
      expect(rows.map((row) => Number(row['read_at_ms']) - firstMs)).toEqual([0, 0, 1_000]);
    });

    test('compares numbers as such, whatever their length, and leaves what is none', async () => {
      const [huge, tooHuge] = ['18446744073709551616', '18446744073709551617'];
      await messages('9', '010', '99', 'f:1', '', huge, tooHuge);
      await read('10');
      expect(await readNumbers()).toEqual(['9', '010']);
      await read(`${huge}`);
      expect(await readNumbers()).toEqual(['9', '010', '99', huge]);
    });

    test('of somebody else marks nothing', async () => {
      await messages('1001');
      await read('9999', 2);
      expect(await readNumbers()).toEqual([]);
    });

    test('marks the newest hundred', async () => {
      await messages(...Array.from({ length: 103 }, (_, index) => `${1_000 + index}`));
      await read('9999');
      const numbers = await readNumbers();
      expect([numbers.length, numbers[0]]).toEqual([100, '1003']);
    });

    test('of a digest marks what the digest told of', async () => {
      await messages('1001', '1002', '1003');
      await fixture.change(`UPDATE delivery SET folded_into = (SELECT max(id) FROM delivery), reason = 'in_digest',
        activity_id = NULL WHERE activity_id = '1001'`);
      await read('1003');
      expect(await fixture.rows('SELECT id FROM delivery WHERE read_at_ms IS NULL')).toEqual([]);
    });

    test('from a chat that nobody knows changes nothing, and makes nobody known', async () => {
      const [before] = await fixture.rows('SELECT count(*) AS count FROM person');
      await read('9999', 7);
      expect(await fixture.rows('SELECT count(*) AS count FROM person')).toEqual([before]);
      expect(await fixture.rows("SELECT id FROM installation WHERE subject_digest NOT LIKE 'digest-%'")).toEqual([]);
    });

    test('is not written down where that is switched off', async () => {
      await messages('1001');
      const { store, clock, metrics } = fixture.queue;
      const config = { ...INBOUND_CONFIG, recordsReads: false };
      const voice = { producerId: fixture.talk.botProducerId, randomBytes: (size: number) => new Uint8Array(size) };
      await createInbound({ store, clock, metrics, logger: silentLogger, config }, voice).record(receipt('9999'));
      expect(await readNumbers()).toEqual([]);
    });
  });

  describe('a reaction', () => {
    const react = (parts: { added?: readonly string[]; removed?: readonly string[] }, messageId = '1001', index = 1) =>
      fixture.talk.inbound.record({
        ...fixture.talk.contextOf(index, {}),
        ...{ kind: 'reaction', messageId, added: parts.added ?? [], removed: parts.removed ?? [] },
      });
    const reactions = async () =>
      (await fixture.rows('SELECT type, person_id FROM reaction ORDER BY type, person_id')).map((row) => row['type']);

    test('is kept until it is taken back, each one once a person', async () => {
      await messages('1001');
      await react({ added: ['like'] });
      await react({ added: ['like', 'heart'] });
      expect(await reactions()).toEqual(['heart', 'like']);
      await react({ removed: ['like'] });
      await react({ removed: ['like'] });
      expect(await reactions()).toEqual(['heart']);
    });

    test('exchanged for another one in the same activity is the new one', async () => {
      await messages('1001');
      await react({ added: ['like'] });
      await react({ added: ['heart'], removed: ['like'] });
      expect(await reactions()).toEqual(['heart']);
    });

    test('to a message of nobody is nothing', async () => {
      await messages('1001');
      await react({ added: ['like'] }, '1002');
      await react({ added: ['like'] }, '1001', 2);
      expect(await reactions()).toEqual([]);
    });

    test('goes to what the message tells of now, and is taken back from whatever it was given to', async () => {
      await messages('1001');
      await react({ added: ['like'] });
      await messages('1001');
      await react({ added: ['heart'] });
      const sql = 'SELECT DISTINCT d.id FROM delivery d JOIN reaction r ON r.delivery_id = d.id';
      expect(await fixture.rows(sql)).toHaveLength(2);
      await react({ removed: ['like', 'heart'] });
      expect(await reactions()).toEqual([]);
    });

    test('counts in a channel and in a group chat as well, for those who are known', async () => {
      for (const place of ['team', 'groupChat'] as const) {
        const context = fixture.talk.contextOf(1, { place });
        const conversation = await open().store.write((tx) =>
          tx.conversations.insert(context.conversation, { laneId: people[0]?.laneId ?? 0 }, 1),
        );
        const to = { ...people[0], conversationId: conversation.id } as InstalledPerson;
        const id = await fixture.queue.queue([to]);
        await fixture.sent();
        const [row] = await fixture.rows(`SELECT activity_id FROM delivery WHERE notification_id = ${id}`);
        const messageId = String(row?.['activity_id']);
        for (const index of [1, 2, 9]) {
          const from = fixture.talk.contextOf(index, { place });
          await fixture.talk.inbound.record({ ...from, kind: 'reaction', messageId, added: ['like'], removed: [] });
        }
        expect(await open().store.read.messageSigns.countOfNotification(id)).toEqual({
          read: 0,
          reactions: [{ type: 'like', count: 2 }],
        });
      }
    });
  });
}
