// Answers whoever had somebody told something, once it is known what became of it; and forgets who was named.

import { BackgroundLoop } from '../domain/background-loop.ts';
import type { Clock } from '../domain/clock.ts';
import { type BotVoice, queueAsBot } from '../store/queue-as-bot.ts';
import type { OpenTell } from '../store/statements/tells.ts';
import type { Statements, Store } from '../store/store.ts';
import { describeError, type Logger } from '../telemetry/logger.ts';
import { judgeTell } from './judge-tell.ts';

/** What answering takes. */
export interface TellAnswersDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly randomBytes: BotVoice['randomBytes'];
}

/** So long the sender waits at most. */
const PATIENCE_MS = 60_000;
/** An answer that is older than this helps nobody. */
const ANSWER_TTL_MS = 15 * 60_000;
/** Once it has been sent or has expired, nobody needs the names in it. */
const KEEP_NAMES_MS = ANSWER_TTL_MS + 60_000;
const BATCH = 50;
/** Nothing tells that a delivery has ended: while somebody waits, it is looked up. */
const WAITING_POLL_MS = 500;
const IDLE_POLL_MS = 5_000;

/** A worker that answers, until it is stopped. Several processes on one store answer each tell once. */
export class TellAnswers {
  readonly #deps: TellAnswersDeps;
  readonly #loop: BackgroundLoop;

  constructor(deps: TellAnswersDeps) {
    this.#deps = deps;
    this.#loop = new BackgroundLoop({
      clock: deps.clock,
      run: async () => {
        const isAwaited = await this.#answerAll();
        await this.#forgetOld();
        return isAwaited ? WAITING_POLL_MS : IDLE_POLL_MS;
      },
      onFailure(error) {
        deps.logger.warn({ error: describeError(error) }, 'messages to others could not be answered');
        return IDLE_POLL_MS;
      },
    });
  }

  start(): void {
    this.#loop.follow((listener) => this.#deps.store.onWork(listener));
  }

  /** Resolves when the round under way has ended. Idempotent. */
  stop(): Promise<void> {
    return this.#loop.stop();
  }

  /** @returns whether somebody still waits */
  async #answerAll(): Promise<boolean> {
    const { store } = this.#deps;
    let isAwaited = false;
    let isAnswered = false;
    for (let after = 0; !this.#loop.signal.aborted; ) {
      const open = await store.read.tells.listOpen(after, BATCH);
      for (const tell of open) {
        const isDone = await this.#answer(tell);
        isAnswered ||= isDone;
        isAwaited ||= !isDone;
        after = tell.id;
      }
      if (open.length < BATCH) {
        break;
      }
    }
    if (isAnswered) {
      store.signalWork();
    }
    return isAwaited;
  }

  /** @returns false while it is to be waited for */
  async #answer(tell: OpenTell): Promise<boolean> {
    const { store, clock, randomBytes } = this.#deps;
    const isLate = tell.toldAtMs + PATIENCE_MS <= clock.nowMs();
    const deliveries = await store.read.tells.listDeliveries(tell.notificationId);
    if (!judgeTell(tell.people, deliveries, isLate)) {
      return false;
    }
    const voice = { producerId: tell.producerId, randomBytes };
    await store.write((tx) => answer(tx, { tell, voice, nowMs: clock.nowMs() }));
    return true;
  }

  async #forgetOld(): Promise<void> {
    const { store, clock } = this.#deps;
    const beforeMs = clock.nowMs() - KEEP_NAMES_MS;
    const ids = await store.read.tells.listAnsweredBefore(beforeMs, BATCH);
    if (ids.length > 0) {
      await store.write((tx) => tx.tells.forgetAnswers(ids, clock.nowMs()));
    }
  }
}

interface Answering {
  readonly tell: OpenTell;
  readonly voice: BotVoice;
  readonly nowMs: number;
}

/** Who was erased since it was looked at is not named; where everybody was, there is nothing to say. */
async function answer(tx: Statements, { tell, voice, nowMs }: Answering): Promise<void> {
  const { id, notificationId, conversationId } = tell;
  const people = (await tx.tells.claimAnswer(id, nowMs)) ?? [];
  const result = judgeTell(people, await tx.tells.listDeliveries(notificationId), true);
  if (!result || people.length === 0) {
    return;
  }
  const content = { kind: 'answer', answer: result } as const;
  const manner = { priority: 'urgent', isQuiet: true, ttlMs: ANSWER_TTL_MS } as const;
  const answerId = await queueAsBot(tx, { voice, content, conversationIds: [conversationId], nowMs, ...manner });
  await tx.tells.setAnswer(id, answerId);
}
