// Who gets in: the token and the body together, the tenant, and local tools without a token.

import fc from 'fast-check';
import { CONNECTOR_HOSTS } from '../../../../src/domain/service-url.ts';
import {
  createInboundGuard,
  type InboundGuard,
  type InboundGuardOptions,
} from '../../../../src/teams/inbound-guard.ts';
import { ManualClock } from '../../../support/manual-clock.ts';
import { APP_ID, type Body, bytesOf, personalMessage, SERVICE_URL, TENANT_ID, USER_OBJECT_ID } from './activities.ts';
import { collectLogLines } from './log-lines.ts';
import { ISSUER, Signer } from './signer.ts';

const OTHER_TENANT_ID = '44444444-4444-4444-8444-444444444444';
const clock = new ManualClock();
const signer = new Signer(clock, 'k1');
const { lines, logger } = collectLogLines();

beforeEach(() => {
  lines.length = 0;
});

function guardWith(options: Partial<InboundGuardOptions> = {}): InboundGuard {
  return createInboundGuard(
    { keys: { find: async () => signer.key }, clock, logger },
    {
      appId: APP_ID,
      issuer: ISSUER,
      serviceUrlPolicy: { kind: 'hosts', hosts: CONNECTOR_HOSTS },
      allowedTenants: new Set([TENANT_ID]),
      isUnauthenticatedLoopback: false,
      ...options,
    },
  );
}

const guard = guardWith();
const ask = (authorization: string | undefined, body: unknown = personalMessage()) =>
  guard({ authorization, body: bytesOf(body), peerAddress: '203.0.113.7' });
const refusal = (status: number, reason: string) => expect.objectContaining({ kind: 'refused', status, reason });

test('a genuine request of an allowed tenant gets in', async () => {
  expect(await ask(await signer.authorize())).toMatchObject({ kind: 'accepted', activity: { text: 'help' } });
  expect(lines).toEqual([]);
});

test('refused tokens do not fill the log', async () => {
  expect(await ask('Bearer a.b.c')).toEqual(refusal(401, 'token'));
  expect(lines).toEqual([]);
});

describe('the body', () => {
  test('is not looked at without a token', async () => {
    const body = new Proxy(Buffer.alloc(0), {
      get: () => {
        throw new Error('The body was read.');
      },
    });
    expect(await guard({ authorization: undefined, body, peerAddress: undefined })).toEqual(refusal(401, 'token'));
  });

  test.each<[string, unknown]>([
    ['no JSON', '{'],
    ['empty', {}],
    ['of a type that is a number', { type: 1 }],
    ['without a service URL', personalMessage({ serviceUrl: undefined })],
    ['with an empty service URL', personalMessage({ serviceUrl: '' })],
    ['without a channel', personalMessage({ channelId: undefined })],
    ['with a channel that is a number', personalMessage({ channelId: 1 })],
  ])('%s is malformed, under a good token', async (_name, body) => {
    expect(await ask(await signer.authorize(), body)).toEqual(refusal(400, 'shape'));
    expect(await ask(undefined, body)).toEqual(refusal(401, 'token'));
  });

  test.each(['https://smba.trafficmanager.net/emea', 'https://smba.trafficmanager.net/amer/'])(
    'may not name the service URL %s when another was signed',
    async (serviceUrl) => {
      const result = await ask(await signer.authorize(), personalMessage({ serviceUrl }));
      expect(result).toEqual(refusal(401, 'service_url_claim'));
    },
  );

  test.each([
    'http://127.0.0.1:9999/',
    'http://smba.trafficmanager.net/emea/',
    'https://smba.trafficmanager.net.evil.example/',
    'https://smba.trafficmanager.net@evil.example/',
    'https://smba.trafficmanager.net:8443/emea/',
    'nonsense',
  ])('may not name the service URL %s, though it was signed', async (serviceUrl) => {
    const result = await ask(await signer.authorize({ serviceurl: serviceUrl }), personalMessage({ serviceUrl }));
    expect(result).toEqual(refusal(403, 'service_url'));
  });

  test.each(['webchat', 'MSTEAMS', 'emulator'])('may not come from the channel %s', async (channelId) => {
    expect(await ask(await signer.authorize(), personalMessage({ channelId }))).toEqual(refusal(403, 'channel'));
  });
});

describe('the tenant', () => {
  const conversation = (tenantId?: string) => ({ id: 'a:1conv', conversationType: 'personal', tenantId });
  const channelData = (id?: string) => ({ tenant: { id } });

  test.each<[string, Body]>([
    ['is another one', { conversation: conversation(OTHER_TENANT_ID), channelData: channelData(OTHER_TENANT_ID) }],
    ['is told in two ways', { conversation: conversation(OTHER_TENANT_ID) }],
    ['is told in two other ways', { channelData: channelData(OTHER_TENANT_ID) }],
    ['is missing', { conversation: conversation(), channelData: {} }],
    ['is missing where it always is', { channelData: undefined }],
  ])('that %s is refused', async (_name, parts) => {
    expect(await ask(await signer.authorize(), personalMessage(parts))).toEqual(refusal(403, 'tenant'));
  });

  test('need not be told twice, and its case does not matter', async () => {
    const parts = { conversation: conversation(), channelData: channelData(TENANT_ID.toUpperCase()) };
    expect(await ask(await signer.authorize(), personalMessage(parts))).toMatchObject({ kind: 'accepted' });
  });

  test('that is refused leaves one line in the log, which names no person', async () => {
    const parts = { conversation: conversation(OTHER_TENANT_ID), channelData: channelData(OTHER_TENANT_ID) };
    await ask(await signer.authorize(), personalMessage(parts));
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      { level: 'warn', time: expect.any(String), reason: 'tenant', tenantId: OTHER_TENANT_ID, msg: 'activity refused' },
    ]);
    expect(lines.join()).not.toContain(USER_OBJECT_ID);
  });

  test('is not copied into the log when it is no tenant id', async () => {
    const parts = { conversation: conversation('jo@contoso.com'), channelData: channelData('jo@contoso.com') };
    await ask(await signer.authorize(), personalMessage(parts));
    expect(lines).toHaveLength(1);
    expect(lines.join()).not.toContain('contoso');
  });
});

describe('without authentication, for local tools', () => {
  const localGuard = guardWith({ appId: '', allowedTenants: new Set(), isUnauthenticatedLoopback: true });
  const localMessage = (parts: Body = {}) =>
    bytesOf(personalMessage({ channelId: 'emulator', serviceUrl: 'http://localhost:56150/_connector', ...parts }));
  const askLocally = (peerAddress: string | undefined, body = localMessage()) =>
    localGuard({ authorization: undefined, body, peerAddress });

  test.each(['127.0.0.1', '127.8.8.8', '::1', '::ffff:127.0.0.1'])('the peer %s gets in', async (peerAddress) => {
    expect(await askLocally(peerAddress)).toMatchObject({ kind: 'accepted', activity: { channelId: 'emulator' } });
  });

  test.each([undefined, '', '10.0.0.1', '::ffff:10.0.0.1', '2001:db8::1', '127.0.0.1.evil.example'])(
    'the peer %s does not',
    async (peerAddress) => {
      expect(await askLocally(peerAddress)).toEqual(refusal(403, 'peer'));
    },
  );

  test('answers may go to this machine only, whatever the policy says', async () => {
    expect(await askLocally('::1', localMessage({ serviceUrl: SERVICE_URL }))).toEqual(refusal(403, 'service_url'));
  });

  test('the shape is checked, and there must be some tenant', async () => {
    expect(await askLocally('::1', bytesOf({}))).toEqual(refusal(400, 'shape'));
    const noTenant = { conversation: { id: 'chat' }, channelData: {} };
    expect(await askLocally('::1', localMessage(noTenant))).toEqual(refusal(403, 'tenant'));
  });
});

describe('for all input', () => {
  const anyBody = fc.oneof(
    fc.json(),
    fc.string(),
    fc.uint8Array().map((bytes) => Buffer.from(bytes)),
  );

  test('any header is refused with 401, whatever the body', async () => {
    const token = fc
      .tuple(fc.string(), fc.json(), fc.json(), fc.string())
      .map(([scheme, header, payload, signature]) => {
        const part = (text: string) => Buffer.from(text).toString('base64url');
        return `${scheme} ${part(header)}.${part(payload)}.${part(signature)}`;
      });
    const anyHeader = fc.oneof(
      fc.string(),
      fc.string().map((text) => `Bearer ${text}`),
      token,
    );
    await fc.assert(
      fc.asyncProperty(anyHeader, anyBody, async (authorization, body) => {
        const bytes = Buffer.isBuffer(body) ? body : Buffer.from(body);
        const result = await guard({ authorization, body: bytes, peerAddress: undefined });
        expect(result).toEqual(refusal(401, 'token'));
      }),
    );
  });

  test('any body under a good token is accepted or refused with 400, 401 or 403', async () => {
    const authorization = await signer.authorize();
    const anyParts = fc.dictionary(fc.constantFrom(...Object.keys(personalMessage()), '__proto__'), fc.jsonValue());
    const body = fc.oneof(
      anyBody,
      anyParts.map((parts) => Buffer.from(JSON.stringify(personalMessage(parts)))),
    );
    await fc.assert(
      fc.asyncProperty(body, async (value) => {
        const bytes = Buffer.isBuffer(value) ? value : Buffer.from(value);
        const result = await guard({ authorization, body: bytes, peerAddress: undefined });
        expect([400, 401, 403, undefined]).toContain(result.kind === 'refused' ? result.status : undefined);
      }),
    );
  });
});
