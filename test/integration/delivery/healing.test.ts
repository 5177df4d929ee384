// A chat that Teams does not take any more is mended once, and lost only if that does not help.

import type { Outcome } from '../../../src/domain/delivery.ts';
import type { FailureReason } from '../../../src/domain/failure-reason.ts';
import { GCC_SERVICE_URL } from '../../../src/domain/service-url.ts';
import { DeliveryFixture } from '../../support/delivery-fixture.ts';
import { CREATED_CHAT, createGate, inTurn } from '../../support/scripted-sender.ts';
import { type InstalledPerson, SERVICE_URL } from '../../support/store-fixtures.ts';
import { eventually } from '../../support/waiting.ts';

const gone = (reason: FailureReason): Outcome => ({ kind: 'gone', reason, isUninstalled: false });
const NOT_FOUND = gone('conversation_not_found');
const FOREIGN = gone('wrong_identity');
const WRONG_CLOUD = gone('wrong_cloud');
const CHAT = 'a:11111';

let fixture: DeliveryFixture;
let person: InstalledPerson;

beforeEach(async () => {
  fixture = await DeliveryFixture.create();
  person = await fixture.install(1);
});

afterEach(() => fixture.dispose());

async function deliverWith(...outcomes: readonly Outcome[]): Promise<void> {
  fixture.sender.script = inTurn(...outcomes);
  await fixture.queue([person]);
  await fixture.createDispatcher().start();
}

const places = () => fixture.sender.requests.map(({ place }) => place);
const installation = () => fixture.rows('SELECT state, reason FROM installation')[0];

describe('a chat that Teams does not know any more', () => {
  test('is opened again from the person, and the message goes to the new one', async () => {
    await deliverWith(NOT_FOUND);
    await fixture.untilStates('sent');
    expect(places()).toEqual([CHAT, '29:11111', CREATED_CHAT]);
    expect(fixture.attempts().map((row) => `${row['operation']} ${row['outcome']}`)).toEqual([
      'post gone',
      'create_conversation created',
      'post delivered',
    ]);
    expect(installation()).toMatchObject({ state: 'active' });
  });

  test('is lost when the new one is not known either', async () => {
    await deliverWith(NOT_FOUND, { kind: 'created', conversationId: CHAT }, NOT_FOUND);
    await fixture.untilStates('failed');
    expect(fixture.deliveries()[0]).toMatchObject({ reason: 'conversation_not_found', attempts: 3 });
    expect(installation()).toMatchObject({ state: 'unreachable', reason: 'conversation_not_found' });
  });

  test('is lost with the reason of the refusal when it cannot be opened again', async () => {
    await deliverWith(NOT_FOUND, gone('not_installed'));
    await fixture.untilStates('failed');
    expect(fixture.deliveries()[0]).toMatchObject({ reason: 'not_installed', attempts: 2 });
    expect(installation()).toMatchObject({ state: 'unreachable', reason: 'not_installed' });
  });

  test('is lost when Teams finds fault with the person it was to be opened with', async () => {
    await deliverWith(NOT_FOUND, { kind: 'rejected', reason: 'bad_request' });
    await fixture.untilStates('failed');
    expect(installation()).toMatchObject({ state: 'unreachable', reason: 'conversation_not_found' });
  });

  test('keeps its order while it is mended, and the later messages go to the new chat', async () => {
    fixture.sender.script = inTurn(NOT_FOUND);
    await fixture.queue([person]);
    await fixture.queue([person]);
    await fixture.createDispatcher().start();
    await fixture.untilStates('sent', 'sent');
    expect(places()).toEqual([CHAT, '29:11111', CREATED_CHAT, CREATED_CHAT]);
  });

  test('is opened again although opening it takes several tries', async () => {
    await deliverWith(NOT_FOUND, { kind: 'transient', reason: 'unreachable_host' });
    await fixture.passToStates('sent');
    expect(places()).toEqual([CHAT, '29:11111', '29:11111', CREATED_CHAT]);
  });

  test('is mended once also by a process that came after the one that began to mend it', async () => {
    const hangs = createGate();
    fixture.sender.script = (request) => (request.operation === 'post' ? NOT_FOUND : hangs.script(request));
    await fixture.queue([person]);
    await fixture.createDispatcher({ store: fixture.openBeside() }).start();
    await eventually(() => fixture.sender.requests.length === 2, 'the chat is being opened');
    fixture.sender.script = inTurn({ kind: 'created', conversationId: CHAT }, NOT_FOUND);
    await fixture.createDispatcher().start();
    await fixture.passToStates('failed');
    expect(places()).toEqual([CHAT, '29:11111', '29:11111', CHAT]);
  });
});

describe('ids of another bot', () => {
  test('in a chat are replaced by opening it from the Entra object id', async () => {
    await deliverWith(FOREIGN);
    await fixture.untilStates('sent');
    expect(places()).toEqual([CHAT, person.aadObjectId, CREATED_CHAT]);
  });

  test('in a person are replaced by the Entra object id while the chat is opened', async () => {
    fixture.forgetChat(person);
    await deliverWith(FOREIGN);
    await fixture.untilStates('sent');
    expect(places()).toEqual(['29:11111', person.aadObjectId, CREATED_CHAT]);
  });

  test('are found out one after the other, and that ends', async () => {
    await deliverWith(NOT_FOUND, FOREIGN, { kind: 'created', conversationId: CHAT }, FOREIGN);
    await fixture.untilStates('failed');
    expect(places()).toEqual([CHAT, '29:11111', person.aadObjectId, CHAT]);
    expect(fixture.deliveries()[0]).toMatchObject({ reason: 'wrong_identity' });
  });
});

describe('a tenant in the cloud of GCC', () => {
  const addresses = () => fixture.sender.requests.map(({ serviceUrl }) => serviceUrl);

  test('is reached at the address of that cloud, from then on', async () => {
    await deliverWith(WRONG_CLOUD);
    await fixture.untilStates('sent');
    await fixture.queue([person]);
    await fixture.untilStates('sent', 'sent');
    expect(addresses()).toEqual([SERVICE_URL, GCC_SERVICE_URL, GCC_SERVICE_URL]);
  });

  test('is given up when that address is refused as well', async () => {
    await deliverWith(WRONG_CLOUD, WRONG_CLOUD);
    await fixture.untilStates('failed');
    expect(addresses()).toEqual([SERVICE_URL, GCC_SERVICE_URL]);
    expect(installation()).toMatchObject({ state: 'unreachable', reason: 'wrong_cloud' });
  });
});
