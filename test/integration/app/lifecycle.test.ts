// One card for one thing, and what its producer takes back, as the person in the chat sees it.

import { messagesOf, nextMessage } from '../../support/chat.ts';
import { installReachable } from '../../support/install-reachable.ts';
import { type RunningService, startService } from '../../support/running-service.ts';
import { until } from '../../support/until.ts';

let service: RunningService;

beforeEach(async () => {
  service = await startService();
  const welcome = nextMessage(service.sandbox, 'Good to be here');
  await installReachable(service, 'ana');
  await welcome;
});

afterEach(() => service.stop());

const DISK = { to: 'ana@contoso.com', key: 'disk-full/db1', title: 'Disk almost full', severity: 'warning' };

/** The chat without its welcome. */
const chat = () => messagesOf(service.sandbox, 'ana').slice(1);

const send = async (fields: object = {}) => {
  const response = await service.post({ ...DISK, ...fields });
  expect(response.status).toBe(202);
  return (await response.json()) as { readonly id: string };
};

const change = (method: 'PATCH' | 'DELETE', id: string, fields?: object) =>
  fetch(`${service.url}/api/v1/notifications/${id}`, {
    method,
    headers: { authorization: `Bearer ${service.apiKey}`, 'content-type': 'application/json' },
    ...(fields && { body: JSON.stringify(fields) }),
  });

const untilShown = (isShown: (messages: readonly string[]) => boolean) => until(async () => chat(), isShown);
const untilTold = (...parts: readonly string[]) =>
  untilShown((messages) => messages.length === parts.length && parts.every((part, at) => messages[at]?.includes(part)));

test('a card turns from open over acknowledged to resolved where it is, and a new one comes when it begins again', async () => {
  await send();
  await untilTold('Disk almost full');
  await send({ state: 'acknowledged', title: 'Disk: Ben is on it' });
  await untilTold('Ben is on it');
  await send({ state: 'resolved', title: 'Disk has room' });
  await untilTold('Disk has room');
  await send();
  await untilTold('Disk has room', 'Disk almost full');
});

test('a person who lost the message gets the end of it as a new one', async () => {
  await send();
  await untilTold('Disk almost full');
  service.sandbox.faults.add({
    operation: 'updateActivity',
    answer: { kind: 'error', name: 'ActivityNotFoundInConversation' },
  });
  await send({ state: 'resolved', title: 'Disk has room' });
  await untilTold('Disk almost full', 'Disk has room');
});

test('an edit of what was sent changes the card, and a recall takes it away', async () => {
  const { id } = await send();
  await untilTold('Disk almost full');
  expect((await change('PATCH', id, { title: 'Disk full', text: 'It is full now' })).status).toBe(202);
  await untilTold('It is full now');
  expect((await change('DELETE', id)).status).toBe(202);
  await untilShown((messages) => messages.length === 0);
  const status = await until(
    () => service.getStatus(id),
    ({ counts }) => JSON.stringify(counts) === '{"recalled":1}',
  );
  expect(status).toMatchObject({ recalledAt: expect.any(String), deliveries: [{ state: 'recalled' }] });
});

test('an edit changes the images of a card that has a life, and takes them away', async () => {
  const [load, memory] = ['load', 'memory'].map((name) => ({ url: `https://ci.example/${name}.png`, alt: name }));
  const shown = async () => {
    const message = service.sandbox
      .state()
      .people.find(({ key }) => key === 'ana')
      ?.messages.at(-1);
    return JSON.stringify(message?.activity).match(/[a-z]+\.png/g) ?? [];
  };
  const { id } = await send({ images: [load] });
  await until(shown, (names) => names.join() === 'load.png');
  expect((await change('PATCH', id, { images: [load, memory] })).status).toBe(202);
  await until(shown, (names) => names.join() === 'load.png,memory.png');
  expect(await (await change('PATCH', id, { title: 'Disk full' })).json()).toMatchObject({ isChanged: true });
  await untilTold('Disk full');
  expect(await shown()).toHaveLength(2);
  expect(await (await change('PATCH', id, { images: [] })).json()).toMatchObject({ isChanged: true });
  await until(shown, (names) => names.length === 0);
  expect(await (await change('PATCH', id, { images: [] })).json()).toMatchObject({ isChanged: false });
  expect((await change('PATCH', id, { images: [{ ...load, url: 'http://ci.example/load.png' }] })).status).toBe(400);
});

test.each([
  ['PATCH', {}, 400],
  ['PATCH', { titel: 'x' }, 400],
  ['PATCH', { title: '' }, 400],
  ['PATCH', { title: '\u0000\ud800' }, 400],
] as const)('%s with %j is refused with %i, and nothing changes', async (method, fields, status) => {
  const { id } = await send();
  expect((await change(method, id, fields)).status).toBe(status);
  expect(await service.getStatus(id)).toMatchObject({ changedAt: null });
});

test('an edit and a recall of nothing are answered 404', async () => {
  const id = 'ntf_00000000000000000000000000';
  expect([(await change('PATCH', id, { title: 'x' })).status, (await change('DELETE', id)).status]).toEqual([404, 404]);
});

test('a state without a key, and a key that nobody could type again, are faults', async () => {
  const { key: _key, ...withoutKey } = DISK;
  const response = await service.post({ ...withoutKey, state: 'open' });
  expect([response.status, await response.json()]).toMatchObject([400, { faults: [{ pointer: '/state' }] }]);
  const invisible = await service.post({ ...DISK, key: 'disk\u202e' });
  expect([invisible.status, await invisible.json()]).toMatchObject([400, { faults: [{ pointer: '/key' }] }]);
});
