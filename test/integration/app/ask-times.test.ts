// What is asked and not answered, as those see it who are reminded, or asked instead.

import { DatabaseSync } from 'node:sqlite';
import { messagesOf, nextMessage } from '../../support/chat.ts';
import { installReachable } from '../../support/install-reachable.ts';
import { type RunningService, startService } from '../../support/running-service.ts';
import { until } from '../../support/until.ts';

const REMIND_MS = 1_800_000;

describe('what nobody has answered', () => {
  let service: RunningService;

  beforeEach(async () => {
    service = await startService();
    await installReachable(service, 'ana');
    await installReachable(service, 'ben');
  });

  afterEach(() => service.stop());

  /** A notification to Ana that asks her, as if it had been sent half an hour ago. */
  const ask = async (column: 'remind_at_ms' | 'escalate_at_ms') => {
    const response = await service.post({ to: ['ana@contoso.com'], title: 'Disk full' });
    const { id } = (await response.json()) as { id: string };
    await until(
      () => service.getStatus(id),
      (status) => status['progress'] === 'done',
    );
    const seen = { ana: messagesOf(service.sandbox, 'ana').length, ben: messagesOf(service.sandbox, 'ben').length };
    const between = async () => {
      const db = new DatabaseSync(service.databasePath);
      db.exec(`UPDATE notification SET content = json_insert(content, '$.ask', json('{"canAcknowledge":true,"actions":[]}'))
        WHERE public_id = '${id}';
        UPDATE attempt SET finished_at_ms = finished_at_ms - ${REMIND_MS};
        INSERT INTO ask (notification_id, state, remind_ms, escalate_to, ${column})
          SELECT id, 'open', ${REMIND_MS}, '["ben@contoso.com"]', 1 FROM notification WHERE public_id = '${id}'`);
      db.close();
    };
    return { id, seen, between };
  };

  test('is reminded of in the chat of its reader, once, also when the service is stopped right then', async () => {
    const { seen, between } = await ask('remind_at_ms');
    await service.restart({ between });
    await until(
      async () => messagesOf(service.sandbox, 'ana').length,
      (count) => count > seen.ana,
    );
    await service.restart();
    await nextMessageAfter('ana', 'Something else');
    expect(messagesOf(service.sandbox, 'ana')).toHaveLength(seen.ana + 2);
    expect(messagesOf(service.sandbox, 'ben')).toHaveLength(seen.ben);
  });

  test('is given to somebody else, who reads why it comes, and the status names them', async () => {
    const { id, between } = await ask('escalate_at_ms');
    const read = nextMessage(service.sandbox, 'weil noch niemand geantwortet hat');
    await service.restart({ between });
    expect((await read).join('\n')).toContain('Disk full');
    const status = await until(
      () => service.getStatus(id),
      (one) => one['progress'] === 'done',
    );
    expect(status).toMatchObject({
      deliveries: [
        { recipient: 'ana@contoso.com', state: 'sent' },
        { recipient: 'ben@contoso.com', state: 'sent' },
      ],
    });
  });

  const nextMessageAfter = async (person: string, title: string) => {
    const read = nextMessage(service.sandbox, title);
    await service.post({ to: [`${person}@contoso.com`], title });
    await read;
  };
});
