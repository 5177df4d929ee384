// What people say for themselves, as they do it in Teams: they write and press, and the running service does it.

import { DatabaseSync } from 'node:sqlite';
import type { SandboxMessage } from '../../../src/sandbox/conversations.ts';
import { installReachable } from '../../support/install-reachable.ts';
import { type RunningService, startService } from '../../support/running-service.ts';
import { until } from '../../support/until.ts';

describe('in the 1:1 chat', () => {
  let service: RunningService;

  beforeEach(async () => {
    service = await startService();
    await installReachable(service, 'ana');
    await until(
      async () => botMessages(),
      (messages) => messages.length === 1,
    );
  });

  afterEach(() => service.stop());

  const rows = (sql: string) => {
    const db = new DatabaseSync(service.databasePath, { readOnly: true });
    const all = db.prepare(sql).all();
    db.close();
    return all;
  };
  const ana = () => service.sandbox.state().people.find(({ key }) => key === 'ana');
  const botMessages = (): readonly SandboxMessage[] => (ana()?.messages ?? []).filter(({ author }) => author === 'bot');
  const settings = () => rows('SELECT settings FROM preference').map((row) => JSON.parse(String(row['settings'])));
  const lastAnswer = () => {
    const [row] = rows('SELECT content FROM notification ORDER BY id DESC LIMIT 1');
    return JSON.parse(String(row?.['content'])).answer;
  };

  /** Writes it, and waits for the one message that answers it. @returns the answer */
  const write = async (text: string) => {
    const before = botMessages().length;
    expect(await service.sandbox.people.write('ana', text)).toMatchObject({ status: 200 });
    await until(
      async () => botMessages(),
      (messages) => messages.length === before + 1,
    );
    return lastAnswer();
  };

  /** As Teams tells of a pressed `Action.Execute`. @returns the body of the answer */
  const press = async (data: unknown, id = `f:${crypto.randomUUID()}`) => {
    const { sandbox, appId } = service;
    const person = ana();
    const result = await sandbox.sendActivity({
      type: 'invoke',
      name: 'adaptiveCard/action',
      id,
      timestamp: new Date().toISOString(),
      channelId: 'msteams',
      serviceUrl: sandbox.serviceUrl,
      from: { id: person?.teamsUserId, aadObjectId: person?.aadObjectId, name: person?.name },
      recipient: { id: `28:${appId}`, name: 'Bellhop' },
      conversation: {
        conversationType: 'personal',
        id: person?.conversationId,
        tenantId: sandbox.organisation.tenantId,
      },
      channelData: { tenant: { id: sandbox.organisation.tenantId } },
      value: { action: { type: 'Action.Execute', verb: 'bellhop', data }, trigger: 'manual' },
    });
    expect(result).toMatchObject({ status: 200 });
    return JSON.parse(result.body ?? '{}') as { type: string; value: unknown };
  };

  test('commands are carried out in any case, and each is answered with one message', async () => {
    expect(await write('  QUIET 18:00–08:00 weekends! ')).toMatchObject({ kind: 'quietSet' });
    expect(await write('Mute "disk full/db1" 1h')).toMatchObject({ kind: 'muted', name: 'disk full/db1' });
    expect(await write('/digest daily 9am')).toMatchObject({ kind: 'digestSet', minute: 540 });
    expect(settings()).toMatchObject([
      {
        quietHours: { fromMinute: 1_080, toMinute: 480, withWeekends: true },
        digestMinute: 540,
        mutes: [{ kind: 'source', name: 'disk full/db1' }],
      },
    ]);
    expect(await write('status')).toMatchObject({ kind: 'settings', settings: { timeZone: 'America/New_York' } });
    expect(await write('subscirbe deploys')).toEqual({ kind: 'notUnderstood', suggestion: 'subscribe deploys' });
  });

  test('why and inbox tell of what arrived', async () => {
    const { id } = await service.client.sendNotification({ to: 'ana@contoso.com', title: 'Disk full', key: 'disk' });
    await until(
      () => service.getStatus(id),
      (status) => status['progress'] === 'done',
    );
    expect(await write('why')).toMatchObject({
      kind: 'why',
      title: 'Disk full',
      source: 'ci',
      addressedBy: { kind: 'name' },
    });
    expect(await write('inbox')).toMatchObject({
      kind: 'inbox',
      things: [{ title: 'Disk full', source: 'ci' }],
      more: 0,
    });
    const pressed = await press({ bellhop: 'mute', notification: id, what: 'key', for: 'always' });
    expect(pressed.type).toBe('application/vnd.microsoft.activity.message');
    expect(settings()).toMatchObject([{ mutes: [{ kind: 'key', name: 'disk', untilMs: null }] }]);
  });

  test('a pressed command is answered with the card that takes its place, and repeating the press does nothing', async () => {
    const stop = { bellhop: 'command', text: 'stop' };
    expect(await press(stop, 'f:once')).toMatchObject({ type: 'application/vnd.microsoft.card.adaptive' });
    await write('start');
    expect(await press(stop, 'f:once')).toMatchObject({ type: 'application/vnd.microsoft.activity.message' });
    expect(settings()).toEqual([{ mutes: [] }]);
  });

  test.each([
    { bellhop: 'mute', notification: 'ntf_00000000000000000000000000', what: 'key', for: 'always', personId: 1 },
    { bellhop: 'command', text: 'stop '.repeat(2_000) },
    { bellhop: 'command', text: { toString: 'stop' } },
    { verb: 'stop' },
    'stop',
  ])('forged data gets a sentence, and changes nothing: %#', async (data) => {
    expect(await press(data)).toEqual({
      statusCode: 200,
      type: 'application/vnd.microsoft.activity.message',
      value: expect.stringMatching(/\S/),
    });
    expect(settings()).toEqual([]);
  });

  test.each(['x'.repeat(10_000), `mute ${'ab '.repeat(3_000)}`, '\u202e\u0007qwertz\u2066', '!'.repeat(1_000)])(
    'what cannot be a command gets a human answer, and changes nothing: %#',
    async (text) => {
      await write(text);
      expect(settings()).toEqual([]);
    },
  );

  test('who asks to be forgotten, and means it, is gone with all that was said to them', async () => {
    expect(await write('forget me')).toEqual({ kind: 'forgetConfirm' });
    const before = botMessages().length;
    expect(await service.sandbox.people.write('ana', 'forget me yes')).toMatchObject({ status: 200 });
    expect(rows('SELECT 1 FROM person')).toEqual([]);
    expect(await service.client.tryNotification({ to: 'ana@contoso.com', title: 'x' })).toMatchObject({
      unresolved: [{ reason: 'unknown' }],
    });
    expect(await service.sandbox.people.write('ana', 'help')).toMatchObject({ status: 200 });
    await service.sandbox.people.install('ana');
    await until(
      async () => botMessages(),
      (messages) => messages.length === before + 1,
    );
    expect(rows('SELECT 1 FROM person')).toHaveLength(1);
  });
});
