// Every published payload of every dialect, from its POST to the card that somebody reads.

import { randomBytes } from 'node:crypto';
import type { Dialect } from '../../../src/domain/source.ts';
import { syntheticPerson } from '../../../src/sandbox/organisation.ts';
import { DIALECTS } from '../../../src/sources/dialects.ts';
import { nextCard } from '../../support/chat.ts';
import { hmacOf, type MadeHook, makeHook, postTo, standardHeaders } from '../../support/hooks.ts';
import { type RunningService, startService } from '../../support/running-service.ts';
import { headersOf, readPayload, readPayloads, type SenderPayload } from '../../support/senders.ts';

const SENT = DIALECTS.flatMap((dialect) =>
  readPayloads(dialect.name).payloads.map((payload) => ({ dialect, payload, name: `${dialect.name}/${payload.file}` })),
);

let service: RunningService;
let key: string;
const hooks = new Map<string, MadeHook>();

beforeAll(async () => {
  service = await startService({
    env: { ENCRYPTION_KEY: randomBytes(32).toString('base64') },
    // One reader for each, for nobody gets more than ten in a minute.
    sandbox: { hasRateLimits: false, peopleCount: SENT.length },
  });
  for (const at of SENT.keys()) {
    await service.sandbox.people.install(syntheticPerson(at).key);
  }
  key = await service.createKey({ scopes: ['manage', 'send', 'cards'] });
  for (const { name } of DIALECTS) {
    hooks.set(name, await makeHook(service, { name, source: name, to: [], choosable: [], lifecycle: false }, key));
  }
}, 120_000);

afterAll(() => service.stop());

test.each(SENT)('$name', async ({ dialect, payload }) => {
  const reader = syntheticPerson(SENT.findIndex((sent) => sent.payload === payload));
  const unseen = Promise.all(
    payload.shows.map((part) =>
      nextCard(service.sandbox, part).then(
        () => [],
        () => [part],
      ),
    ),
  );
  const { status, text } = await send(dialect, payload, `aad:${reader.aadObjectId}`);
  expect([status, text]).toEqual([
    dialect.answer?.status ?? (payload.shows.length > 0 ? 202 : 200),
    dialect.answer?.body ?? text,
  ]);
  expect((await unseen).flat()).toEqual([]);
});

function send(dialect: Dialect, payload: SenderPayload, to: string) {
  const hook = hooks.get(dialect.name);
  const body = readPayload(dialect.name, payload);
  const url = `${dialect.auth[0] === 'url' ? hook?.secretUrl : hook?.url}?to=${encodeURIComponent(to)}`;
  return postTo(url.startsWith('/') ? `${service.url}${url}` : url, body, {
    ...headersOf(payload),
    ...credentials(dialect, { secret: hook?.secret ?? '', body, payload }),
  });
}

interface Signing {
  readonly secret: string;
  readonly body: Uint8Array;
  readonly payload: SenderPayload;
}

function credentials(dialect: Dialect, { secret, body, payload }: Signing): Readonly<Record<string, string>> {
  switch (dialect.auth[0]) {
    case 'token':
      return { authorization: `Bearer ${secret}` };
    case 'key':
      return { authorization: `Bearer ${key}` };
    case 'signature':
      return { [dialect.signature?.header ?? '']: `${dialect.signature?.prefix}${hmacOf(secret, body)}` };
    case 'standard-webhooks':
      return standardHeaders(secret, body, { id: payload.headers?.['webhook-id'] ?? payload.file });
    case 'url':
      return {};
  }
}
