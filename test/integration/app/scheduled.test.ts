// A scheduled notification through the whole service: nobody has it before its time, and everybody right after.

import { messagesOf, nextMessage } from '../../support/chat.ts';
import { installReachable } from '../../support/install-reachable.ts';
import { type RunningService, startService } from '../../support/running-service.ts';
import { until } from '../../support/until.ts';

type Json = Record<string, unknown>;

/** The service's clock follows small steps of the machine's a little later. */
const CLOCK_STEP_MS = 200;

let service: RunningService;

beforeAll(async () => {
  service = await startService();
  await installReachable(service, 'ana');
});

afterAll(() => service.stop());

const post = async (fields: object) => {
  const response = await service.post({ title: 'Stand-up in five minutes', ...fields });
  return { status: response.status, body: (await response.json()) as Json };
};

test.each(['ana@contoso.com', 'everyone'])('arrives at its instant, for %s', async (to) => {
  const title = to === 'everyone' ? 'Stand-up of all' : 'Stand-up of one';
  const arriving = nextMessage(service.sandbox, title);
  const atMs = Date.now() + 1_000;
  const at = new Date(atMs).toISOString();
  const { status, body } = await post({ to, title, at });
  expect([status, body['deliveries']]).toEqual([202, [{ recipient: to, state: 'queued', dueAt: at }]]);
  const id = String(body['id']);
  expect(await service.getStatus(id)).toMatchObject({ progress: 'scheduled' });
  expect(messagesOf(service.sandbox, 'ana').filter((text) => text.includes(title))).toEqual([]);
  await arriving;
  expect(Date.now()).toBeGreaterThanOrEqual(atMs - CLOCK_STEP_MS);
  await until(
    () => service.getStatus(id),
    ({ progress }) => progress === 'done',
  );
});

/** Asks for something about a notification. */
const ask = async (path: string, method: string, fields?: object) => {
  const headers = { authorization: `Bearer ${service.apiKey}`, ...(fields && { 'content-type': 'application/json' }) };
  const init = { method, headers, ...(fields && { body: JSON.stringify(fields) }) };
  const response = await fetch(`${service.url}/api/v1/notifications/${path}`, init);
  return (await response.json()) as Json;
};

test('that is edited before its time arrives as it is then', async () => {
  const arriving = nextMessage(service.sandbox, 'Moved to ten');
  const { body } = await post({ to: 'ana@contoso.com', at: new Date(Date.now() + 1_000).toISOString() });
  await ask(String(body['id']), 'PATCH', { title: 'Moved to ten' });
  expect(await service.getStatus(String(body['id']))).toMatchObject({ progress: 'scheduled' });
  expect(await arriving).not.toContain('Stand-up in five minutes');
});

describe.each(['ana@contoso.com', 'everyone'])('for %s', (to) => {
  const schedule = async () => {
    const at = new Date(Date.now() + 24 * 3_600_000).toISOString().slice(0, 16);
    const { body } = await post({ to, at, timeZone: 'Europe/Berlin' });
    return String(body['id']);
  };

  test('is withdrawn before its time, and nobody gets it', async () => {
    const id = await schedule();
    const answer = await ask(`${id}/cancel`, 'POST');
    expect(answer).toMatchObject(to === 'everyone' ? { isBroadcastStopped: true } : { cancelled: 1 });
    expect(await service.getStatus(id)).toMatchObject({ progress: 'done' });
  });

  test('is recalled before its time, and nobody gets it', async () => {
    const id = await schedule();
    expect(await ask(id, 'DELETE')).toMatchObject({ isChanged: true });
    expect(await service.getStatus(id)).toMatchObject({ progress: 'done' });
  });
});

test.each([
  [{ at: 'tomorrow' }, '/at'],
  [{ at: '2020-01-01T09:00:00Z' }, '/at'],
  [{ at: '2020-01-01T09:00' }, '/at'],
  [{ at: '2999-01-01T09:00:00Z' }, '/at'],
  [{ at: '2999-01-01T09:00', timeZone: 'Mars/Base' }, '/timeZone'],
  [{ timeZone: 'Europe/Berlin' }, '/timeZone'],
  [{ at: '2999-01-01T09:00:00Z', timeZone: 'Europe/Berlin' }, '/timeZone'],
])('is refused with the place of its fault: %j', async (fields, pointer) => {
  const { status, body } = await post({ to: 'ana@contoso.com', ...fields });
  expect([status, body['faults']]).toMatchObject([400, [{ pointer }]]);
});
