// Sends the messages of webhooks in the background, each until it is taken or its attempts are used up.

import { BackgroundLoop } from '../domain/background-loop.ts';
import { type Cancel, type Clock, within } from '../domain/clock.ts';
import type { WebhookRow } from '../store/statements/webhook-endpoints.ts';
import type { ClaimedMessage } from '../store/statements/webhook-messages.ts';
import type { Statements, Store } from '../store/store.ts';
import { describeError, type Logger } from '../telemetry/logger.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import { expandEvents } from './expand-events.ts';
import { toMessageBody, toMessageId } from './message-body.ts';
import { type AttemptOutcome, readAttempt } from './outcome.ts';
import { recordAttempt } from './record-attempt.ts';
import { roomFor } from './retry-rules.ts';
import { signMessage } from './signature.ts';
import type { Transport } from './transport.ts';
import type { WebhookSecrets } from './webhook-secrets.ts';

/** What sending takes. */
export interface WebhookSenderDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Pick<Metrics, 'webhookAttempts'>;
  readonly transport: Transport;
  readonly secrets: WebhookSecrets;
  /** In [0, 1). */
  readonly random: () => number;
  readonly randomUuid: () => string;
}

/** Twice as long as an attempt may take; what a process leaves behind when it dies goes out again then. */
export const MESSAGE_LEASE_MS = 60_000;
const POLL_MS = 1_000;
/** New work comes in bursts: it is looked at together. */
const GATHER_MS = 50;
const MAX_UNDER_WAY = 64;
/** How long a webhook whose secret cannot be opened is left alone: somebody has to mend the settings. */
const UNREADABLE_PAUSE_MS = 5 * 60_000;
/** Claims of several processes take turns, so that each webhook gets what it has room for, and one probe. */
const CLAIM_LOCK = 'webhook claims';

interface Claim {
  readonly webhook: WebhookRow;
  readonly message: ClaimedMessage;
}

/** A worker; several processes with one database share the work. */
export class WebhookSender {
  readonly #deps: WebhookSenderDeps;
  readonly #loop: BackgroundLoop;
  readonly #underWay = new Set<Promise<void>>();
  readonly #abort = new AbortController();
  #unsubscribe: Cancel = () => undefined;
  #cancelSoon: Cancel | undefined;

  constructor(deps: WebhookSenderDeps) {
    this.#deps = deps;
    this.#loop = new BackgroundLoop({
      clock: deps.clock,
      run: () => this.#run(),
      onFailure(error) {
        deps.logger.warn({ error: describeError(error) }, 'messages of webhooks could not be claimed');
        return POLL_MS;
      },
    });
  }

  start(): void {
    this.#unsubscribe = this.#deps.store.onWork(() => this.#wakeSoon());
    this.#loop.wake();
  }

  /** Ends what is still under way after the grace; it goes out again at the next start. Idempotent. */
  async stop(graceMs: number): Promise<void> {
    this.#unsubscribe();
    this.#cancelSoon?.();
    await this.#loop.stop();
    const ended = Promise.all(this.#underWay);
    if (graceMs > 0) {
      await within(this.#deps.clock, graceMs, ended);
    }
    this.#abort.abort();
    await ended;
  }

  #wakeSoon(): void {
    this.#cancelSoon ??= this.#deps.clock.after(GATHER_MS, () => {
      this.#cancelSoon = undefined;
      this.#loop.wake();
    });
  }

  async #run(): Promise<number> {
    const { store, clock } = this.#deps;
    if (await expandEvents(store, () => clock.nowMs())) {
      this.#loop.wake();
    }
    for (const claim of await this.#claim()) {
      const sending = this.#send(claim).finally(() => {
        this.#underWay.delete(sending);
        this.#loop.wake();
      });
      this.#underWay.add(sending);
    }
    return POLL_MS;
  }

  async #claim(): Promise<readonly Claim[]> {
    const { store, clock } = this.#deps;
    const isIdle = this.#underWay.size >= MAX_UNDER_WAY || this.#loop.signal.aborted;
    if (isIdle || (await store.read.webhookEndpoints.listDue(clock.nowMs())).length === 0) {
      return [];
    }
    return store.write(async (tx) => {
      await tx.locks.take(CLAIM_LOCK);
      return this.#claimInTurn(tx);
    });
  }

  async #claimInTurn(tx: Statements): Promise<readonly Claim[]> {
    const { clock, random, randomUuid } = this.#deps;
    const nowMs = clock.nowMs();
    const due = await tx.webhookEndpoints.listDue(nowMs);
    // Begins anywhere: where there are more than can be served at once, none is always the last.
    const first = Math.floor(random() * due.length);
    const claims: Claim[] = [];
    for (const webhook of [...due.slice(first), ...due.slice(0, first)]) {
      const endpointId = webhook.id;
      const free = roomFor(webhook.failures) - (await tx.webhookMessages.countUnderWay(endpointId, nowMs));
      const limit = Math.min(free, MAX_UNDER_WAY - this.#underWay.size - claims.length);
      if (limit > 0) {
        const wish = { endpointId, owner: randomUuid(), nowMs, leaseUntilMs: nowMs + MESSAGE_LEASE_MS, limit };
        claims.push(...(await tx.webhookMessages.claim(wish)).map((message) => ({ webhook, message })));
      }
    }
    return claims;
  }

  async #send({ webhook, message }: Claim): Promise<void> {
    const { store, clock, logger } = this.#deps;
    try {
      const outcome = await this.#attempt({ webhook, message });
      if (outcome === undefined) {
        await this.#putOff({ webhook, message });
        return;
      }
      const jitter = this.#deps.random();
      const news = await store.write((tx) => recordAttempt(tx, { message, outcome, nowMs: clock.nowMs(), jitter }));
      this.#report(webhook, outcome);
      if (news !== undefined) {
        const level = news === 'well' ? 'info' : 'warn';
        logger[level]({ webhookId: webhook.publicId, producerId: webhook.producerId }, NEWS[news]);
      }
    } catch (error) {
      // The lease ends by itself, and the message goes out again under the same id.
      logger.warn(
        { webhookId: webhook.publicId, error: describeError(error) },
        'a webhook attempt could not be recorded',
      );
    }
  }

  /** @returns undefined when it cannot be signed */
  async #attempt({ webhook, message }: Claim): Promise<AttemptOutcome | undefined> {
    const { clock, secrets, transport } = this.#deps;
    const nowMs = clock.nowMs();
    const keys = secrets.open(webhook, nowMs);
    if (!keys) {
      return undefined;
    }
    if (nowMs >= message.leaseUntilMs) {
      return { kind: 'stopped' };
    }
    const id = toMessageId(message.event.publicId);
    const timestampS = Math.floor(nowMs / 1_000);
    const body = toMessageBody(message.event, webhook.publicId);
    const headers = {
      'content-type': 'application/json',
      'user-agent': 'Bellhop',
      'webhook-id': id,
      'webhook-timestamp': String(timestampS),
      'webhook-signature': signMessage({ id, timestampS, body }, keys),
    };
    const exchange = await transport.post({ url: webhook.url, headers, body, signal: this.#abort.signal });
    return readAttempt(exchange, clock.nowMs(), message.event.recipient);
  }

  async #putOff({ webhook, message }: Claim): Promise<void> {
    const { store, clock, logger } = this.#deps;
    const untilMs = clock.nowMs() + UNREADABLE_PAUSE_MS;
    await store.write(async (tx) => {
      await tx.webhookMessages.giveBack(message, clock.nowMs());
      await tx.webhookHealth.block(webhook.id, untilMs);
    });
    logger.error(
      { webhookId: webhook.publicId },
      'the secret of a webhook cannot be opened: check ENCRYPTION_KEY and ENCRYPTION_KEY_PREVIOUS; nothing is sent there meanwhile',
    );
  }

  #report({ publicId }: WebhookRow, outcome: AttemptOutcome): void {
    const { logger, metrics } = this.#deps;
    const result = outcome.kind === 'failed' ? outcome.error : outcome.kind;
    metrics.webhookAttempts.inc({ outcome: result });
    logger.debug({ webhookId: publicId, outcome: result }, 'webhook attempt');
  }
}

const NEWS = {
  failing: 'a webhook fails: one message at a time goes out until one is taken',
  well: 'a webhook takes messages again',
  disabled: 'a webhook was disabled: its receiver is gone, or has taken nothing for five days',
} as const;
