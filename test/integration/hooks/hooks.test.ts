// Hooks through the whole service: who is let in, what becomes of what they post, and what their owners can do.

import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bellhop } from '../../support/bellhop-command.ts';
import { messagesOf, nextCard, plain } from '../../support/chat.ts';
import { hmacOf, makeHook, postTo, standardHeaders } from '../../support/hooks.ts';
import { installReachable } from '../../support/install-reachable.ts';
import { type RunningService, startService } from '../../support/running-service.ts';
import { readPayload } from '../../support/senders.ts';
import { until } from '../../support/until.ts';

const JSON_TYPE = { 'content-type': 'application/json' };
const ALERT = {
  version: '4',
  status: 'firing',
  groupKey: '{}:{alertname="Disk"}',
  commonLabels: { alertname: 'Disk', severity: 'critical' },
  commonAnnotations: { summary: 'Disk is full' },
  alerts: [{ status: 'firing', labels: { severity: 'critical' }, startsAt: '2026-10-04T13:32:56Z', fingerprint: 'f1' }],
};
const FIRING = JSON.stringify(ALERT);
const RESOLVED = JSON.stringify({
  ...ALERT,
  status: 'resolved',
  commonAnnotations: { summary: 'Disk has room' },
  alerts: [{ ...ALERT.alerts[0], status: 'resolved', endsAt: '2026-10-04T14:32:56Z' }],
});

let service: RunningService;

beforeEach(async () => {
  service = await startService({ env: { ENCRYPTION_KEY: randomBytes(32).toString('base64') } });
  await installReachable(service, 'ana');
});

afterEach(() => service.stop());

const bearer = (secret: string) => ({ ...JSON_TYPE, authorization: `Bearer ${secret}` });
const manage = async (method: string, path: string, json?: object) => {
  const key = await service.createKey({ scopes: ['manage', 'send'] });
  const response = await fetch(`${service.url}/api/v1/hooks${path}`, {
    method,
    headers: bearer(key),
    ...(json && { body: JSON.stringify(json) }),
  });
  const text = await response.text();
  return { status: response.status, json: text === '' ? undefined : JSON.parse(text) };
};

describe('who is let in', () => {
  test('whoever presents the secret of the hook: as a bearer token, or as the password of Basic authentication', async () => {
    const { url, secret } = await makeHook(service, { source: 'alertmanager' });
    const basic = `Basic ${Buffer.from(`anybody:${secret}`).toString('base64')}`;
    expect((await postTo(url, FIRING, bearer(secret))).status).toBe(202);
    expect((await postTo(url, FIRING, { ...JSON_TYPE, authorization: basic })).status).toBe(202);
  });

  test('nobody else, and nobody learns why', async () => {
    const { url, secret, id } = await makeHook(service, { source: 'alertmanager' });
    const refused = await Promise.all([
      postTo(url, FIRING, JSON_TYPE),
      postTo(url, FIRING, bearer(`${secret}x`)),
      postTo(`${url}/${secret}`, FIRING, JSON_TYPE),
      postTo(url, FIRING, { ...bearer('x'), 'x-gitlab-token': secret }),
      postTo(`${service.url}/hooks/hook_${'0'.repeat(24)}`, FIRING, bearer(secret)),
      postTo(`${service.url}/hooks/${id.toUpperCase()}`, FIRING, bearer(secret)),
    ]);
    const told = refused.map(({ status, json }) => [status, json.type, json.detail]);
    expect(new Set(told.map(String)).size).toBe(1);
    expect(told[0]?.slice(0, 2)).toEqual([401, 'urn:bellhop:problem:unauthenticated']);
  });

  test('the sender of a hook with its secret in the address, which stands in no log', async () => {
    const { url, secret, secretUrl } = await makeHook(service, { source: 'alertmanager', auth: 'url' });
    expect(secretUrl).toMatch(new RegExp(`/${secret}$`));
    expect((await postTo(url, FIRING, bearer(secret))).status).toBe(401);
    expect((await postTo(`${url}/${secret}`, FIRING, JSON_TYPE)).status).toBe(202);
    expect(Buffer.from(secret.slice('bhs_'.length), 'base64url').length * 8).toBeGreaterThanOrEqual(160);
    expect(service.log.join('\n')).not.toContain(secret);
  });

  test('GitHub by its signature over the raw bytes, by the old secret too while that is good', async () => {
    const { url, id, secret } = await makeHook(service, { source: 'github' });
    const body = readPayload('github', { file: 'issue-opened.json' });
    const signed = (by: string, delivery: string) => ({
      ...JSON_TYPE,
      'x-github-event': 'issues',
      'x-github-delivery': delivery,
      'x-hub-signature-256': `sha256=${hmacOf(by, body)}`,
    });
    expect((await postTo(url, body, signed(secret, 'd1'))).status).toBe(202);
    expect((await postTo(url, Buffer.concat([body, Buffer.from(' ')]), signed(secret, 'd2'))).status).toBe(401);
    const { json } = await manage('POST', `/${id}/rotate`, { keepPreviousFor: 'PT1H' });
    expect((await postTo(url, body, signed(json.secret, 'd3'))).status).toBe(202);
    expect((await postTo(url, body, signed(secret, 'd4'))).status).toBe(202);
    await manage('POST', `/${id}/rotate`, { keepPreviousFor: 'PT0S' });
    expect((await postTo(url, body, signed(secret, 'd5'))).status).toBe(401);
  });

  test('GitHub is not believed by its SHA-1 signature', async () => {
    const { url } = await makeHook(service, { source: 'github' });
    const headers = { ...JSON_TYPE, 'x-github-event': 'ping', 'x-hub-signature': 'sha1=0000' };
    expect((await postTo(url, '{}', headers)).status).toBe(401);
  });

  test('a key of the producer where the hook asks for one, and of no other producer', async () => {
    const { url } = await makeHook(service, { source: 'alertmanager', auth: 'key' });
    await bellhop(service, 'producer', 'add', 'stranger');
    const { stdout: strange } = await bellhop(service, 'key', 'add', 'stranger');
    expect((await postTo(url, FIRING, bearer(service.apiKey))).status).toBe(202);
    expect((await postTo(url, FIRING, bearer(strange.trim()))).status).toBe(401);
    const reader = await service.createKey({ scopes: ['read'] });
    expect((await postTo(url, FIRING, bearer(reader))).status).toBe(403);
  });

  test('a hook that is disabled says so to its sender only', async () => {
    const { url, id, secret } = await makeHook(service, { source: 'alertmanager' });
    await manage('PATCH', `/${id}`, { isEnabled: false });
    const disabled = await postTo(url, FIRING, bearer(secret));
    expect([disabled.status, disabled.json.type]).toEqual([410, 'urn:bellhop:problem:hook_disabled']);
    expect((await postTo(url, FIRING, bearer('x'))).status).toBe(401);
    await manage('PATCH', `/${id}`, { isEnabled: true });
    expect((await postTo(url, FIRING, bearer(secret))).status).toBe(202);
    await bellhop(service, 'producer', 'disable', 'ci');
    expect((await postTo(url, FIRING, bearer(secret))).status).toBe(401);
  });
});

describe('what becomes of it', () => {
  test('the card of an alert changes when it is over', async () => {
    const { url, secret } = await makeHook(service, { source: 'alertmanager' });
    const opened = nextCard(service.sandbox, 'Disk is full');
    const { json } = await postTo(url, FIRING, bearer(secret));
    expect(json).toEqual({
      notifications: [{ id: expect.stringMatching(/^ntf_/), isReplay: false, unresolved: 0 }],
      filtered: 0,
    });
    await opened;
    await postTo(url, RESOLVED, bearer(secret));
    await until(
      async () => messagesOf(service.sandbox, 'ana'),
      (messages) =>
        messages.filter((text) => text.includes('Disk')).length === 1 && messages.join().includes('Resolved'),
    );
  });

  test('without a life cycle, each event gets a card of its own', async () => {
    const { url, secret } = await makeHook(service, { source: 'alertmanager', lifecycle: false });
    await postTo(url, FIRING, bearer(secret));
    await postTo(url, RESOLVED, bearer(secret));
    await until(
      async () => messagesOf(service.sandbox, 'ana').filter((text) => text.includes('Disk')),
      (messages) => messages.length === 2,
    );
  });

  test('a hundred equal requests make one card', async () => {
    const { url, secret } = await makeHook(service, { source: 'alertmanager', ratePerMinute: 6_000 });
    const answers = await Promise.all(Array.from({ length: 100 }, () => postTo(url, FIRING, bearer(secret))));
    const ids = new Set(answers.flatMap(({ json }) => json.notifications.map(({ id }: { id: string }) => id)));
    expect([new Set(answers.map(({ status }) => status)), ids.size]).toEqual([new Set([202]), 1]);
    await nextStatus([...ids][0] ?? '');
    expect(messagesOf(service.sandbox, 'ana').filter((text) => text.includes('Disk is full'))).toHaveLength(1);
  });

  test('what a filter keeps back is not stored, and the sender is told so', async () => {
    const { url, secret } = await makeHook(service, { source: 'alertmanager', filters: ['label=severity=warning'] });
    const { status, json } = await postTo(url, FIRING, bearer(secret));
    expect([status, json]).toEqual([202, { notifications: [], filtered: 1 }]);
  });

  test('the sender names whom it may, and nobody else', async () => {
    await installReachable(service, 'ben');
    const { url, secret } = await makeHook(service, { source: 'alertmanager', choosable: ['ben@contoso.com'] });
    const forBen = nextCard(service.sandbox, 'Disk is full');
    expect((await postTo(`${url}?to=ben@contoso.com`, FIRING, bearer(secret))).status).toBe(202);
    await forBen;
    expect(messagesOf(service.sandbox, 'ben').join()).toContain('Disk is full');
    const refused = await postTo(`${url}?to=ana@contoso.com`, RESOLVED, bearer(secret));
    expect([refused.status, refused.text]).toEqual([422, expect.not.stringContaining('ana@')]);
    expect((await postTo(`${url}?too=ben@contoso.com`, FIRING, bearer(secret))).status).toBe(400);
  });

  test('one event that is told to one and then to another is told to both', async () => {
    await installReachable(service, 'ben');
    const { url, secret } = await makeHook(service, {
      source: 'alertmanager',
      to: [],
      choosable: [],
      lifecycle: false,
    });
    for (const name of ['ana', 'ben', 'ana']) {
      await postTo(`${url}?to=${name}@contoso.com`, FIRING, bearer(secret));
    }
    await until(
      async () => ['ana', 'ben'].map((one) => messagesOf(service.sandbox, one).filter((text) => text.includes('Disk'))),
      (messages) => messages.every(({ length }) => length === 1),
    );
    expect((await service.client.listNotifications({})).notifications).toHaveLength(2);
  });

  test('a sender who may not choose reaches those whom its hook is for', async () => {
    const { url, secret } = await makeHook(service, { source: 'alertmanager' });
    const card = nextCard(service.sandbox, 'Disk is full');
    await postTo(`${url}?to=ben@contoso.com`, FIRING, bearer(secret));
    await card;
    expect(messagesOf(service.sandbox, 'ana').join()).toContain('Disk is full');
  });

  test('what cannot be told to anybody is no success, and names nobody', async () => {
    const { url, secret } = await makeHook(service, { source: 'alertmanager', to: ['nobody@contoso.com'] });
    const { status, text } = await postTo(url, FIRING, bearer(secret));
    expect([status, text]).toEqual([422, expect.not.stringContaining('nobody@')]);
  });

  test('a greeting is answered, and told to nobody', async () => {
    const { url, secret } = await makeHook(service, { source: 'github' });
    const body = '{"zen":"Design for failure.","hook_id":1}';
    const headers = { ...JSON_TYPE, 'x-github-event': 'ping', 'x-hub-signature-256': `sha256=${hmacOf(secret, body)}` };
    const { status, json } = await postTo(url, body, headers);
    expect([status, json]).toEqual([200, { isGreeting: true }]);
  });

  test('a template of its producer makes the card, with the payload as its data', async () => {
    await fetch(`${service.url}/api/v1/templates/alert`, {
      method: 'PUT',
      headers: bearer(await service.createKey({ scopes: ['manage'] })),
      body: JSON.stringify({
        // biome-ignore lint/suspicious/noTemplateCurlyInString: an expression of the template
        card: { type: 'AdaptiveCard', version: '1.5', body: [{ type: 'TextBlock', text: 'Tell ops: ${groupKey}' }] },
        // biome-ignore lint/suspicious/noTemplateCurlyInString: an expression of the template
        summary: '${status}',
        sample: { groupKey: 'g', status: 'firing' },
      }),
    });
    const { url, secret } = await makeHook(service, { source: 'alertmanager', template: 'alert' });
    const card = nextCard(service.sandbox, 'Tell ops: {}');
    expect((await postTo(url, FIRING, bearer(secret))).status).toBe(202);
    expect(plain(await card)).toContain('alertname="Disk"');
  });

  test.each([
    ['no JSON', '{"status":', 400],
    ['no payload of this sender', '{"a":1}', 400],
    ['a list', '[]', 400],
    ['bytes that are no text', Buffer.from([0xff, 0xfe]), 400],
    ['nothing', '', 400],
    ['more than a megabyte', Buffer.alloc(1_048_577, ' '), 413],
  ])('%s is refused, and nothing is stored', async (_what, body, status) => {
    const { url, secret } = await makeHook(service, { source: 'alertmanager' });
    const answer = await postTo(url, body, bearer(secret));
    expect([answer.status, answer.headers.get('content-type')]).toEqual([status, 'application/problem+json']);
    expect((await service.client.listNotifications({})).notifications).toEqual([]);
  });

  test('five hundred alerts in one group of a megabyte are one card, cut where one can see it', async () => {
    const alerts = Array.from({ length: 500 }, (_, at) => ({
      status: 'firing',
      labels: { alertname: 'Disk', instance: `db${at}`, note: 'x'.repeat(1_500) },
      annotations: { description: `db${at} <at>Ana</at> [x](javascript:alert(1)) مرحبا 👩‍👩‍👧` },
      startsAt: '2026-10-04T13:32:56Z',
      fingerprint: `f${at}`,
    }));
    const { url, secret } = await makeHook(service, { source: 'alertmanager' });
    const card = nextCard(service.sandbox, 'Disk is full');
    const { status } = await postTo(url, JSON.stringify({ ...ALERT, alerts }), bearer(secret));
    expect(status).toBe(202);
    expect(plain(await card)).toContain('490morealerts');
    // Every sign of it is kept from meaning anything.
    expect(await card).toContain('\\<at\\>Ana\\</at\\> \\[x\\]\\(javascript:alert\\(1\\)\\)');
  });

  test('a sender beyond its pace is told when to come again, and slows down nobody else', async () => {
    const [fast, other] = [
      await makeHook(service, { name: 'fast', source: 'alertmanager', ratePerMinute: 1 }),
      await makeHook(service, { name: 'other', source: 'alertmanager' }),
    ];
    const answers = await Promise.all(Array.from({ length: 15 }, () => postTo(fast.url, FIRING, bearer(fast.secret))));
    const tooMany = answers.filter(({ status }) => status === 429);
    expect(tooMany).toHaveLength(5);
    expect(Number(tooMany[0]?.headers.get('retry-after'))).toBeGreaterThan(1);
    expect((await postTo(other.url, FIRING, bearer(other.secret))).status).toBe(202);
  });
});

test('whoever cannot sign uses up nothing of what the sender may send', async () => {
  const { url, secret } = await makeHook(service, { source: 'github', ratePerMinute: 1 });
  const body = '{"zen":"Design for failure.","hook_id":1}';
  const post = (by: string) =>
    postTo(url, body, { ...JSON_TYPE, 'x-github-event': 'ping', 'x-hub-signature-256': `sha256=${hmacOf(by, body)}` });
  const strangers = await Promise.all(Array.from({ length: 15 }, () => post('guess')));
  expect(new Set(strangers.map(({ status }) => status))).toEqual(new Set([401]));
  expect((await post(secret)).status).toBe(200);
});

describe('its owner', () => {
  test('sees, changes and removes it, and no other producer does', async () => {
    const { id } = await makeHook(service, { source: 'alertmanager', filters: ['severity>=warning'] });
    expect((await manage('GET', '')).json.hooks).toMatchObject([{ id, source: 'alertmanager', auth: 'token' }]);
    expect((await manage('PATCH', `/${id}`, { filters: [], severity: 'error' })).json).toMatchObject({
      filters: [],
      severity: 'error',
      to: ['ana@contoso.com'],
    });
    await bellhop(service, 'producer', 'add', 'stranger');
    const { stdout } = await bellhop(service, 'key', 'add', 'stranger', '--scope', 'manage', 'send');
    const strange = await fetch(`${service.url}/api/v1/hooks/${id}`, { headers: bearer(stdout.trim()) });
    expect(strange.status).toBe(404);
    expect((await manage('DELETE', `/${id}`)).status).toBe(204);
    expect((await manage('GET', `/${id}`)).status).toBe(404);
  });

  test('is told everything that is wrong with a wish', async () => {
    const wrong = { name: '', source: 'pigeon', to: ['?'], filters: ['x'], ratePerMinute: 0, colour: 'red' };
    const { status, json } = await manage('POST', '', wrong);
    const pointers = json.faults.map(({ pointer }: { pointer: string }) => pointer);
    expect([status, pointers.toSorted()]).toEqual([
      400,
      ['/colour', '/filters/0', '/name', '/ratePerMinute', '/source', '/to/0'],
    ]);
  });

  test('makes no hook that may do more than their key', async () => {
    const limited = await service.createKey({ scopes: ['manage', 'send'], recipients: ['*@contoso.com'] });
    const post = async (wish: object, key = limited) => {
      const hook = { name: 'n', source: 'alertmanager', ...wish };
      const { status, json } = await postTo(`${service.url}/api/v1/hooks`, JSON.stringify(hook), bearer(key));
      return [status, json.faults?.[0]?.pointer];
    };
    expect(await post({ to: ['ana@fabrikam.com'] })).toEqual([400, '/to/0']);
    expect(await post({ choosable: [] })).toEqual([400, '/choosable']);
    expect(await post({ choosable: ['*@fabrikam.com'] })).toEqual([400, '/choosable/0']);
    expect(await post({ to: ['everyone'] })).toEqual([403, undefined]);
    expect(await post({ to: ['ana@contoso.com'] }, await service.createKey({ scopes: ['manage'] }))).toEqual([
      403,
      undefined,
    ]);
    expect(await post({ to: ['ana@contoso.com'], choosable: ['*@contoso.com'] })).toEqual([201, undefined]);
    expect(await post({ to: ['ana@contoso.com'] })).toEqual([409, undefined]);
  });

  test('sees what a payload would come to before anybody else does', async () => {
    const { id } = await makeHook(service, { source: 'alertmanager', filters: ['severity>=critical'] });
    const { json } = await manage('POST', `/${id}/test`, { payload: ALERT });
    expect(json).toMatchObject({
      isGreeting: false,
      events: [
        {
          event: 'firing',
          refusedBy: null,
          notification: { title: 'Disk is full', key: ALERT.groupKey, state: 'open' },
          dryRun: { dryRun: true, deliveries: [{ recipient: 'ana@contoso.com' }], lifecycle: { effect: 'post' } },
        },
      ],
    });
    expect(messagesOf(service.sandbox, 'ana').join()).not.toContain('Disk');
  });
});

test('an operator does all of it from the command line', async () => {
  const added = await bellhop(service, 'hook', 'add', 'alerts', '--source', 'alertmanager', '--to', 'ana@contoso.com');
  expect(added).toMatchObject({ status: 0, stderr: expect.stringContaining('docs/senders/alertmanager.md') });
  const [, url = '', secret = ''] = /^address {2}(\S+)\nsecret {3}(\S+)\n$/.exec(added.stdout) ?? [];
  expect((await postTo(url, FIRING, bearer(secret))).status).toBe(202);
  const id = url.split('/').at(-1) ?? '';
  expect((await bellhop(service, 'hook', 'list')).stdout).toBe(
    `${id}  alerts  alertmanager  token  to ana@contoso.com\n`,
  );
  expect(await bellhop(service, 'hook', 'change', 'alerts', '--filter', 'event=firing')).toMatchObject({ status: 0 });
  const file = join(service.folder.path, 'alert.json');
  writeFileSync(file, RESOLVED);
  const trial = JSON.parse((await bellhop(service, 'hook', 'test', 'alerts', '--payload', file)).stdout);
  expect(trial.events).toMatchObject([{ event: 'resolved', refusedBy: 'event=firing', dryRun: null }]);
  expect(await bellhop(service, 'hook', 'disable', id)).toMatchObject({ status: 0, stdout: 'Changed.\n' });
  expect((await postTo(url, FIRING, bearer(secret))).status).toBe(410);
  await bellhop(service, 'hook', 'enable', 'alerts');
  const rotated = await bellhop(service, 'hook', 'rotate', 'alerts', '--keep', 'PT0S');
  expect((await postTo(url, FIRING, bearer(secret))).status).toBe(401);
  const renewed = /^secret {3}(\S+)$/m.exec(rotated.stdout)?.[1] ?? '';
  expect((await postTo(url, FIRING, bearer(renewed))).status).toBe(202);
  expect(await bellhop(service, 'hook', 'remove', 'alerts')).toMatchObject({ status: 0 });
  expect(await bellhop(service, 'hook', 'rotate', 'alerts')).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('There is no hook "alerts"'),
  });
});

test('secrets stand in no log and no database as they are', async () => {
  const hooks = [
    await makeHook(service, { name: 'a', source: 'alertmanager' }),
    await makeHook(service, { name: 'b', source: 'github' }),
  ];
  const { stdout } = await bellhop(service, 'hook', 'list');
  await service.restart();
  const kept = readFileSync(service.databasePath, 'latin1') + service.log.join('\n') + stdout;
  expect(hooks.filter(({ secret }) => kept.includes(secret))).toEqual([]);
});

/** Resolves when nothing of it waits. */
function nextStatus(id: string) {
  return until(
    () => service.getStatus(id),
    ({ progress }) => progress === 'done',
  );
}

test('what is signed as Standard Webhooks is let in once for each id', async () => {
  const secret = `whsec_${randomBytes(32).toString('base64')}`;
  const wish = { source: 'standard-webhooks', secret };
  const { url } = await makeHook(service, wish);
  const body = '{"type":"user.created","timestamp":"2026-10-04T13:32:56Z","data":{"name":"Ben"}}';
  const headers = { ...JSON_TYPE, ...standardHeaders(secret, body) };
  const [first, second] = [await postTo(url, body, headers), await postTo(url, body, headers)];
  expect([first.json.notifications[0].isReplay, second.json.notifications[0].isReplay]).toEqual([false, true]);
});
