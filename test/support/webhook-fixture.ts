// Webhooks on a real store with a clock that the test moves, and a receiver on this machine that verifies.

import { randomBytes, randomUUID } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { createWebhookManagement } from '../../src/callbacks/manage-webhooks.ts';
import { createTransport } from '../../src/callbacks/transport.ts';
import { createWebhookMessages } from '../../src/callbacks/webhook-messages.ts';
import { createWebhookSchemas } from '../../src/callbacks/webhook-requests.ts';
import { createWebhookSecrets } from '../../src/callbacks/webhook-secrets.ts';
import { WebhookSender } from '../../src/callbacks/webhook-sender.ts';
import { createSealer, parseSealingKey, type SealingKey } from '../../src/domain/seal.ts';
import type { Store } from '../../src/store/store.ts';
import { createLogger } from '../../src/telemetry/logger.ts';
import { createMetrics } from '../../src/telemetry/metrics.ts';
import {
  type Answer,
  type RecordedRequest,
  type RecordingServer,
  startRecordingServer,
} from '../integration/teams-outbound/local-servers.ts';
import { ManualClock } from './manual-clock.ts';
import { addProducer, queueNotification } from './store-fixtures.ts';
import { eventually, settled } from './waiting.ts';

export function newSealingKey(): SealingKey {
  const key = parseSealingKey(randomBytes(32).toString('base64'));
  if (!key) {
    throw new Error('32 bytes are a key');
  }
  return key;
}

export interface SenderParts {
  readonly store?: Store;
  readonly keys?: readonly SealingKey[];
}

/** Everything that webhooks are made of, around a store. */
export class WebhookFixture {
  /** By real time: receivers compare timestamps with their own clocks. */
  readonly clock = new ManualClock(Date.now());
  readonly keys: readonly SealingKey[] = [newSealingKey()];
  readonly log: string[] = [];
  readonly metrics = createMetrics(async () => ({ depths: [], oldestDueAgeMs: 0 }));
  readonly store: Store;
  readonly producerId: number;
  readonly receiver: RecordingServer;
  readonly manage: ReturnType<typeof createWebhookManagement>;
  readonly messages: ReturnType<typeof createWebhookMessages>;
  /** What the receiver answers next. */
  answer: (request: RecordedRequest) => Answer | Promise<Answer> = () => ({ status: 204 });
  readonly #stops: (() => Promise<void>)[] = [];

  private constructor(parts: { store: Store; producerId: number; receiver: RecordingServer }) {
    this.store = parts.store;
    this.producerId = parts.producerId;
    this.receiver = parts.receiver;
    const { store, clock } = this;
    const schemas = createWebhookSchemas({ isLoopbackAllowed: true });
    const secrets = createWebhookSecrets(createSealer({ randomBytes }, this.keys));
    this.manage = createWebhookManagement({ store, clock, secrets, schemas, randomBytes });
    this.messages = createWebhookMessages({ store, clock, schemas });
  }

  static async open(store: Store): Promise<WebhookFixture> {
    const receiver = await startRecordingServer((request) => fixture.answer(request));
    const fixture: WebhookFixture = new WebhookFixture({ store, receiver, producerId: await addProducer(store) });
    return fixture;
  }

  /** @returns its id and secret */
  register(wish: object = {}, url = this.receiver.url) {
    return this.manage.registerWebhook({ producerId: this.producerId, json: { url, ...wish } });
  }

  /** One that has begun to work. */
  startSender({ store = this.store, keys = this.keys }: SenderParts = {}): WebhookSender {
    const transport = createTransport(this, { isLoopbackAllowed: true });
    const logger = createLogger('debug', { write: (line) => this.log.push(line) });
    const { clock, metrics } = this;
    const secrets = createWebhookSecrets(createSealer({ randomBytes }, keys));
    const tools = { random: () => 0.5, randomUuid: randomUUID };
    const sender = new WebhookSender({ store, clock, logger, metrics, transport, secrets, ...tools });
    sender.start();
    this.#stops.push(async () => {
      await sender.stop(0);
      await transport.close();
    });
    return sender;
  }

  /** A notification that nobody gets: one event. @returns its row id */
  async accept(): Promise<number> {
    const { store, producerId, clock } = this;
    const id = await queueNotification(store, { producerId, to: [], nowMs: clock.nowMs() });
    this.wake();
    return id;
  }

  wake(): void {
    this.store.signalWork();
    this.clock.advance(50);
  }

  /** Moves the clock, and lets what is due go out. */
  async pass(ms: number): Promise<void> {
    this.clock.advance(ms);
    await settled();
  }

  /** Waits until the receiver has got as many requests in all. */
  async untilReceived(count: number): Promise<void> {
    await eventually(() => this.receiver.requests.length >= count, `${count} messages have come`);
  }

  /** Waits until all messages of a webhook are in this state. */
  async untilMessages(id: string, state: string, count = 1): Promise<void> {
    await eventually(
      async () => (await this.list(id)).filter((message) => message.state === state).length === count,
      `${count} messages are ${state}`,
    );
  }

  async list(id: string, query: Readonly<Record<string, string>> = {}) {
    return (await this.messages.listMessages({ producerId: this.producerId, id, query })).messages;
  }

  get ids(): readonly unknown[] {
    return this.receiver.requests.map(({ headers }) => headers['webhook-id']);
  }

  /** The bodies, each verified as a receiver does. */
  verified(secret: string): readonly Record<string, unknown>[] {
    return this.receiver.requests.map((request) => verify(request, secret));
  }

  async dispose(): Promise<void> {
    await Promise.all(this.#stops.map((stop) => stop()));
    await this.receiver.close();
  }
}

/** @throws when the signature is not right */
export function verify({ body, headers }: RecordedRequest, secret: string): Record<string, unknown> {
  const names = ['webhook-id', 'webhook-timestamp', 'webhook-signature'];
  return Object(
    new Webhook(secret).verify(body, Object.fromEntries(names.map((name) => [name, String(headers[name])]))),
  );
}
