// Polls in chats and their cards, on PostgreSQL.

import { PEOPLE_LOCK, pollLock } from '../../../src/store/locks.ts';
import type { Statements } from '../../../src/store/store.ts';
import { usePostgresQueue } from '../../support/engine-queues.ts';
import { TENANT } from '../../support/store-fixtures.ts';
import { eventually } from '../../support/waiting.ts';
import { ANA, BEN, CLARA, THREAD } from '../tells/tells-fixture.ts';
import { describePollCardsContract } from './poll-cards-contract.ts';
import { PollsFixture } from './polls-fixture.ts';

const queue = usePostgresQueue();

describePollCardsContract(queue);

describe('beside somebody who takes their time', () => {
  let fixture: PollsFixture;

  beforeEach(async () => {
    fixture = new PollsFixture(queue());
    await fixture.install(ANA, BEN, CLARA);
    await fixture.start();
    await fixture.say('poll Lunch? | Pizza | Sushi');
    await fixture.passUntil(() => fixture.shown(THREAD).length === 1);
  });

  afterEach(() => fixture.stop());

  /** Does that in a transaction, whose other part is done when `finish` is called. */
  async function begin(first: (tx: Statements) => Promise<unknown>, rest?: (tx: Statements) => Promise<unknown>) {
    const [begun, go] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const done = queue().store.write(async (tx) => {
      await first(tx);
      begun.resolve();
      await go.promise;
      await rest?.(tx);
    });
    await begun.promise;
    return {
      finish() {
        go.resolve();
        return done;
      },
    };
  }

  test('who is known votes, and waits for nobody who is being made known', async () => {
    await fixture.vote(BEN, 1);
    const beside = await begin((tx) => tx.locks.take(PEOPLE_LOCK));
    try {
      expect(await fixture.vote(BEN, 0)).toMatchObject({ kind: 'poll', view: { own: [0] } });
    } finally {
      await beside.finish();
    }
  });

  test('cards are edited while a vote is being counted, and show it afterwards', async () => {
    const publicId = await fixture.latest();
    const beside = await begin(
      (tx) => tx.locks.share(pollLock(publicId)),
      async (tx) => {
        const poll = await tx.polls.find(publicId);
        const personId = await tx.people.findId({ tenantId: TENANT, ...CLARA });
        await tx.polls.putBallot(poll?.id ?? 0, { key: 'late', choices: [1] });
        await tx.polls.insertVoter(poll?.id ?? 0, personId ?? 0, 'late');
      },
    );
    const counts = () => fixture.shown(THREAD).at(-1)?.result?.counts.join();
    try {
      await fixture.vote(BEN, 0);
      // The transaction beside is never idle, so nothing waits until all are.
      await eventually(() => {
        queue().clock.advance(2);
        return counts() === '1,0';
      }, 'the vote is shown');
    } finally {
      await beside.finish();
    }
    await fixture.passUntil(() => counts() === '1,1');
  });
});
