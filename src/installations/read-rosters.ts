// Reads who is in the teams and group chats that the bot was added to: page by page, now, after changes and every night.

import { BackgroundLoop } from '../domain/background-loop.ts';
import type { Clock } from '../domain/clock.ts';
import { PEOPLE_LOCK } from '../store/locks.ts';
import type { DueRoster } from '../store/statements/roster-readings.ts';
import type { Store } from '../store/store.ts';
import { describeError, type Logger } from '../telemetry/logger.ts';
import type { BotVoice } from './bot-messages.ts';
import { forgetLost, LOST_AT_ONCE } from './forget-lost.ts';
import { POLL_MS, untilSlot } from './question-slot.ts';
import type { Reading, Written } from './reading.ts';
import type { NoAnswer, Roster } from './roster.ts';
import { type RosterEnd, writeChannels, writeNoAnswer, writePage, writeTeam } from './write-roster.ts';

export interface ReadRostersDeps {
  readonly store: Store;
  readonly roster: Roster;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly voice: BotVoice;
  /** In [0, 1). */
  readonly random: () => number;
  /** Whether people get the 1:1 welcome once a team or group chat makes them known. */
  readonly welcomesMembers: boolean;
}

/** Long enough for one request and what it says; after a crash the page is asked for again then. */
const LEASE_MS = 60_000;

/** A worker that takes one step of one reading after the other, until it is stopped. */
export class RosterReader {
  readonly #deps: ReadRostersDeps;
  readonly #loop: BackgroundLoop;

  constructor(deps: ReadRostersDeps) {
    this.#deps = deps;
    this.#loop = new BackgroundLoop({
      clock: deps.clock,
      run: async () => {
        await this.#forgetLost();
        await this.#readDue();
        return POLL_MS;
      },
      onFailure(error) {
        deps.logger.warn({ error: describeError(error) }, 'rosters could not be read');
        return POLL_MS;
      },
    });
  }

  start(): void {
    this.#loop.follow((listener) => this.#deps.store.onWork(listener));
  }

  /** Resolves when the request under way has ended. Idempotent. */
  stop(): Promise<void> {
    return this.#loop.stop();
  }

  async #forgetLost(): Promise<void> {
    const { store, clock } = this.#deps;
    while (!this.#loop.signal.aborted && (await store.read.rosters.listLost(1)).length > 0) {
      if ((await store.write((tx) => forgetLost(tx, clock.nowMs()))) < LOST_AT_ONCE) {
        return;
      }
    }
  }

  async #readDue(): Promise<void> {
    const { store, clock } = this.#deps;
    while (!this.#loop.signal.aborted && (await store.read.rosters.hasDue(clock.nowMs()))) {
      const due = await store.write((tx) => tx.rosters.claim(clock.nowMs(), clock.nowMs() + LEASE_MS));
      if (due) {
        await this.#read(due);
      }
    }
  }

  /** Of a team, its name and channels come first: they are few, and the greeting waits for them. */
  async #read(due: DueRoster): Promise<void> {
    const { store, roster } = this.#deps;
    const { serviceUrl, botAccountId, teamsId: conversationId } = due;
    if (serviceUrl === null || botAccountId === null) {
      await store.write((tx) => tx.rosters.breakOff(due.id, null));
      return;
    }
    const reading = { ...due, serviceUrl, botAccountId, conversationId };
    if (due.scope === 'team' && due.continuation === '') {
      const isGoingOn =
        (await this.#step(reading, (signal) => roster.getTeam(reading, signal), writeTeam)) &&
        (await this.#step(reading, (signal) => roster.listChannels(reading, signal), writeChannels));
      if (!isGoingOn) {
        return;
      }
    }
    const continuation = due.continuation === '' ? undefined : due.continuation;
    await this.#step(reading, (signal) => roster.listMembers({ ...reading, continuation }, signal), writePage);
  }

  /** @returns whether what was asked for was found, and is written down */
  async #step<Found extends { readonly kind: 'found' | 'stale' }>(
    reading: Reading,
    ask: (signal: AbortSignal) => Promise<Found | NoAnswer>,
    write: (found: Found, written: Written) => Promise<RosterEnd | undefined>,
  ): Promise<boolean> {
    const { store, clock, random, logger } = this.#deps;
    const { signal } = this.#loop;
    const isInTime = await untilSlot(this.#deps, reading.laneId, signal);
    const askedAtMs = clock.nowMs();
    const answer = isInTime ? await ask(signal) : undefined;
    if (!answer || (signal.aborted && isNoAnswer(answer))) {
      const dueAtMs = clock.nowMs() + (signal.aborted ? 0 : POLL_MS);
      await store.write((tx) => tx.rosters.giveStepBack(reading, dueAtMs));
      return false;
    }
    const written = await this.#write(answer, { reading, askedAtMs, jitter: random() }, write);
    if (written?.end) {
      logger.info({ ...written.end }, 'roster read');
    }
    return written !== undefined;
  }

  /** @returns undefined when there was nothing to write down, or somebody else has the reading now */
  #write<Found extends { readonly kind: 'found' | 'stale' }>(
    answer: Found | NoAnswer,
    asked: Pick<Written, 'reading' | 'askedAtMs' | 'jitter'>,
    write: (found: Found, written: Written) => Promise<RosterEnd | undefined>,
  ): Promise<{ readonly end: RosterEnd | undefined } | undefined> {
    const { store, clock } = this.#deps;
    return store.write(async (tx) => {
      const nowMs = clock.nowMs();
      const written = { ...this.#deps, ...asked, tx, nowMs };
      if (isNoAnswer(answer)) {
        await writeNoAnswer(answer, written);
        return undefined;
      }
      await tx.locks.take(PEOPLE_LOCK);
      const isOurs = await tx.rosters.renew(asked.reading, nowMs + LEASE_MS);
      return isOurs ? { end: await write(answer, written) } : undefined;
    });
  }
}

function isNoAnswer(answer: { readonly kind: string }): answer is NoAnswer {
  return answer.kind === 'absent' || answer.kind === 'later' || answer.kind === 'throttled';
}
