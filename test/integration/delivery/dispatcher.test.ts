// The dispatcher's own rules: pace, limits, times to live, starting and stopping, and a store that fails.

import { LEASE_MS } from '../../../src/delivery/attempt.ts';
import { AppError } from '../../../src/domain/errors.ts';
import type { Store } from '../../../src/store/store.ts';
import { DeliveryFixture } from '../../support/delivery-fixture.ts';
import { createGate, inTurn, succeed } from '../../support/scripted-sender.ts';
import type { InstalledPerson, PersonOptions } from '../../support/store-fixtures.ts';
import { storeWithWrite } from '../../support/store-with-write.ts';
import { eventually, settled } from '../../support/waiting.ts';

let fixture: DeliveryFixture;

beforeEach(async () => {
  fixture = await DeliveryFixture.create();
});

afterEach(() => fixture.dispose());

async function installMany(count: number, options: Partial<PersonOptions> = {}): Promise<InstalledPerson[]> {
  const people = [];
  for (let index = 0; index < count; index++) {
    people.push(await fixture.install(index, options));
  }
  return people;
}

const times = <T>(count: number, value: T): T[] => Array.from({ length: count }, () => value);

/** @returns the answer of `stop`, once there is one */
function watch(stopping: Promise<boolean>): { answer: boolean | undefined } {
  const watched: { answer: boolean | undefined } = { answer: undefined };
  void stopping.then((answer) => {
    watched.answer = answer;
  });
  return watched;
}

describe('a running dispatcher', () => {
  test('sends each delivery at its own slot, one interval of the lane apart', async () => {
    await fixture.queue(await installMany(40, { intervalUs: 25_000 }));
    await fixture.createDispatcher().start();
    while (fixture.states().includes('queued') || fixture.states().includes('leased')) {
      await fixture.pass(5, 5);
    }
    const instants = fixture.sender.posts.map((post) => post.atMs);
    const gaps = instants.slice(1).map((atMs, index) => atMs - (instants[index] ?? 0));
    expect(instants).toHaveLength(40);
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(25);
    expect((instants.at(-1) ?? 0) - (instants[0] ?? 0)).toBeLessThan(40 * 25 + 500);
  });

  test('sends what comes in at once, without waiting for its timer', async () => {
    await fixture.createDispatcher().start();
    await settled();
    await fixture.queue([await fixture.install(1)]);
    await fixture.untilStates('sent');
    expect(fixture.sender.posts[0]?.atMs).toBe(fixture.clock.nowMs());
  });

  test('has no more requests under way than it may, and uses each place again', async () => {
    const gates = times(10, undefined).map(() => createGate());
    let started = 0;
    fixture.sender.script = (request) => gates[started++]?.script(request) ?? succeed(request);
    await fixture.queue(await installMany(10));
    await fixture.createDispatcher({ maxInFlight: 3 }).start();
    for (let done = 0; done <= 7; done++) {
      await eventually(() => started === done + 3, 'three requests are under way');
      await settled();
      expect(started).toBe(done + 3);
      gates[done]?.open();
    }
    for (const gate of gates) {
      gate.open();
    }
    await fixture.untilStates(...times(10, 'sent'));
  });

  test('keeps the order of each chat, and one stuck chat does not hold the others', async () => {
    const gate = createGate();
    const [stuck, free] = [await fixture.install(1), await fixture.install(2)];
    fixture.sender.script = (request) => (request.place === 'a:11111' ? gate.script(request) : succeed(request));
    for (const to of [stuck, stuck, free, free]) {
      await fixture.queue([to]);
    }
    await fixture.createDispatcher().start();
    await fixture.untilStates('sending', 'queued', 'sent', 'sent');
    gate.open();
    await fixture.untilStates('sent', 'sent', 'sent', 'sent');
  });

  test('does not post what waited past its time to live', async () => {
    fixture.sender.script = inTurn({ kind: 'throttled', reason: 'throttled', scope: 'lane', retryAfterMs: 60_000 });
    await fixture.queue([await fixture.install(1)], { ttlMs: 10_000 });
    await fixture.createDispatcher().start();
    await fixture.untilAttempts(1);
    await fixture.queue([await fixture.install(2)], { ttlMs: 30_000 });
    await fixture.pass(11_000, 250);
    expect(fixture.deliveries()).toMatchObject([{ state: 'expired', reason: 'expired' }, { state: 'queued' }]);
    await fixture.pass(60_000, 250);
    expect(fixture.states()).toEqual(['expired', 'expired']);
    expect(fixture.sender.requests).toHaveLength(1);
  });

  test('goes on with the others when one delivery breaks, and recovers that one when its lease has ended', async () => {
    fixture.sender.script = (request) => {
      if (fixture.sender.requests.length === 1) {
        throw new Error('defect');
      }
      return succeed(request);
    };
    await fixture.queue(await installMany(2));
    await fixture.createDispatcher().start();
    await fixture.untilStates('sending', 'sent');
    await fixture.passToStates('sent', 'sent');
    expect(fixture.attempts().map((row) => `${row['outcome']} ${row['reason']}`)).toEqual([
      'unknown process_ended',
      'delivered null',
      'delivered null',
    ]);
  });
});

describe('a store that cannot be written for a while', () => {
  /** Refuses writes while `isDown`. */
  const createFragile = (store = fixture.store) => {
    const state = { isDown: false, refused: 0 };
    const write: Store['write'] = (work) => {
      if (!state.isDown) {
        return store.write(work);
      }
      state.refused += 1;
      return Promise.reject(new AppError('store_unavailable', 'down'));
    };
    return { state, store: storeWithWrite(store, write) };
  };

  test('after a post does not lose what Teams answered, and nothing is posted twice', async () => {
    const { state, store } = createFragile();
    fixture.sender.script = (request) => {
      state.isDown = true;
      return succeed(request);
    };
    await fixture.queue([await fixture.install(1)]);
    await fixture.createDispatcher({ store }).start();
    await eventually(() => state.refused > 0, 'the outcome was refused');
    await fixture.pass(30_000, 500);
    expect(fixture.states()).toEqual(['sending']);
    state.isDown = false;
    await fixture.passToStates('sent');
    expect(fixture.sender.requests).toHaveLength(1);
    expect(fixture.deliveries()[0]).toMatchObject({ attempts: 1, activity_id: expect.stringContaining('activity-') });
  });

  /** Ends at other moments of the interval in which what was abandoned is looked for. */
  const OUTAGES_MS = Array.from({ length: 17 }, (_, index) => 2 * LEASE_MS + index * 300);

  test.each(OUTAGES_MS)('for %i ms: nobody sends again what is still to be written down', async (outageMs) => {
    const [own, others] = [createFragile(), createFragile(fixture.openBeside())];
    const setDown = (isDown: boolean) => {
      own.state.isDown = isDown;
      others.state.isDown = isDown;
    };
    fixture.sender.script = (request) => {
      setDown(fixture.sender.requests.length === 1);
      return succeed(request);
    };
    for (const { store } of [own, others]) {
      await fixture.createDispatcher({ store, isAlone: false }).start();
    }
    // The outcome is then tried again at other moments than the queue is looked at.
    await fixture.pass(500, 100);
    await fixture.queue([await fixture.install(1)]);
    await eventually(() => own.state.refused + others.state.refused > 0, 'the outcome was refused');
    await fixture.pass(outageMs, 100);
    setDown(false);
    await fixture.passToStates('sent');
    await fixture.pass(2 * LEASE_MS, 500);
    expect(fixture.sender.requests).toHaveLength(1);
    expect(fixture.deliveries()[0]).toMatchObject({ attempts: 1, activity_id: expect.stringContaining('activity-') });
  });

  test('before a claim makes deliveries late and no more', async () => {
    const { state, store } = createFragile();
    await fixture.createDispatcher({ store }).start();
    await settled();
    state.isDown = true;
    await fixture.queue([await fixture.install(1)]);
    await fixture.pass(5_000, 250);
    expect(fixture.sender.requests).toEqual([]);
    state.isDown = false;
    await fixture.passToStates('sent');
    expect(fixture.sender.requests).toHaveLength(1);
  });
});

describe('stopping', () => {
  test('gives back what has not begun, untouched, for the next start', async () => {
    const gate = createGate();
    fixture.sender.script = gate.script;
    await fixture.queue(await installMany(4, { intervalUs: 100_000 }));
    const dispatcher = fixture.createDispatcher();
    await dispatcher.start();
    await fixture.untilStates('sending', 'leased', 'leased', 'leased');
    const stopping = dispatcher.stop(20_000);
    await fixture.untilStates('sending', 'queued', 'queued', 'queued');
    expect(fixture.deliveries().slice(1)).toMatchObject(times(3, { attempts: 0, failures: 0, lease_owner: null }));
    gate.open();
    expect(await stopping).toBe(true);
    expect(fixture.states()).toEqual(['sent', 'queued', 'queued', 'queued']);
  });

  test('waits for what is in flight, takes nothing new meanwhile, and leaves no timer', async () => {
    const gate = createGate();
    fixture.sender.script = gate.script;
    const people = await installMany(2);
    await fixture.queue(people.slice(0, 1));
    const dispatcher = fixture.createDispatcher();
    await dispatcher.start();
    await eventually(() => fixture.sender.requests.length === 1, 'the request is under way');
    const stopping = watch(dispatcher.stop(20_000));
    await fixture.queue(people.slice(1));
    await settled();
    expect(stopping.answer).toBeUndefined();
    gate.open();
    await eventually(() => stopping.answer === true, 'the dispatcher has stopped');
    expect(fixture.states()).toEqual(['sent', 'queued']);
    expect(fixture.clock.pendingTimers).toBe(0);
  });

  test('says false when something is still in flight after the grace, and the next start finds it unknown', async () => {
    fixture.sender.script = createGate().script;
    await fixture.queue([await fixture.install(1)], { unknownPolicy: 'hold' });
    const dispatcher = fixture.createDispatcher();
    await dispatcher.start();
    await eventually(() => fixture.sender.requests.length === 1, 'the request is under way');
    const stopping = watch(dispatcher.stop(20_000));
    await fixture.pass(19_999, 1_000);
    expect(stopping.answer).toBeUndefined();
    await fixture.pass(1);
    expect(stopping.answer).toBe(false);
    await fixture.createDispatcher().start();
    expect(fixture.deliveries()[0]).toMatchObject({ state: 'held', reason: 'process_ended' });
  });

  test('ends within the grace also while a token is being asked for, and sends nothing afterwards', async () => {
    const token = Promise.withResolvers<void>();
    fixture.sender.prepare = () => token.promise;
    await fixture.queue([await fixture.install(1)]);
    const dispatcher = fixture.createDispatcher();
    await dispatcher.start();
    await settled();
    const stopping = watch(dispatcher.stop(1_000));
    await fixture.pass(1_000);
    expect(stopping.answer).toBe(false);
    token.resolve();
    await settled();
    expect(fixture.deliveries()).toMatchObject([{ state: 'queued', attempts: 0 }]);
  });

  test('twice is as good as once, also before any start', async () => {
    const dispatcher = fixture.createDispatcher();
    expect(await Promise.all([dispatcher.stop(1_000), dispatcher.stop(1_000)])).toEqual([true, true]);
    expect(await dispatcher.stop(1_000)).toBe(true);
  });

  test('during the start is obeyed: nothing is claimed, and the store may be closed', async () => {
    await fixture.queue([await fixture.install(1)]);
    const store = fixture.openBeside();
    const dispatcher = fixture.createDispatcher({ store });
    const starting = dispatcher.start();
    expect(await dispatcher.stop(1_000)).toBe(true);
    await store.close();
    await starting;
    await fixture.pass(5_000, 500);
    expect(fixture.states()).toEqual(['queued']);
    expect(fixture.clock.pendingTimers).toBe(0);
  });
});

describe('starting', () => {
  test('twice is as good as once: what is under way is not taken for abandoned', async () => {
    const gate = createGate();
    fixture.sender.script = gate.script;
    await fixture.queue([await fixture.install(1)], { unknownPolicy: 'hold' });
    const dispatcher = fixture.createDispatcher();
    await dispatcher.start();
    await eventually(() => fixture.sender.requests.length === 1, 'the request is under way');
    await dispatcher.start();
    expect(fixture.states()).toEqual(['sending']);
    gate.open();
    await fixture.untilStates('sent');
  });
});
