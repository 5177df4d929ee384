// Notifications that ask something, with their times, and people who got them, on whatever database.

import { randomBytes } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';
import { findSubstitutes } from '../../../src/app/substitutes.ts';
import { AskTimes } from '../../../src/asks/ask-times.ts';
import type { EventContent, NotificationContent } from '../../../src/domain/notification.ts';
import type { Statements, Store } from '../../../src/store/store.ts';
import { createLogger } from '../../../src/telemetry/logger.ts';
import type { DeliveryFixture, Row } from '../../support/delivery-fixture.ts';
import type { PostgresDeliveryFixture } from '../../support/postgres-delivery-fixture.ts';
import { EVENT, type InstalledPerson, type QueuedOptions } from '../../support/store-fixtures.ts';
import { createTalk, type Talk } from '../../support/talk.ts';
import { eventually } from '../../support/waiting.ts';

export type AnyDeliveryFixture = DeliveryFixture | PostgresDeliveryFixture;

export const MINUTE_MS = 60_000;

export const ASKING: EventContent = { ...EVENT, title: 'Disk full', ask: { canAcknowledge: true, actions: [] } };

/** When people are reminded, and who else is asked; never, and nobody, when absent. */
export interface Times {
  readonly remindMs?: number;
  readonly escalateTo?: readonly string[];
  readonly escalateMs?: number;
}

export class AskTimesFixture {
  readonly queue: AnyDeliveryFixture;
  readonly talk: Talk;
  readonly log: string[] = [];
  readonly #workers: AskTimes[] = [];

  private constructor(queue: AnyDeliveryFixture, talk: Talk) {
    this.queue = queue;
    this.talk = talk;
  }

  static async create(queue: AnyDeliveryFixture): Promise<AskTimesFixture> {
    return new AskTimesFixture(queue, await createTalk(queue));
  }

  /** People with the bot, by the numbers from 1. */
  install(count: number): Promise<readonly InstalledPerson[]> {
    return Promise.all(Array.from({ length: count }, (_, index) => this.queue.install(index + 1)));
  }

  /** @returns the row id of a notification that asks them */
  async ask(
    to: readonly InstalledPerson[],
    { remindMs, escalateTo, escalateMs }: Times = {},
    options: Partial<QueuedOptions> = {},
  ): Promise<number> {
    const id = await this.queue.queue(to, { content: ASKING, ...options });
    const nowMs = this.queue.clock.nowMs();
    const at = (ms: number | undefined) => (ms === undefined ? 'NULL' : `${nowMs + ms}`);
    const escalatedTo = escalateTo ? `'${JSON.stringify(escalateTo)}'` : 'NULL';
    await this.change(`INSERT INTO ask (notification_id, state, remind_ms, remind_at_ms, escalate_to, escalate_at_ms)
      VALUES (${id}, 'open', ${remindMs ?? 'NULL'}, ${at(remindMs)}, ${escalatedTo}, ${at(escalateMs)})`);
    return id;
  }

  /** All that waits has been sent, the message of a delivery with the number `first` + its row id. */
  async sent(first = 1_000): Promise<void> {
    await this.change(`UPDATE delivery SET state = 'sent', activity_id = CAST(${first} + id AS TEXT)
      WHERE state = 'queued' AND activity_id IS NULL`);
  }

  /** Somebody answers. */
  async respond(notificationId: number, { personId }: InstalledPerson, action = 'look'): Promise<void> {
    await this.change(`INSERT INTO response (notification_id, person_id, action, responded_at_ms)
      VALUES (${notificationId}, ${personId}, '${action}', 1)`);
  }

  startWorker(store: Store = this.queue.store, batch?: number): AskTimes {
    const { clock, metrics } = this.queue;
    const voice = { producerId: this.talk.botProducerId, randomBytes };
    const logger = createLogger('debug', { write: (line) => this.log.push(line) });
    const deps = { store, clock, metrics, logger, voice, findSubstitutes };
    const worker = new AskTimes({ ...deps, ...(batch !== undefined && { batch }) });
    this.#workers.push(worker);
    worker.start();
    return worker;
  }

  /** Moves the clock, and lets everything happen that this makes due. */
  async passTo(ms: number): Promise<void> {
    this.queue.clock.advance(ms);
    await this.queue.settled();
  }

  /** Waits, moving the clock only as far as a worker that was late needs it. */
  async until(what: string, condition: (fixture: this) => Promise<boolean>): Promise<void> {
    await eventually(async () => {
      this.queue.clock.advance(10);
      await this.queue.settled();
      return condition(this);
    }, what);
  }

  /** Whom the bot has reminded so far, by row ids of conversations, and in which order. */
  async reminded(): Promise<readonly number[]> {
    const rows = await this.rows(`SELECT d.conversation_id AS id FROM delivery d
      JOIN reminder m ON m.notification_id = d.notification_id ORDER BY d.id`);
    return rows.map(({ id }) => Number(id));
  }

  async reminders(): Promise<readonly NotificationContent[]> {
    const rows = await this.rows(`SELECT n.content FROM notification n
      JOIN reminder m ON m.notification_id = n.id ORDER BY n.id`);
    return rows.map(({ content }) => JSON.parse(String(content)));
  }

  async askRow(notificationId: number): Promise<Row> {
    const [row] = await this.rows(`SELECT * FROM ask WHERE notification_id = ${notificationId}`);
    return row ?? {};
  }

  async rows(sql: string): Promise<readonly Row[]> {
    return this.queue.rows(sql);
  }

  /** Beside the store, as it has no statement for this. */
  async change(sql: string): Promise<void> {
    if ('path' in this.queue) {
      const db = new DatabaseSync(this.queue.path);
      db.exec(sql);
      db.close();
    } else {
      await this.queue.rows(sql);
    }
  }

  async stop(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.stop()));
  }
}

/** A store whose process dies after so many writes, once the last of them is on disk. */
export function dyingAfter(store: Store, writes: number): Store {
  let left = writes;
  return {
    ...store,
    read: store.read,
    signalWork: () => store.signalWork(),
    async write<T>(work: (tx: Statements) => Promise<T>): Promise<T> {
      if (left === 0) {
        throw new Error('this process is dead');
      }
      left -= 1;
      return store.write(work);
    },
  };
}
