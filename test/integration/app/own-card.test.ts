// Cards of a producer's own making, and what is told of a card that was too long.

import { nextMessage } from '../../support/chat.ts';
import { installReachable } from '../../support/install-reachable.ts';
import { type RunningService, startService } from '../../support/running-service.ts';

const CARD = {
  type: 'AdaptiveCard',
  version: '1.5',
  fallbackText: 'Disk full on db1',
  body: [
    { type: 'TextBlock', text: 'Disk **full** on db1', wrap: true },
    { type: 'Table', columns: [{ width: 1 }], rows: [{ cells: [{ items: [{ type: 'TextBlock', text: '98 %' }] }] }] },
  ],
  actions: [{ type: 'Action.OpenUrl', title: 'Dashboard', url: 'https://grafana.example/d/disk' }],
};
const REQUEST = { to: 'ana@contoso.com', summary: 'db1 is full', card: CARD };

let service: RunningService;
let headers: Record<string, string>;

beforeEach(async () => {
  service = await startService();
  await installReachable(service, 'ana');
  headers = { authorization: `Bearer ${await service.createKey({ scopes: ['send', 'read', 'cards'] })}` };
});

afterEach(() => service.stop());

test('a card of its own making arrives as it was sent, with its summary as the toast and its sender below', async () => {
  const posted = service.sandbox.waitFor(
    (event) => event.kind === 'message' && JSON.stringify(event.message.activity).includes('98 %'),
    { timeoutMs: 10_000 },
  );
  const response = await service.post(REQUEST, headers);
  expect(response.status).toBe(202);
  const event = await posted;
  const activity = event.kind === 'message' ? event.message.activity : {};
  expect(activity).toMatchObject({
    summary: 'db1 is full',
    attachments: [
      {
        contentType: 'application/vnd.microsoft.card.adaptive',
        content: { ...CARD, body: [...CARD.body, expect.anything()] },
      },
    ],
  });
  expect(JSON.stringify(activity)).toContain('From ci');
});

test('it needs a key that may send cards', async () => {
  const response = await service.post({ ...REQUEST, card: { type: 'wrong' } });
  expect([response.status, await response.json()]).toMatchObject([403, { type: 'urn:bellhop:problem:forbidden' }]);
});

test('what is wrong with it is told with its place, and nothing is sent', async () => {
  const card = { ...CARD, body: [...CARD.body, { type: 'Image', url: 'http://cdn.example/a.png' }] };
  const response = await service.post({ ...REQUEST, card }, headers);
  expect([response.status, await response.json()]).toMatchObject([400, { faults: [{ pointer: '/card/body/2/url' }] }]);
});

test('one that is too large is refused with how much, unless the limit is raised', async () => {
  const body = [{ type: 'TextBlock', text: 'x'.repeat(14_336) }];
  const request = { ...REQUEST, card: { ...CARD, body } };
  const response = await service.post(request, headers);
  const problem = (await response.json()) as { faults: { pointer: string; detail: string }[] };
  const [fault] = problem.faults;
  expect([response.status, fault?.pointer]).toEqual([400, '/card']);
  expect(fault?.detail).toMatch(/at most 14336 UTF-16 units.* \d{3} too long/);
  await service.restart({ env: { MAX_CARD_KB: '40' } });
  const seen = nextMessage(service.sandbox, 'xxxx');
  expect((await service.post(request, headers)).status).toBe(202);
  await seen;
});

test('a notification whose card leaves something out is answered with what, also when it is asked again', async () => {
  const text = 'x'.repeat(16_000);
  const links = Array.from({ length: 6 }, (_, index) => ({
    title: `${index}`,
    url: `https://ci.example/${'y'.repeat(2_000)}`,
  }));
  const request = { to: 'ana@contoso.com', title: 'Long', text, links, images: [{ url: links[0]?.url, alt: 'Load' }] };
  const seen = nextMessage(service.sandbox, 'Long');
  const key = { 'idempotency-key': 'long' };
  const answer = (await (await service.post(request, key)).json()) as {
    shortened: { characters: number; facts: number; links: number; images: number };
  };
  const { characters, facts, links: lost, images: lostImages } = answer.shortened;
  expect((await seen).join('\n')).toContain(`… ${characters.toLocaleString('en')} more characters`);
  expect([facts, lost, lostImages]).toEqual([0, 4, 1]);
  expect(await (await service.post(request, key)).json()).toEqual(answer);
});

test('a notification that is whole says nothing of it', async () => {
  const response = await service.post({ to: 'ana@contoso.com', title: 'Short', text: 'x'.repeat(10_000) });
  expect(await response.json()).not.toHaveProperty('shortened');
});
