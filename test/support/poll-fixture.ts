// Polls and those who vote in them, on whatever database a fixture has.

import { randomBytes } from 'node:crypto';
import { createInbound } from '../../src/app/inbound.ts';
import type { Poll } from '../../src/domain/poll.ts';
import { createPollId } from '../../src/domain/poll-id.ts';
import { PRESS_VERB } from '../../src/domain/press.ts';
import type { PressAnswer } from '../../src/domain/press-answer.ts';
import { createSealer } from '../../src/domain/seal.ts';
import { closePoll } from '../../src/polls/close-poll.ts';
import { storePoll } from '../../src/polls/store-poll.ts';
import type { PollRow } from '../../src/store/statements/polls.ts';
import type { Store } from '../../src/store/store.ts';
import { silentLogger } from '../../src/telemetry/logger.ts';
import type { DeliveryFixture } from './delivery-fixture.ts';
import { INBOUND_CONFIG } from './inbound-config.ts';
import type { PostgresDeliveryFixture } from './postgres-delivery-fixture.ts';
import { type InstalledPerson, queueNotification } from './store-fixtures.ts';
import { createTalk } from './talk.ts';

export const SEALER = createSealer({ randomBytes }, INBOUND_CONFIG.sealingKeys);

/** Two choices, open until somebody closes it, and everybody knows who chose what. */
export const LUNCH: Poll = { question: 'Lunch?', choices: ['Soup', 'Salad'], isSeveral: false, isAnonymous: false };

/** What a test asks. */
export interface AskedPoll extends Partial<Poll> {
  readonly to: readonly Pick<InstalledPerson, 'laneId' | 'conversationId' | 'email'>[];
  readonly askerPersonId?: number;
}

/** @param queue whose people vote */
export async function createPollFixture(queue: DeliveryFixture | PostgresDeliveryFixture) {
  const { store, clock, metrics } = queue;
  const talk = await createTalk(queue);
  const inboundOn = (other: Store) =>
    createInbound(
      { store: other, clock, metrics, logger: silentLogger, config: INBOUND_CONFIG },
      { producerId: talk.botProducerId, randomBytes },
    );
  return {
    ...talk,
    /** @returns its public id */
    async poll({ to, askerPersonId, ...fields }: AskedPoll): Promise<string> {
      const poll = { ...LUNCH, ...fields };
      const nowMs = clock.nowMs();
      const publicId = createPollId(nowMs, randomBytes);
      const people = to.map((one) => ({ ...one, personId: 0, aadObjectId: '' }));
      const content = { kind: 'poll', view: { id: publicId, poll } } as const;
      const { producerId } = queue;
      const notificationId = await queueNotification(store, { producerId, to: people, nowMs, content });
      const asked = { poll, publicId, producerId, askerPersonId, notificationId };
      await store.write((tx) => storePoll(tx, { ...asked, sealer: SEALER, randomBytes, nowMs }));
      return publicId;
    },
    vote: (who: number, poll: string, choice: number, saying: Parameters<typeof talk.press>[2] = {}) =>
      talk.press(who, { bellhop: 'vote', poll, choice }, saying),
    /** As if another process had got the press. */
    async voteAt(other: Store, who: number, data: object): Promise<PressAnswer> {
      return inboundOn(other).answerAction({ ...talk.contextOf(who, {}), kind: 'action', verb: PRESS_VERB, data });
    },
    close: (publicId: string, at: Store = store) => at.write((tx) => closePoll(tx, { publicId, nowMs: clock.nowMs() })),
    async row(publicId: string): Promise<PollRow> {
      const row = await store.read.polls.find(publicId);
      if (!row) {
        throw new Error('the poll is gone');
      }
      return row;
    },
    /** What is counted at this moment, choice by choice, and how many have voted. */
    async counted(publicId: string): Promise<readonly [readonly number[], number]> {
      const { id, poll, result } = await this.row(publicId);
      const { counts, voters } = result ?? (await store.read.polls.countVotes(id, poll.choices.length));
      return [counts, voters];
    },
  };
}

export type PollFixture = Awaited<ReturnType<typeof createPollFixture>>;
