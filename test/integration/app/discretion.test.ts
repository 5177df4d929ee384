// What must never leave: secrets, tokens, texts and people, in logs, answers, metrics and the database file.

import { readFileSync } from 'node:fs';
import { nextMessage } from '../../support/chat.ts';
import { type RunningService, startService } from '../../support/running-service.ts';

const TITLE = 'canary-title-51a2';
const TEXT = 'canary-text-77be';

describe('discretion', () => {
  let service: RunningService;
  const answers: string[] = [];

  beforeAll(async () => {
    service = await startService({ env: { LOG_LEVEL: 'debug' }, overrides: { random: () => 0 } });
    await live(service);
  });

  afterAll(() => service.stop());

  /** Good days and bad ones, so that every kind of line is written. */
  async function live({ sandbox, post, url }: RunningService): Promise<void> {
    const welcome = nextMessage(sandbox, 'Good to be here');
    await sandbox.people.install('ana');
    await welcome;
    await sandbox.people.write('ana', `${TEXT} what`);
    const kinds = ['reset', 'empty', 'html', 'truncated'] as const;
    for (const kind of kinds) {
      sandbox.faults.add({ operation: 'sendToConversation', answer: { kind } });
    }
    sandbox.faults.add({ operation: 'sendToConversation', answer: { kind: 'error', name: 'AuthorizationError' } });
    const seen = nextMessage(sandbox, TITLE);
    const bodies: readonly unknown[] = [
      { to: ['ana@contoso.com'], title: TITLE, text: TEXT },
      { to: ['nobody@contoso.com'], title: TITLE },
      { to: ['ana@contoso.com'], title: 17, text: TEXT },
      `{"to": "${TEXT}`,
    ];
    for (const body of bodies) {
      answers.push(await (await post(body)).text());
    }
    answers.push(await (await post({}, { authorization: 'Bearer bhp_wrong_key' })).text());
    answers.push(await (await fetch(`${url}/metrics`)).text(), await (await fetch(`${url}/readyz`)).text());
    await seen;
  }

  const expectNowhere = (secrets: readonly string[], places: string) => {
    expect(secrets.filter((secret) => places.includes(secret))).toEqual([]);
  };

  test('no log line holds a secret, a token, a text or a person, whatever happened', () => {
    const ana = service.sandbox.organisation.people.find((person) => person.key === 'ana');
    const log = service.log.join('');
    expect(log).toContain('delivery not sent');
    expectNowhere(
      [
        'canary-app-secret',
        service.apiKey,
        service.apiKey.slice(20),
        'Bearer',
        TITLE,
        TEXT,
        'contoso.com',
        'Ana',
        ana?.aadObjectId ?? 'no person',
        ana?.teamsUserId ?? 'no person',
        ana?.conversationId ?? 'no person',
      ],
      log,
    );
  });

  test('no answer holds a secret, an inner path, a stack or what was wrong in the request', () => {
    const text = answers.join('\n');
    expect(text).toContain('urn:bellhop:problem:');
    expectNowhere(
      ['canary-app-secret', service.apiKey, TITLE, TEXT, 'node_modules', '/src/', 'SQLITE', '    at '],
      text,
    );
  });

  test('the database file holds no API key and no app secret', async () => {
    const files = ['', '-wal'].map((suffix) => readFileSync(`${service.databasePath}${suffix}`, 'latin1')).join('');
    expect(files).toContain(TITLE);
    expectNowhere(['canary-app-secret', service.apiKey, service.apiKey.slice(17, 60)], files);
  });

  test('every line of the log is one JSON object with level, time and message', () => {
    for (const line of service.log) {
      expect(JSON.parse(line)).toMatchObject({
        level: expect.any(String),
        time: expect.any(String),
        msg: expect.any(String),
      });
    }
  });
});
