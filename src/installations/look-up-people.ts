// Asks the roster who somebody is, once after each installation, so that e-mail and UPN can be addressed.

import { BackgroundLoop } from '../domain/background-loop.ts';
import type { Clock } from '../domain/clock.ts';
import { assertNever } from '../domain/errors.ts';
import { retryDelayMs, throttlePauseMs } from '../domain/retry.ts';
import type { DueLookup } from '../store/statements/lookups.ts';
import type { Statements, Store } from '../store/store.ts';
import { describeError, type Logger } from '../telemetry/logger.ts';
import { POLL_MS, untilSlot } from './question-slot.ts';
import type { MemberAnswer, Roster } from './roster.ts';

export interface LookUpDeps {
  readonly store: Store;
  readonly roster: Pick<Roster, 'findMember'>;
  readonly clock: Clock;
  readonly logger: Logger;
  /** In [0, 1). */
  readonly random: () => number;
}

/** Long enough for one question; after a crash it is asked again then. */
const LEASE_MS = 60_000;
const BATCH = 10;
const MAX_ATTEMPTS = 10;

/** A worker that answers the waiting questions, one after the other, until it is stopped. */
export class PeopleLookUp {
  readonly #deps: LookUpDeps;
  readonly #loop: BackgroundLoop;

  constructor(deps: LookUpDeps) {
    this.#deps = deps;
    this.#loop = new BackgroundLoop({
      clock: deps.clock,
      run: async () => {
        await this.#answerDue();
        return POLL_MS;
      },
      onFailure(error) {
        deps.logger.warn({ error: describeError(error) }, 'people could not be looked up');
        return POLL_MS;
      },
    });
  }

  start(): void {
    this.#loop.follow((listener) => this.#deps.store.onWork(listener));
  }

  /** Resolves when the question under way has ended. Idempotent. */
  stop(): Promise<void> {
    return this.#loop.stop();
  }

  async #answerDue(): Promise<void> {
    const { store, clock } = this.#deps;
    for (;;) {
      if (!(await store.read.lookups.hasDue(clock.nowMs()))) {
        return;
      }
      const due = await store.write((tx) => tx.lookups.claim(clock.nowMs(), clock.nowMs() + LEASE_MS, BATCH));
      for (const lookup of due) {
        if (this.#loop.signal.aborted) {
          return;
        }
        await this.#answer(lookup);
      }
    }
  }

  async #answer(lookup: DueLookup): Promise<void> {
    const { store, roster, clock, random } = this.#deps;
    if (!(await untilSlot(this.#deps, lookup.laneId, this.#loop.signal))) {
      await store.write((tx) => tx.lookups.giveBack(lookup.personId, clock.nowMs() + POLL_MS));
      return;
    }
    const answer = await roster.findMember(lookup, this.#loop.signal);
    await store.write((tx) => writeDown(tx, { lookup, answer, nowMs: clock.nowMs(), jitter: random() }));
  }
}

interface Answered {
  readonly lookup: DueLookup;
  readonly answer: MemberAnswer;
  readonly nowMs: number;
  readonly jitter: number;
}

async function writeDown(tx: Statements, { lookup, answer, nowMs, jitter }: Answered): Promise<void> {
  const { personId, tenantId, laneId } = lookup;
  if (answer.kind === 'throttled') {
    await tx.lanes.pause(laneId, nowMs, throttlePauseMs(answer.retryAfterMs));
  }
  if (!(await isStillThere(tx, lookup))) {
    return;
  }
  switch (answer.kind) {
    case 'found':
      await tx.people.refresh(personId, { ...answer.profile, tenantId }, nowMs);
      return tx.lookups.settle(personId, null);
    case 'absent':
      return tx.lookups.settle(personId, null);
    case 'throttled':
      return tx.lookups.giveBack(personId, nowMs + throttlePauseMs(answer.retryAfterMs));
    case 'later': {
      const failures = lookup.attempts + 1;
      const delayMs = retryDelayMs({ failures, retryAfterMs: answer.retryAfterMs, jitter });
      return tx.lookups.settle(personId, failures < MAX_ATTEMPTS ? nowMs + delayMs : null);
    }
    default:
      return assertNever(answer);
  }
}

/** Whether the row is still theirs: who was erased meanwhile stays so, and their row id may be somebody else's now. */
async function isStillThere(tx: Statements, { personId, tenantId, memberId }: DueLookup): Promise<boolean> {
  return (await tx.people.findId({ tenantId, aadObjectId: memberId, teamsUserId: memberId })) === personId;
}
