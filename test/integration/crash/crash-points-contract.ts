// Where a process can die, and what the next one makes of it: the same on every engine.

import { randomBytes } from 'node:crypto';
import { LEASE_MS } from '../../../src/delivery/attempt.ts';
import type { Dispatcher, DispatcherOptions } from '../../../src/delivery/dispatcher.ts';
import type { UnknownPolicy } from '../../../src/domain/notification.ts';
import { createAcceptance } from '../../../src/notifications/accept-notification.ts';
import type { Store } from '../../../src/store/store.ts';
import { createCardComposer } from '../../../src/teams/cards/composer.ts';
import { silentLogger } from '../../../src/telemetry/logger.ts';
import { createMetrics } from '../../../src/telemetry/metrics.ts';
import type { DeliveryFixture } from '../../support/delivery-fixture.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { createMortalStore, type Death } from '../../support/mortal-store.ts';
import { noTemplates } from '../../support/no-templates.ts';
import type { PostgresDeliveryFixture } from '../../support/postgres-delivery-fixture.ts';
import { CREATED_CHAT, createGate, type Script, ScriptedSender, succeed } from '../../support/scripted-sender.ts';
import type { InstalledPerson } from '../../support/store-fixtures.ts';
import { storeWithWrite } from '../../support/store-with-write.ts';
import { eventually } from '../../support/waiting.ts';
import { createLifecycleFixture } from '../lifecycle/lifecycle-fixture.ts';

type Fixture = DeliveryFixture | PostgresDeliveryFixture;

let fixture: Fixture;
let person: InstalledPerson;

/** Declares the tests for a fixture that is made anew for each. */
export function describeCrashPoints(create: () => Promise<Fixture>): void {
  beforeEach(async () => {
    fixture = await create();
    person = await fixture.install(1);
  });

  afterEach(() => fixture.dispose());

  describe('a process that dies', describeDeaths);
  describe('a process that dies while it accepts', describeDeathsWhileAccepting);
  describe('a process that dies while it changes a message', describeDeathsWhileChanging);
  describe('a process that was only paused', describePauses);
}

/** A process of its own: its own connection, clock and requests. */
async function startBeside({
  script,
  death,
  isAlone = fixture.isAlone,
}: {
  readonly script?: Script;
  readonly death?: Death;
  readonly isAlone?: boolean;
}) {
  const clock = new ManualClock(fixture.clock.nowMs());
  const sender = new ScriptedSender(clock);
  sender.script = script ?? succeed;
  const beside = await fixture.openBeside();
  const mortal = death && createMortalStore(beside, death);
  await fixture.createDispatcher({ store: mortal ?? beside, sender, clock, isAlone }).start();
  await (mortal ? mortal.died : eventually(() => sender.requests.length > 0, 'the request is under way'));
  return { clock, sender };
}

const startAndDie = async (death: Death | Script) =>
  (await startBeside(typeof death === 'function' ? { script: death } : { death })).sender;

/** The process that comes after one that died: where others could be alive, once the leases of the dead one have ended. */
async function startNext(options: Partial<DispatcherOptions> = {}): Promise<Dispatcher> {
  if (!fixture.isAlone) {
    fixture.clock.advance(LEASE_MS + 1);
  }
  const dispatcher = fixture.createDispatcher({ isAlone: fixture.isAlone, ...options });
  await dispatcher.start();
  return dispatcher;
}

const HANGS: Script = createGate().script;
const SENT_ONCE = { copies: 1, state: 'sent', outcomes: 'delivered' };

function describeDeaths() {
  const posts = (sender: ScriptedSender) => sender.posts.length;

  test.each<[string, Death | Script, UnknownPolicy, { copies: number; state: string; outcomes: string }]>([
    ['before its claim is kept', { statement: 'claim', when: 'before the commit' }, 'hold', SENT_ONCE],
    ['after its claim', { statement: 'claim', when: 'after the commit' }, 'hold', SENT_ONCE],
    ['before its attempt is on record', { statement: 'beginAttempt', when: 'before the commit' }, 'hold', SENT_ONCE],
    [
      'with its attempt on record, before the request',
      { statement: 'beginAttempt', when: 'after the commit' },
      'resend',
      { copies: 1, state: 'sent', outcomes: 'unknown,delivered' },
    ],
    [
      'with its attempt on record, before the request',
      { statement: 'beginAttempt', when: 'after the commit' },
      'hold',
      { copies: 0, state: 'held', outcomes: 'unknown' },
    ],
    ['while Teams is posting', HANGS, 'resend', { copies: 2, state: 'sent', outcomes: 'unknown,delivered' }],
    ['while Teams is posting', HANGS, 'hold', { copies: 1, state: 'held', outcomes: 'unknown' }],
    [
      'with the answer of Teams in its hands',
      { statement: 'endAttempt', when: 'before the commit' },
      'resend',
      { copies: 2, state: 'sent', outcomes: 'unknown,delivered' },
    ],
    [
      'with the answer of Teams in its hands',
      { statement: 'endAttempt', when: 'before the commit' },
      'hold',
      { copies: 1, state: 'held', outcomes: 'unknown' },
    ],
    ['after the outcome is kept', { statement: 'endAttempt', when: 'after the commit' }, 'resend', SENT_ONCE],
    ['after the outcome is kept', { statement: 'endAttempt', when: 'after the commit' }, 'hold', SENT_ONCE],
  ])('%s (%j), with the policy %s, ends as %j', async (_name, death, unknownPolicy, expected) => {
    await fixture.queue([person], { unknownPolicy });
    const before = await startAndDie(death);
    await startNext();
    await fixture.passToStates(expected.state);
    await fixture.pass(120_000, 1_000);
    expect({
      copies: posts(before) + posts(fixture.sender),
      state: (await fixture.states()).join(),
      outcomes: await outcomes(),
    }).toEqual(expected);
  });

  test.each<UnknownPolicy>(['resend', 'hold'])(
    'between opening the chat and keeping it opens it again, and posts once (%s)',
    async (unknownPolicy) => {
      await fixture.forgetChat(person);
      await fixture.queue([person], { unknownPolicy });
      await startAndDie({ statement: 'endAttempt', when: 'before the commit' });
      await startNext();
      await fixture.passToStates('sent');
      expect(await outcomes()).toBe('unknown,created,delivered');
      expect(fixture.sender.posts).toHaveLength(1);
    },
  );

  test.each<UnknownPolicy>(['resend', 'hold'])(
    'between keeping the chat and posting posts once, to the chat that is there (%s)',
    async (unknownPolicy) => {
      await fixture.forgetChat(person);
      await fixture.queue([person], { unknownPolicy });
      const before = await startAndDie({ statement: 'endAttempt', when: 'after the commit' });
      await startNext();
      await fixture.passToStates('sent');
      expect(
        [...before.requests, ...fixture.sender.requests].map(({ operation, place }) => [operation, place]),
      ).toEqual([
        ['create_conversation', '29:11111'],
        ['post', CREATED_CHAT],
      ]);
    },
  );

  test('again and again in the middle of a post leaves every try on record, and the message arrives', async () => {
    await fixture.queue([person]);
    for (let deaths = 0; deaths < 5; deaths++) {
      await startAndDie(HANGS);
      await recover();
    }
    await startNext();
    await fixture.passToStates('sent');
    expect(await outcomes()).toBe('unknown,unknown,unknown,unknown,unknown,delivered');
    expect(fixture.sender.posts).toHaveLength(1);
  });

  /** A start that only recovers, and the pause that follows. */
  const recover = async () => {
    const dispatcher = await startNext({ maxInFlight: 0 });
    await dispatcher.stop(0);
    fixture.clock.advance(300_000);
  };
}

const outcomes = async () => (await fixture.attempts()).map((row) => row['outcome']).join();

function describeDeathsWhileAccepting() {
  const json = { to: 'person1@contoso.com', title: 'Deploy finished' };

  const accept = (store: Store) => {
    const metrics = createMetrics(async () => ({ depths: [], oldestDueAgeMs: 0 }));
    const deps = {
      store,
      clock: fixture.clock,
      metrics,
      logger: silentLogger,
      composer: createCardComposer(),
      fillTemplate: noTemplates,
      randomBytes,
    };
    const rights = { canSend: true, canBroadcast: false, recipients: [] };
    return createAcceptance(deps, { maxBacklog: 1_000 }).accept({
      sender: { producerId: fixture.producerId, producerName: 'ci', rights },
      json,
      body: Buffer.from(JSON.stringify(json)),
      idempotencyKey: 'key',
    });
  };

  test('before the commit has answered nothing and left nothing', async () => {
    const store = await fixture.openBeside();
    const dying = storeWithWrite(store, (work) =>
      store.write(async (tx) => {
        await work(tx);
        throw new Error('the process dies here');
      }),
    );
    await expect(accept(dying)).rejects.toThrow('dies');
    expect(await fixture.deliveries()).toEqual([]);
    expect(await fixture.rows('SELECT * FROM idempotency')).toEqual([]);
  });

  test('after the commit, before the answer, gives the same answer to the retry, and posts once', async () => {
    const first = await accept(await fixture.openBeside());
    const again = await accept(fixture.store);
    expect(again).toEqual({ answer: first.answer, isReplay: true });
    await startNext();
    await fixture.untilStates('sent');
    expect(fixture.sender.posts).toHaveLength(1);
  });
}

function describeDeathsWhileChanging() {
  /** Teams does it, and the answer never comes. */
  const doneAndHangs = (script: Script): Script => {
    return async (request) => {
      await script(request);
      return HANGS(request);
    };
  };
  const CHANGES = [
    ['an edit', { states: 'sent', shown: [{ title: 'Disk full' }] }],
    ['a recall', { states: 'recalled', shown: [] }],
    ['the end of a thing', { states: 'sent,sent', shown: [{ state: 'resolved' }] }],
  ] as const;
  const DEATHS: readonly (readonly [string, Death | 'done and hangs' | 'hangs'])[] = [
    ['after its claim', { statement: 'claim', when: 'after the commit' }],
    ['with its attempt on record', { statement: 'beginAttempt', when: 'after the commit' }],
    ['before Teams has done it', 'hangs'],
    ['after Teams has done it', 'done and hangs'],
    ['before the outcome is kept', { statement: 'endAttempt', when: 'before the commit' }],
    ['after the outcome is kept', { statement: 'endAttempt', when: 'after the commit' }],
  ];
  const points = DEATHS.flatMap(([name, death]) => CHANGES.map(([what, end]) => ({ name, what, death, end })));

  test.each(points)('$name leaves $what as it was asked for, and posts nothing twice', async ({ what, death, end }) => {
    const { chats, send, edit, recall } = createLifecycleFixture(fixture);
    const first = fixture.createDispatcher({ isAlone: fixture.isAlone });
    await first.start();
    const event = { key: 'disk', onUnknown: 'hold' };
    const { id } = await send([person], event);
    await fixture.passToStates('sent');
    await first.stop(0);
    await (what === 'an edit'
      ? edit(id, { title: 'Disk full' })
      : what === 'a recall'
        ? recall(id)
        : send([person], { ...event, state: 'resolved' }));
    const script = death === 'hangs' ? HANGS : death === 'done and hangs' ? doneAndHangs(chats.script) : chats.script;
    const before = await startBeside({ script, ...(typeof death === 'object' && { death }) });
    await startNext();
    await fixture.passToStates(...end.states.split(','));
    await fixture.pass(2_000, 1_000);
    expect(chats.of('a:11111')).toMatchObject(end.shown);
    expect(chats.of('a:11111')).toHaveLength(end.shown.length);
    expect((await fixture.states()).join()).toBe(end.states);
    expect([...before.sender.posts, ...fixture.sender.posts]).toHaveLength(1);
  });
}

function describePauses() {
  /** Its clock stands still while the others' goes on. */
  const pauseWith = async (script: Script, unknownPolicy: UnknownPolicy) => {
    await fixture.queue([person], { unknownPolicy });
    return (await startBeside({ script, isAlone: false })).sender;
  };

  test('in the middle of a request cannot write over its successor', async () => {
    const gate = createGate();
    await pauseWith(gate.script, 'resend');
    await fixture.createDispatcher({ isAlone: false }).start();
    await fixture.passToStates('sent');
    const kept = await fixture.deliveries();
    const recorded = await fixture.attempts();
    gate.open({ kind: 'rejected', reason: 'bad_request' });
    await fixture.settled();
    expect(await fixture.deliveries()).toEqual(kept);
    expect(await fixture.attempts()).toEqual(recorded);
    expect(await outcomes()).toBe('unknown,delivered');
  });

  test('in the middle of a request is not taken for dead before its lease has ended', async () => {
    const gate = createGate();
    await pauseWith(gate.script, 'hold');
    await fixture.createDispatcher({ isAlone: false }).start();
    await fixture.pass(59_000, 500);
    expect(await fixture.states()).toEqual(['sending']);
    gate.open();
    await fixture.untilStates('sent');
    expect(await outcomes()).toBe('delivered');
  });

  test('cannot undo what its successor held', async () => {
    const gate = createGate();
    await pauseWith(gate.script, 'hold');
    await fixture.createDispatcher({ isAlone: false }).start();
    await fixture.passToStates('held');
    gate.open();
    await fixture.settled();
    expect(await fixture.states()).toEqual(['held']);
  });

  test('before its slot makes no request when it goes on, for its claim is another one’s now', async () => {
    await fixture.queue([person, await fixture.install(2, { intervalUs: 100_000 })]);
    const { clock, sender } = await startBeside({ isAlone: false });
    await fixture.untilStates('sent', 'leased');
    await fixture.createDispatcher({ isAlone: false }).start();
    await fixture.passToStates('sent', 'sent');
    clock.advance(100);
    await fixture.settled();
    expect(sender.posts).toHaveLength(1);
    expect(fixture.sender.posts).toHaveLength(1);
    expect(await outcomes()).toBe('delivered,delivered');
  });

  test('with the chat just opened does not post when its lease is gone', async () => {
    await fixture.forgetChat(person);
    const gate = createGate();
    const paused = await pauseWith(
      (request) => (request.operation === 'post' ? succeed(request) : gate.script(request)),
      'hold',
    );
    await fixture.createDispatcher({ isAlone: false }).start();
    await fixture.passToStates('sent');
    gate.open();
    await fixture.settled();
    expect(paused.posts).toEqual([]);
    expect(fixture.sender.posts).toHaveLength(1);
  });

  test('and recovers what it is sending itself does not write over its own second try', async () => {
    const [first, second] = [createGate(), createGate()];
    fixture.sender.script = (request) => (fixture.sender.posts.length === 1 ? first : second).script(request);
    await fixture.queue([person]);
    await startNext();
    await eventually(() => fixture.sender.posts.length === 1, 'the first post is under way');
    fixture.clock.advance(61_000);
    await fixture.settled();
    for (let seconds = 0; fixture.sender.posts.length < 2; seconds++) {
      expect(seconds).toBeLessThan(30);
      await fixture.pass(1_000);
    }
    first.open({ kind: 'rejected', reason: 'bad_request' });
    await fixture.settled();
    expect(await fixture.states()).toEqual(['sending']);
    second.open();
    await fixture.untilStates('sent');
    expect(await outcomes()).toBe('unknown,delivered');
  });
}
