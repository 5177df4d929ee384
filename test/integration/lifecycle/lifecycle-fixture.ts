// Events of things with keys, from accepting them to what chats show, on whatever database a fixture has.

import { randomBytes } from 'node:crypto';
import { MessageChanges } from '../../../src/delivery/message-changes.ts';
import { createAcceptance } from '../../../src/notifications/accept-notification.ts';
import { editNotification, recallNotification } from '../../../src/notifications/change-notification.ts';
import { getNotificationStatus } from '../../../src/notifications/notification-status.ts';
import { createCardComposer } from '../../../src/teams/cards/composer.ts';
import { silentLogger } from '../../../src/telemetry/logger.ts';
import { createMetrics } from '../../../src/telemetry/metrics.ts';
import { Chats } from '../../support/chat-sender.ts';
import type { DeliveryFixture } from '../../support/delivery-fixture.ts';
import { noTemplates } from '../../support/no-templates.ts';
import type { PostgresDeliveryFixture } from '../../support/postgres-delivery-fixture.ts';
import type { InstalledPerson } from '../../support/store-fixtures.ts';

export type AnyDeliveryFixture = DeliveryFixture | PostgresDeliveryFixture;

const RIGHTS = { canSend: true, canBroadcast: true, recipients: [] } as const;

/** Somebody whose chat `shown` looks into. */
export type Reader = InstalledPerson & { readonly index: number };

export async function installReader(queue: AnyDeliveryFixture, index: number): Promise<Reader> {
  return { ...(await queue.install(index)), index };
}

/** @param queue its sender is made to keep chats */
export function createLifecycleFixture(queue: AnyDeliveryFixture) {
  const { store, clock } = queue;
  const chats = new Chats();
  queue.sender.script = chats.script;
  const metrics = createMetrics(async () => ({ depths: [], oldestDueAgeMs: 0 }));
  const deps = {
    store,
    clock,
    metrics,
    logger: silentLogger,
    composer: createCardComposer(),
    fillTemplate: noTemplates,
    randomBytes,
  };
  const accept = createAcceptance(deps, { maxBacklog: 1_000_000 }).accept;
  const changes = new MessageChanges(deps);
  const send = async (to: readonly InstalledPerson[] | 'everyone', fields: object, producerId = queue.producerId) => {
    const json = { to: to === 'everyone' ? to : to.map(({ email }) => email), title: 'Disk almost full', ...fields };
    const sender = { producerId, producerName: 'ci', rights: RIGHTS };
    const body = Buffer.from(JSON.stringify(json));
    const { answer } = await accept({ sender, json, body, idempotencyKey: undefined });
    return answer;
  };
  return {
    chats,
    changes,
    send,
    /** An event of the thing with the key `disk`. */
    tell: (to: readonly InstalledPerson[] | 'everyone', fields: object = {}) => send(to, { key: 'disk', ...fields }),
    edit: (id: string, json: unknown, producerId = queue.producerId) =>
      editNotification(deps, { id, json, producerId }),
    recall: (id: string, producerId = queue.producerId) => recallNotification(deps, { id, producerId }),
    status: (id: string) => getNotificationStatus({ store, clock }, { publicId: id, producerId: queue.producerId }),
    /** What the chat with a person shows. */
    shown: ({ index }: { readonly index: number }) => chats.of(`a:1111${index}`),
    start: () => queue.createDispatcher({ isAlone: queue.isAlone }).start(),
    states: async () => (await queue.states()).join(),
    /** Lets the chat with a person wait, as after an answer that Teams is busy. */
    block: ({ conversationId }: InstalledPerson, ms: number) =>
      queue.store.write((tx) => tx.conversations.block(conversationId, queue.clock.nowMs() + ms)),
    /** Moves the clock until it is so; two minutes at the most. */
    passUntil: async (isSo: () => boolean | Promise<boolean>): Promise<void> => {
      for (let seconds = 0; !(await isSo()); seconds++) {
        expect(seconds).toBeLessThan(120);
        await queue.pass(1_000);
      }
    },
  };
}
