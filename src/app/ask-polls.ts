// Polls as producers ask them by the API: the question goes out as a notification.

import { createSealer, type SealingKey } from '../domain/seal.ts';
import type { PollUseCases } from '../http/poll-routes.ts';
import type { Acceptance } from '../notifications/accept-notification.ts';
import type { Sender } from '../notifications/store-notification.ts';
import { createPollManagement, type PollDeps } from '../polls/manage-polls.ts';
import type { Grant } from '../producers/grant.ts';

/** What they are made of. */
export interface PollGround extends Omit<PollDeps, 'sealer'> {
  readonly config: { readonly sealingKeys: readonly SealingKey[] };
}

/** Who sends the question. */
export interface PollPorts extends Pick<Acceptance, 'accept'> {
  toSender(grant: Grant): Sender;
}

/** Binds the use cases to the store and to whoever accepts notifications. */
export function createPollUseCases(ground: PollGround, { accept, toSender }: PollPorts): PollUseCases {
  const management = createPollManagement({ ...ground, sealer: createSealer(ground, ground.config.sealingKeys) });
  return {
    ...management,
    async askPoll({ grant, json, ...request }) {
      const { id, answer, isReplay } = await management.askPoll({
        producerId: grant.producerId,
        json,
        send: ({ to, priority, ttlMs, ...said }) => {
          const notification = { to, priority, ttl: `PT${Math.ceil(ttlMs / 1_000)}S`, title: STAND_IN };
          return accept({ ...request, sender: toSender(grant), json: notification, said });
        },
      });
      return { id, notification: answer, isReplay };
    },
  };
}

/** A request has a title; what is stored and sent is the question. */
const STAND_IN = 'Poll';
