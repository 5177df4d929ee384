// People acknowledge what they are told, as they do it in Teams, and everybody sees it.

import { DatabaseSync } from 'node:sqlite';
import type { Ask } from '../../../src/domain/ask.ts';
import type { SandboxMessage } from '../../../src/sandbox/conversations.ts';
import { installReachable } from '../../support/install-reachable.ts';
import { type RunningService, startService } from '../../support/running-service.ts';
import { until } from '../../support/until.ts';

const ASK: Ask = {
  canAcknowledge: true,
  actions: [{ id: 'later', title: 'Later', input: { kind: 'text', label: 'When?', isRequired: true } }],
};

let service: RunningService;

beforeEach(async () => {
  service = await startService();
  await installReachable(service, 'ana');
  await installReachable(service, 'ben');
});

afterEach(() => service.stop());

const inDatabase = <T>(work: (db: DatabaseSync) => T): T => {
  const db = new DatabaseSync(service.databasePath);
  try {
    db.exec('PRAGMA busy_timeout = 5000');
    return work(db);
  } finally {
    db.close();
  }
};
const person = (key: string) => service.sandbox.state().people.find((one) => one.key === key);
const messageTo = (key: string): SandboxMessage | undefined =>
  person(key)?.messages.find((message) => JSON.stringify(message.activity).includes('Deploy to production'));

/** Posts it to both, and waits until both have it. @returns its public id */
const send = async (ask = ASK): Promise<string> => {
  const answer = await service.post({ to: ['ana@contoso.com', 'ben@contoso.com'], title: 'Deploy to production' });
  const { id } = (await answer.json()) as { id: string };
  await until(
    async () => [messageTo('ana'), messageTo('ben')],
    (messages) => messages.every((message) => message !== undefined),
  );
  inDatabase((db) => {
    const content = `json_set(content, '$.ask', json('${JSON.stringify(ask)}'))`;
    db.prepare(`UPDATE notification SET content = ${content} WHERE public_id = ?`).run(id);
    db.prepare(`INSERT INTO ask (notification_id, state) SELECT id, 'open' FROM notification WHERE public_id = ?`).run(
      id,
    );
  });
  return id;
};

/** As Teams tells of a pressed `Action.Execute`. @returns the body of the answer */
const press = async (key: string, data: unknown) => {
  const { sandbox, appId } = service;
  const one = person(key);
  const result = await sandbox.sendActivity({
    type: 'invoke',
    name: 'adaptiveCard/action',
    id: `f:${crypto.randomUUID()}`,
    timestamp: new Date().toISOString(),
    channelId: 'msteams',
    serviceUrl: sandbox.serviceUrl,
    from: { id: one?.teamsUserId, aadObjectId: one?.aadObjectId, name: one?.name },
    recipient: { id: `28:${appId}`, name: 'Bellhop' },
    conversation: {
      conversationType: 'personal',
      id: one?.conversationId,
      tenantId: sandbox.organisation.tenantId,
    },
    channelData: { tenant: { id: sandbox.organisation.tenantId } },
    value: { action: { type: 'Action.Execute', verb: 'bellhop', data }, trigger: 'manual' },
  });
  expect(result).toMatchObject({ status: 200 });
  return JSON.parse(result.body ?? '{}') as { type: string; value: unknown };
};

const SENTENCE = 'application/vnd.microsoft.activity.message';

test('what Ana acknowledges is said to her in a sentence, and the cards of both are edited, also after a restart', async () => {
  const notification = await send();
  const acknowledge = { bellhop: 'respond', notification, action: ':acknowledge' };
  expect(await press('ana', acknowledge)).toMatchObject({ type: SENTENCE, value: expect.stringMatching(/\S/) });
  const editOf = (key: string) =>
    until(
      async () => messageTo(key)?.editedAtMs,
      (editedAtMs) => editedAtMs !== undefined,
    );
  const first = await editOf('ben');
  await editOf('ana');
  await service.restart({
    async between() {
      inDatabase((db) => db.exec('UPDATE ask SET edit_due_at_ms = 1'));
    },
  });
  await until(
    async () => messageTo('ben')?.editedAtMs ?? 0,
    (editedAtMs) => editedAtMs > (first ?? 0),
  );
  const chosen = inDatabase((db) =>
    db.prepare('SELECT name, action FROM response JOIN person ON person.id = person_id').all(),
  );
  expect(chosen).toEqual([{ name: 'Ana Torres', action: ':acknowledge' }]);
});

test('ten thousand characters, a stranger’s button and the same press again are answered with a sentence, and count for nothing', async () => {
  const notification = await send();
  const later = { bellhop: 'respond', notification, action: 'later' };
  const sentences = [
    await press('ana', { ...later, 'bellhop-input': 'x'.repeat(10_000) }),
    await press('ana', { ...later, action: 'never' }),
    await press('ana', { ...later, notification: 'ntf_00000000000000000000000000' }),
  ];
  expect(sentences.map(({ type }) => type)).toEqual([SENTENCE, SENTENCE, SENTENCE]);
  expect(await press('ana', { ...later, 'bellhop-input': 'at noon' })).toMatchObject({ type: SENTENCE });
  expect(await press('ana', { ...later, 'bellhop-input': 'at noon' })).toMatchObject({ type: SENTENCE });
  const chosen = inDatabase((db) => db.prepare('SELECT action, input FROM response').all());
  expect(chosen).toEqual([{ action: 'later', input: '"at noon"' }]);
  expect(service.log.join('')).not.toContain('at noon');
});
