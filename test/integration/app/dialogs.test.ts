// Conversations that the bot begins, as producers begin and read them over HTTP.

import { randomBytes } from 'node:crypto';
import { systemClock } from '../../../src/domain/clock.ts';
import { addProducer } from '../../../src/producers/administer.ts';
import { openSqliteStore } from '../../../src/store/sqlite/sqlite-store.ts';
import { installReachable } from '../../support/install-reachable.ts';
import { type RunningService, startService } from '../../support/running-service.ts';

type Json = Record<string, unknown>;

const SURVEY = {
  title: 'Your first week',
  questions: [
    { id: 'laptop', kind: 'choice', text: 'Did your laptop work?', choices: ['Yes', 'No'], next: { Yes: 'end' } },
    { id: 'problem', kind: 'text', text: 'What was wrong?' },
  ],
};

let service: RunningService;
let key: string;

beforeAll(async () => {
  service = await startService({ env: { KEY_REQUESTS_PER_SECOND: '1000', KEY_BURST: '1000' } });
  key = await service.createKey({ scopes: ['send', 'read', 'manage'] });
  await installReachable(service, 'ana');
});

afterAll(() => service.stop());

/** The next test begins with nobody who is asked anything. */
afterEach(async () => {
  const { body } = await ask('GET', 'dialogs');
  for (const { id } of body['dialogs'] as Json[]) {
    await ask('POST', `dialogs/${id}/cancel`);
  }
});

const ask = async (method: string, path: string, body?: unknown, { as = key, headers = {} } = {}) => {
  const response = await fetch(`${service.url}/api/v1/${path}`, {
    method,
    headers: { authorization: `Bearer ${as}`, ...(body !== undefined && JSON_TYPE), ...headers },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: (text ? JSON.parse(text) : {}) as Json };
};
const JSON_TYPE = { 'content-type': 'application/json' };

const begin = (fields: Json, headers = {}) => ask('POST', 'dialogs', fields, { headers });
const faultsOf = ({ body }: { readonly body: Json }) =>
  ((body['faults'] ?? []) as { pointer: string }[]).map(({ pointer }) => pointer);

describe('a named survey', () => {
  test.each(['onboarding', '/', '/Onboarding.2'])('is made, changed, read and removed: %s', async (name) => {
    const path = `dialog-definitions/${encodeURIComponent(name)}`;
    const made = await ask('PUT', path, SURVEY);
    expect(made).toMatchObject({ status: 201, body: { name, updatedAt: expect.any(String) } });
    expect(made.headers.get('location')).toBe(`/api/v1/${path}`);
    expect(await ask('PUT', path, { ...SURVEY, timeout: 'PT1H' })).toMatchObject({ status: 200 });
    expect(await ask('GET', path)).toMatchObject({
      status: 200,
      body: { name, definition: { ...SURVEY, timeout: 'PT1H' } },
    });
    expect((await ask('GET', 'dialog-definitions')).body).toMatchObject({ definitions: [{ name }] });
    expect(await ask('DELETE', path)).toMatchObject({ status: 204 });
    expect(await ask('DELETE', path)).toMatchObject({ status: 404 });
    expect(await ask('GET', path)).toMatchObject({ status: 404 });
  });

  test('is refused with every fault, and by a name that it cannot have', async () => {
    const wrong = { ...SURVEY, questions: [{ ...SURVEY.questions[0], next: { Maybe: 'x' } }], timeout: '1h' };
    const refused = await ask('PUT', 'dialog-definitions/wrong', wrong);
    expect(refused).toMatchObject({ status: 400, body: { type: 'urn:bellhop:problem:invalid_request' } });
    expect(faultsOf(refused)).toEqual(['/timeout', '/questions/0/next/Maybe', '/questions/0/next/Maybe']);
    expect(await ask('PUT', `dialog-definitions/${'a'.repeat(65)}`, SURVEY)).toMatchObject({ status: 400 });
    expect((await ask('PUT', 'dialog-definitions/%2F%2F', SURVEY)).status).toBe(404);
    expect((await ask('GET', 'dialog-definitions')).body).toEqual({ definitions: [] });
  });

  test('is for whoever has the scope', async () => {
    const sender = await service.createKey({ scopes: ['send', 'read'] });
    expect(await ask('PUT', 'dialog-definitions/a', SURVEY, { as: sender })).toMatchObject({ status: 403 });
  });
});

/** A key of another producer. */
async function strangersKey(): Promise<string> {
  const store = openSqliteStore({ path: service.databasePath, isServer: false });
  await addProducer({ store, clock: systemClock, randomBytes }, 'billing');
  await store.close();
  return service.createKey({ producer: 'billing', scopes: ['send', 'read', 'manage'] });
}

describe('a dialog', () => {
  test('is begun with a survey of its own, read, listed and cancelled', async () => {
    const begun = await begin({ to: 'ana@contoso.com', definition: SURVEY });
    expect(begun).toMatchObject({
      status: 202,
      body: {
        id: expect.stringMatching(/^dlg_/),
        state: 'active',
        title: SURVEY.title,
        question: 'laptop',
        answers: {},
      },
    });
    const { id, person } = begun.body;
    expect(person).toBe(`aad:${service.sandbox.organisation.people[0]?.aadObjectId}`);
    expect(begun.headers.get('location')).toBe(`/api/v1/dialogs/${id}`);
    const second = await begin({ to: String(person), definition: SURVEY });
    expect(second.body).toMatchObject({ state: 'waiting', begunAt: null });
    expect((await ask('GET', `dialogs/${id}`)).body).toEqual(begun.body);
    const first = await ask('GET', 'dialogs?limit=1');
    expect(first.body).toMatchObject({ dialogs: [{ id: second.body['id'] }], nextCursor: expect.any(String) });
    const rest = await ask('GET', `dialogs?limit=1&cursor=${first.body['nextCursor']}`);
    expect(rest.body).toMatchObject({ dialogs: [{ id }], nextCursor: null });
    expect((await ask('GET', 'dialogs?state=active')).body).toMatchObject({ dialogs: [{ id }] });

    const cancelled = await ask('POST', `dialogs/${id}/cancel`);
    expect(cancelled).toMatchObject({
      status: 200,
      body: { id, state: 'cancelled', reason: { code: 'cancelled_by_producer' }, endedAt: expect.any(String) },
    });
    expect((await ask('POST', `dialogs/${id}/cancel`)).body).toEqual(cancelled.body);
    expect((await ask('GET', `dialogs/${second.body['id']}`)).body).toMatchObject({ state: 'active' });
  });

  test('is begun once for an idempotency key', async () => {
    const wish = { to: 'ana@contoso.com', definition: SURVEY };
    const headers = { 'idempotency-key': 'week-1' };
    const answers = await Promise.all([1, 2, 3].map(() => begin(wish, headers)));
    const ids = new Set(answers.map(({ body }) => body['id']));
    expect(ids.size).toBe(1);
    expect(answers.filter((answer) => answer.headers.get('idempotency-replayed') === null)).toHaveLength(1);
    const other = await begin({ ...wish, to: 'ben@contoso.com' }, headers);
    expect(other).toMatchObject({ status: 422, body: { type: 'urn:bellhop:problem:idempotency_key_reused' } });
  });

  test('keeps its survey when that is changed or removed', async () => {
    await ask('PUT', 'dialog-definitions/week', SURVEY);
    const { body } = await begin({ to: 'ana@contoso.com', dialog: 'week' });
    await ask('DELETE', 'dialog-definitions/week');
    expect((await ask('GET', `dialogs/${body['id']}`)).body).toMatchObject({ state: 'active', title: SURVEY.title });
  });

  test('is not begun with somebody who cannot be reached, and the reason is told', async () => {
    const reasonsOf = async (to: string) => {
      const { status, body } = await begin({ to, definition: SURVEY });
      return [status, body['type'], ((body['unresolved'] ?? []) as Json[]).map(({ reason }) => reason)];
    };
    expect(await reasonsOf('nobody@contoso.com')).toEqual([422, 'urn:bellhop:problem:no_recipient', ['unknown']]);
    await service.sandbox.people.write('ana', 'stop');
    expect(await reasonsOf('ana@contoso.com')).toEqual([422, 'urn:bellhop:problem:no_recipient', ['opted_out']]);
    await service.sandbox.people.write('ana', 'start');
    const limited = await service.createKey({ scopes: ['send'], recipients: ['ben@contoso.com'] });
    const wish = { to: 'ana@contoso.com', definition: SURVEY };
    expect((await ask('POST', 'dialogs', wish, { as: limited })).body).toMatchObject({
      unresolved: [{ reason: 'not_allowed' }],
    });
  });

  test('is not there for another producer, and its survey neither', async () => {
    const { body } = await begin({ to: 'ana@contoso.com', definition: SURVEY });
    await ask('PUT', 'dialog-definitions/mine', SURVEY);
    const as = await strangersKey();
    expect(await ask('GET', `dialogs/${body['id']}`, undefined, { as })).toMatchObject({ status: 404 });
    expect(await ask('POST', `dialogs/${body['id']}/cancel`, undefined, { as })).toMatchObject({ status: 404 });
    expect((await ask('GET', 'dialogs', undefined, { as })).body).toEqual({ dialogs: [], nextCursor: null });
    expect((await ask('GET', 'dialog-definitions', undefined, { as })).body).toEqual({ definitions: [] });
    const stolen = await ask('POST', 'dialogs', { to: 'ana@contoso.com', dialog: 'mine' }, { as });
    expect(faultsOf(stolen)).toEqual(['/dialog']);
    await ask('DELETE', 'dialog-definitions/mine');
  });

  test('is begun and cancelled with the scope send, and read with the scope read', async () => {
    const [sender, reader] = [
      await service.createKey({ scopes: ['send'] }),
      await service.createKey({ scopes: ['read'] }),
    ];
    const wish = { to: 'ana@contoso.com', definition: SURVEY };
    expect(await ask('POST', 'dialogs', wish, { as: reader })).toMatchObject({ status: 403 });
    const { body } = await ask('POST', 'dialogs', wish, { as: sender });
    const path = `dialogs/${body['id']}`;
    expect(await ask('GET', path, undefined, { as: sender })).toMatchObject({ status: 403 });
    expect(await ask('GET', path, undefined, { as: reader })).toMatchObject({ status: 200 });
    expect(await ask('POST', `${path}/cancel`, undefined, { as: reader })).toMatchObject({ status: 403 });
    expect(await ask('POST', `${path}/cancel`, {}, { as: sender })).toMatchObject({ status: 200 });
  });

  test.each<[string, Json, readonly string[]]>([
    ['nobody and nothing', {}, ['/to', '/dialog']],
    ['a person twice', { to: 'a@b.c', address: {}, dialog: 'x' }, ['/address/channelId', '/to']],
    ['a survey twice', { to: 'a@b.c', dialog: 'x', definition: SURVEY }, ['/dialog']],
    ['a team', { to: 'team:19:a@thread.tacv2', dialog: 'x' }, ['/to']],
    ['everyone', { to: 'everyone', definition: SURVEY }, ['/to']],
    ['a list', { to: ['ana@contoso.com'], definition: SURVEY }, ['/to']],
    ['a survey that there is not', { to: 'ana@contoso.com', dialog: '/nothing' }, ['/dialog']],
    ['a name that no survey has', { to: 'ana@contoso.com', dialog: '//' }, ['/dialog']],
    ['a survey with a fault', { to: 'ana@contoso.com', definition: { title: 'x' } }, ['/definition/questions']],
    ['a field that there is not', { to: 'ana@contoso.com', definition: SURVEY, title: 'x' }, ['/title']],
  ])('is refused with %s', async (_what, fields, pointers) => {
    const refused = await begin(fields);
    expect(refused.status).toBe(400);
    expect(faultsOf(refused)).toEqual(expect.arrayContaining([...pointers]));
  });
});

describe('an address of the Bot Builder SDK', () => {
  const addressOf = (change: Json = {}) => ({
    channelId: 'msteams',
    user: { id: service.sandbox.organisation.people[0]?.teamsUserId },
    channelData: { tenant: { id: service.sandbox.organisation.tenantId } },
    bot: { id: service.appId, name: 'Bellhop' },
    serviceUrl: service.sandbox.serviceUrl,
    useAuth: true,
    ...change,
  });

  test.each([
    ['by the id of Teams', () => ({})],
    ['by the Entra object id', () => ({ user: { id: service.sandbox.organisation.people[0]?.aadObjectId } })],
    ['with the prefix of bots', () => ({ bot: { id: `28:${service.appId}` } })],
    ['without what the service knows', () => ({ bot: undefined, serviceUrl: undefined, useAuth: undefined })],
  ])('means its person %s', async (_how, change) => {
    const { status, body } = await begin({ address: addressOf(change()), definition: SURVEY });
    expect([status, body['state']]).toEqual([202, 'active']);
  });

  test.each<[string, Json, readonly string[]]>([
    ['another bot', { bot: { id: '28:other' } }, ['/address/bot/id']],
    ['another host', { serviceUrl: 'https://evil.example.com/' }, ['/address/serviceUrl']],
    ['another channel', { channelId: 'slack' }, ['/address/channelId']],
    ['no token', { useAuth: false }, ['/address/useAuth']],
    ['an e-mail address', { user: { id: 'ana@contoso.com' } }, ['/address/user/id']],
    ['no tenant', { channelData: {} }, ['/address/channelData/tenant']],
    ['a field that there is not', { conversation: { id: 'a:1' } }, ['/address/conversation']],
  ])('is refused with %s', async (_what, change, pointers) => {
    expect(faultsOf(await begin({ address: addressOf(change), definition: SURVEY }))).toEqual(pointers);
  });

  test('means nobody in another tenant', async () => {
    const channelData = { tenant: { id: '22222222-2222-4222-8222-222222222222' } };
    expect(await begin({ address: addressOf({ channelData }), definition: SURVEY })).toMatchObject({
      status: 422,
      body: { type: 'urn:bellhop:problem:no_recipient', unresolved: [{ reason: 'unknown' }] },
    });
  });
});
