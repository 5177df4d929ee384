// The cards of polls, put together: they close by themselves, and show how the polls stand.

import type { ReadOwnVote } from '../delivery/read-poll.ts';
import { createSealer } from '../domain/seal.ts';
import { PollClosing } from '../polls/close-due.ts';
import { readOwnToShow } from '../polls/show-own.ts';
import { PollResults } from '../polls/show-results.ts';
import type { Rooms } from './ground.ts';

/** Both go on until they are stopped. */
export interface PollWorkers {
  start(): void;
  /** Resolves when the rounds under way have ended. Idempotent. */
  stop(): Promise<void>;
}

/** Gives them. */
export function createPollWorkers(rooms: Rooms): PollWorkers {
  const workers = [
    new PollClosing({ ...rooms, sealer: createSealer(rooms, rooms.config.sealingKeys) }),
    new PollResults(rooms),
  ];
  return {
    start() {
      for (const worker of workers) {
        worker.start();
      }
    },
    async stop() {
      await Promise.all(workers.map((worker) => worker.stop()));
    },
  };
}

/** By which the card in somebody's chat is told what they have chosen. */
export function createOwnVoteReader(rooms: Pick<Rooms, 'config' | 'randomBytes'>): ReadOwnVote {
  const parts = { ...rooms, sealer: createSealer(rooms, rooms.config.sealingKeys) };
  return (voter) => readOwnToShow(parts, voter);
}
