// What holds for every dialect: its published payloads, and anything else that may come instead of them.

import fc from 'fast-check';
import { AppError } from '../../../src/domain/errors.ts';
import type { Dialect, SourceEvent, SourceRequest } from '../../../src/domain/source.ts';
import { parseNotificationRequest } from '../../../src/notifications/parse-notification.ts';
import { DIALECTS } from '../../../src/sources/dialects.ts';
import { finishDraft } from '../../../src/sources/finish-draft.ts';
import { headersOf, payloadFolders, readPayload, readPayloads, type SenderPayload } from '../../support/senders.ts';

const RUNS = 10_000;

test('each has its payloads, and no payloads are of another', () => {
  expect(DIALECTS.map(({ name }) => name).toSorted()).toEqual(payloadFolders());
});

test('their names are as one types them in a shell, and each once', () => {
  const names = DIALECTS.map(({ name }) => name);
  expect(names.filter((name) => !/^[a-z][a-z-]*[a-z]$/.test(name))).toEqual([]);
  expect(new Set(names).size).toBe(names.length);
});

test('who signs in a way of their own says how', () => {
  expect(DIALECTS.filter(({ auth, signature }) => auth.includes('signature') !== (signature !== undefined))).toEqual(
    [],
  );
});

describe.each(DIALECTS)('$name', (dialect) => {
  const { payloads, source, licence } = readPayloads(dialect.name);

  test('has at least three payloads, and says whose they are', () => {
    expect(payloads.length).toBeGreaterThanOrEqual(3);
    expect(source).toMatch(/^https:\/\//);
    expect(licence).not.toBe('');
  });

  test.each(payloads)('$file shows what it is about', (payload) => {
    const events = translate(dialect, toRequest(dialect, payload));
    const [first] = events.map(({ draft }) => parseNotificationRequest(finish(dialect, draft)));
    const said = JSON.stringify(events.map(({ draft }) => finish(dialect, draft)));
    expect(payload.shows.filter((text) => !said.includes(JSON.stringify(text).slice(1, -1)))).toEqual([]);
    expect(events.length > 0).toBe(payload.shows.length > 0);
    expect(first ?? {}).toMatchObject({
      ...(payload.key !== undefined && { key: payload.key }),
      ...(payload.state !== undefined && { state: payload.state }),
      ...(payload.severity !== undefined && { severity: payload.severity }),
    });
  });

  test('the same payload has the same ids, another one has others', () => {
    const idsOf = (payload: SenderPayload) => translate(dialect, toRequest(dialect, payload)).map(({ id }) => id);
    expect(payloads.map(idsOf)).toEqual(payloads.map(idsOf));
    const ids = payloads.flatMap(idsOf).filter((id) => id !== undefined);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('any JSON makes a notification that can be accepted, or is refused', () => {
    const requests = payloads.map((payload) => toRequest(dialect, payload));
    const changes = fc.array(fc.tuple(fc.nat(), fc.oneof(oddText(), fc.constantFrom(...ODD_VALUES))), { maxLength: 4 });
    const mutant = fc.tuple(fc.constantFrom(...requests), changes).map(([{ headers, body }, made]) => ({
      headers,
      body: made.reduce((json, [at, value]) => mutate(json, at, value), body),
    }));
    const stranger = fc
      .tuple(fc.constantFrom(...requests), fc.constantFrom(...ODD_VALUES))
      .map(([{ headers }, body]) => ({ headers, body: dialect.body === 'text' ? String(body) : body }));
    fc.assert(
      fc.property(fc.oneof({ weight: 9, arbitrary: mutant }, stranger), (request) => {
        expect(outcomeOf(dialect, request)).toBe('as it should be');
      }),
      { numRuns: RUNS },
    );
  });
});

function toRequest(dialect: Dialect, payload: SenderPayload): SourceRequest {
  const text = readPayload(dialect.name, payload).toString('utf8');
  return { headers: headersOf(payload), body: dialect.body === 'text' ? text : JSON.parse(text) };
}

function translate(dialect: Dialect, request: SourceRequest): readonly SourceEvent[] {
  const translation = dialect.translate(request);
  return translation.kind === 'events' ? translation.events : [];
}

function finish(dialect: Dialect, draft: SourceEvent['draft']) {
  return { to: 'ana@contoso.com', ...finishDraft(draft, dialect.title) };
}

/** A card is accepted, or the caller is told why not; what becomes a button or a picture was an address in the payload. */
function outcomeOf(dialect: Dialect, request: SourceRequest): string {
  let events: readonly SourceEvent[];
  try {
    events = translate(dialect, request);
  } catch (error) {
    const isRefusal = error instanceof AppError && error.code === 'invalid_request';
    return isRefusal ? 'as it should be' : `threw ${String(error)}`;
  }
  const faults = events.flatMap(({ draft }) => findFault(finish(dialect, draft), JSON.stringify(request)) ?? []);
  return faults.join() || 'as it should be';
}

function findFault(notification: object, payload: string): string | undefined {
  try {
    const { links, images } = parseNotificationRequest(notification);
    const made = [...links, ...images].find(({ url }) => !payload.includes(JSON.stringify(url).slice(1, -1)));
    return made && `the payload has no ${made.url}`;
  } catch (error) {
    // Everything fits by construction, but for a card that the payload brings: that is refused where it is wrong.
    const isOwnCard = 'card' in notification && error instanceof AppError && error.code === 'invalid_request';
    return isOwnCard ? undefined : `${String(error)} ${JSON.stringify(error instanceof AppError && error.faults)}`;
  }
}

/** Text that means something to somebody on its way, and text that means nothing. */
function oddText(): fc.Arbitrary<string> {
  return fc.oneof(
    fc.string({ unit: 'binary', maxLength: 20 }),
    fc.constantFrom(
      '',
      '   ',
      '<at>Ana</at>',
      '[x](javascript:alert(1))',
      'javascript:alert(1)',
      'https://user:secret@evil.example/',
      'https://evil.example/\u202egpj.exe',
      'https://evil.example/good',
      '# *_~`|',
      '\ud800',
      '\u200b\ufeff',
      '👩‍👩‍👧 مرحبا',
      'x'.repeat(2_100),
      '👍'.repeat(9_000),
      '0001-01-01T00:00:00Z',
      '1e400',
      '__proto__',
    ),
  );
}

const ODD_VALUES: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  Number.MAX_SAFE_INTEGER,
  1e300,
  'text',
  [],
  {},
  [[]],
  [null, 'a', 1, { a: null }],
  { a: { b: [1] } },
  { length: 3 },
  Array.from({ length: 500 }, (_, at) => ({ status: 'firing', labels: { alertname: `a${at}` } })),
];

/** The same JSON with one of its values changed; which one, the number says. */
function mutate(json: unknown, at: number, value: unknown): unknown {
  if (typeof json !== 'object' || json === null || Object.keys(json).length === 0) {
    return value;
  }
  const keys = Object.keys(json);
  const key = keys[at % keys.length] ?? '';
  const rest = Math.floor(at / keys.length);
  const inner = Reflect.get(json, key);
  const changed = rest % 3 === 0 ? value : mutate(inner, rest, value);
  return Array.isArray(json) ? json.with(Number(key), changed) : { ...json, [key]: changed };
}
