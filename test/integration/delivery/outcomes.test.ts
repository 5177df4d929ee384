// What each outcome of a request does to its delivery, to the others of the chat, and to the installation.

import type { Outcome } from '../../../src/domain/delivery.ts';
import type { UnknownPolicy } from '../../../src/domain/notification.ts';
import { DeliveryFixture } from '../../support/delivery-fixture.ts';
import { CREATED_CHAT, createGate, inTurn, succeed } from '../../support/scripted-sender.ts';
import { eventually, settled } from '../../support/waiting.ts';

type Gone = Extract<Outcome, { kind: 'gone' }>;

const TOO_LARGE: Outcome = { kind: 'tooLarge' };
const LOST: Outcome = { kind: 'unknown', reason: 'response_lost' };
const BLOCKED: Gone = { kind: 'gone', reason: 'blocked_by_user', isUninstalled: false };
const UNINSTALLED: Gone = { kind: 'gone', reason: 'not_in_roster', isUninstalled: true };

describe('the outcome of a post', () => {
  let fixture: DeliveryFixture;

  beforeEach(async () => {
    fixture = await DeliveryFixture.create();
  });

  afterEach(() => fixture.dispose());

  const afterOneAttempt = async (outcome: Outcome, unknownPolicy: UnknownPolicy = 'resend') => {
    fixture.sender.script = inTurn(outcome);
    await fixture.queue([await fixture.install(1)], { unknownPolicy });
    await fixture.createDispatcher().start();
    await fixture.untilAttempts(1);
    return { ...fixture.deliveries()[0] };
  };

  test.each<[Outcome, UnknownPolicy, Readonly<Record<string, unknown>>]>([
    [
      { kind: 'delivered', activityId: '17' },
      'resend',
      { state: 'sent', activity_id: '17', failures: 0, reason: null },
    ],
    [
      { kind: 'throttled', reason: 'throttled', scope: 'conversation', retryAfterMs: 2_000 },
      'resend',
      { state: 'queued', failures: 0, reason: 'throttled' },
    ],
    [{ kind: 'transient', reason: 'unavailable' }, 'hold', { state: 'queued', failures: 1, reason: 'unavailable' }],
    [LOST, 'resend', { state: 'queued', failures: 1, reason: 'response_lost' }],
    [LOST, 'hold', { state: 'held', failures: 1, reason: 'response_lost' }],
    [BLOCKED, 'resend', { state: 'failed', failures: 1, reason: 'blocked_by_user' }],
    [UNINSTALLED, 'resend', { state: 'failed', failures: 1, reason: 'not_in_roster' }],
    [{ kind: 'rejected', reason: 'bad_request' }, 'resend', { state: 'failed', failures: 1, reason: 'bad_request' }],
    [{ kind: 'created', conversationId: 'a:x' }, 'hold', { state: 'held', failures: 1, reason: 'response_invalid' }],
  ])('%j with the policy %s leaves the delivery as %j', async (outcome, policy, expected) => {
    expect(await afterOneAttempt(outcome, policy)).toMatchObject({ ...expected, attempts: 1, lease_owner: null });
  });

  test('is written into the record of its attempt, with what support needs', async () => {
    await afterOneAttempt(LOST, 'hold');
    expect(fixture.attempts()).toMatchObject([
      {
        number: 1,
        operation: 'post',
        request_id: fixture.sender.requests[0]?.requestId,
        outcome: 'unknown',
        reason: 'response_lost',
        http_status: 299,
        correlation_id: 'cv.1',
        finished_at_ms: fixture.clock.nowMs(),
      },
    ]);
  });

  test('that nobody can know is posted again with a pause, or held, as the producer said', async () => {
    fixture.sender.script = inTurn(LOST, LOST);
    const [one, other] = [await fixture.install(1), await fixture.install(2)];
    await fixture.queue([one]);
    await fixture.queue([other], { unknownPolicy: 'hold' });
    await fixture.createDispatcher().start();
    await fixture.untilStates('queued', 'held');
    await fixture.pass(499);
    expect(fixture.sender.posts).toHaveLength(2);
    await fixture.passToStates('sent', 'held');
    expect(fixture.sender.posts).toHaveLength(3);
  });

  test('that asks for one cautious resend gets one, and no second one', async () => {
    const failed: Outcome = { kind: 'unknown', reason: 'server_error', maxResends: 1 };
    fixture.sender.script = () => failed;
    await fixture.queue([await fixture.install(1)]);
    await fixture.createDispatcher().start();
    await fixture.pass(60_000, 500);
    expect(fixture.deliveries()).toMatchObject([{ state: 'failed', reason: 'server_error', attempts: 2 }]);
  });

  test('too large sends the short form once, at once', async () => {
    fixture.sender.script = inTurn(TOO_LARGE);
    await fixture.queue([await fixture.install(1)]);
    await fixture.createDispatcher().start();
    await fixture.untilStates('sent');
    expect(fixture.sender.posts.map((post) => post.isReduced)).toEqual([false, true]);
  });

  test('too large in the short form as well ends the delivery', async () => {
    fixture.sender.script = () => TOO_LARGE;
    await fixture.queue([await fixture.install(1)]);
    await fixture.createDispatcher().start();
    await fixture.untilStates('failed');
    expect(fixture.deliveries()[0]).toMatchObject({ reason: 'too_large', attempts: 2 });
  });

  test.each([
    [BLOCKED, 'unreachable'],
    [UNINSTALLED, 'removed'],
  ])('%j ends what waits for the chat without another request, and makes the installation %s', async (gone, state) => {
    fixture.sender.script = inTurn(gone);
    const [lost, other] = [await fixture.install(1), await fixture.install(2)];
    for (const to of [lost, lost, lost, other]) {
      await fixture.queue([to]);
    }
    await fixture.createDispatcher().start();
    await fixture.untilStates('failed', 'failed', 'failed', 'sent');
    expect(fixture.deliveries().map((row) => row['reason'])).toEqual([gone.reason, gone.reason, gone.reason, null]);
    expect(fixture.sender.requests).toHaveLength(2);
    expect(fixture.rows('SELECT state FROM installation ORDER BY id')).toMatchObject([{ state }, { state: 'active' }]);
  });

  test('uninstalled erases the person, and blocked keeps them to be reached again', async () => {
    fixture.sender.script = inTurn(UNINSTALLED, BLOCKED);
    await fixture.queue([await fixture.install(1), await fixture.install(2)]);
    await fixture.createDispatcher().start();
    await fixture.untilStates('failed', 'failed');
    expect(fixture.rows('SELECT email FROM person')).toEqual([{ email: 'person2@contoso.com' }]);
    expect(fixture.deliveries().map((row) => row['recipient'])).toEqual([null, 'person2@contoso.com']);
  });
});

describe('a chat that has not been opened', () => {
  let fixture: DeliveryFixture;

  beforeEach(async () => {
    fixture = await DeliveryFixture.create();
  });

  afterEach(() => fixture.dispose());

  const installWithoutChat = async (index = 1) => {
    const person = await fixture.install(index);
    fixture.forgetChat(person);
    return person;
  };

  test('is opened once for all deliveries, each request an attempt of its own', async () => {
    const person = await installWithoutChat();
    for (let count = 0; count < 3; count++) {
      await fixture.queue([person]);
    }
    await fixture.createDispatcher().start();
    await fixture.untilStates('sent', 'sent', 'sent');
    expect(fixture.sender.requests.map(({ operation, place }) => `${operation} ${place}`)).toEqual([
      'create_conversation 29:11111',
      `post ${CREATED_CHAT}`,
      `post ${CREATED_CHAT}`,
      `post ${CREATED_CHAT}`,
    ]);
    expect(fixture.attempts().map((row) => `${row['delivery_id']}.${row['number']} ${row['outcome']}`)).toEqual([
      '1.1 created',
      '1.2 delivered',
      '2.1 delivered',
      '3.1 delivered',
    ]);
  });

  test('is not written down by whoever lost the delivery meanwhile: a newer chat stays', async () => {
    const person = await installWithoutChat();
    const hangs = createGate();
    fixture.sender.script = hangs.script;
    await fixture.queue([person]);
    await fixture.createDispatcher({ store: fixture.openBeside() }).start();
    await eventually(() => fixture.sender.requests.length === 1, 'the chat is being opened');
    fixture.sender.script = inTurn({ kind: 'created', conversationId: 'a:newer' });
    await fixture.createDispatcher().start();
    await fixture.passToStates('sent');
    hangs.open({ kind: 'created', conversationId: 'a:older' });
    await settled();
    expect(fixture.rows('SELECT teams_conversation_id FROM conversation')).toEqual([
      { teams_conversation_id: 'a:newer' },
    ]);
  });

  test('stays open after a restart', async () => {
    const person = await installWithoutChat();
    await fixture.queue([person]);
    const first = fixture.createDispatcher();
    await first.start();
    await fixture.untilStates('sent');
    await first.stop(0);
    await fixture.queue([person]);
    await fixture.createDispatcher().start();
    await fixture.untilStates('sent', 'sent');
    expect(fixture.sender.requests.filter(({ operation }) => operation !== 'post')).toHaveLength(1);
  });

  test('is asked for again when the answer was lost, also where posts would be held: opening is idempotent', async () => {
    fixture.sender.script = inTurn(LOST);
    await fixture.queue([await installWithoutChat()], { unknownPolicy: 'hold' });
    await fixture.createDispatcher().start();
    await fixture.passToStates('sent');
    expect(fixture.attempts().map((row) => row['operation'])).toEqual([
      'create_conversation',
      'create_conversation',
      'post',
    ]);
  });

  test('that cannot be opened ends the delivery without a post', async () => {
    fixture.sender.script = () => ({ kind: 'gone', reason: 'not_installed', isUninstalled: false });
    await fixture.queue([await installWithoutChat()]);
    await fixture.createDispatcher().start();
    await fixture.untilStates('failed');
    expect(fixture.sender.posts).toEqual([]);
    expect(fixture.rows('SELECT state, reason FROM installation')).toEqual([
      { state: 'unreachable', reason: 'not_installed' },
    ]);
  });

  test('is opened and not written to when the time to live ended meanwhile', async () => {
    fixture.sender.script = async (request) => {
      fixture.clock.advance(10_000);
      return succeed(request);
    };
    await fixture.queue([await installWithoutChat()], { ttlMs: 10_000 });
    await fixture.createDispatcher().start();
    await fixture.untilStates('expired');
    expect(fixture.sender.posts).toEqual([]);
  });
});
