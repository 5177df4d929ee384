// The main job, as the three who use it see it: install, be welcomed, POST, read, know what became of it.

import { messagesOf, nextMessage } from '../../support/chat.ts';
import { type RunningService, startService } from '../../support/running-service.ts';
import { until } from '../../support/until.ts';

/** Those who are not welcomed in English. */
const GREETINGS: Readonly<Record<string, string>> = { ben: 'Schön, hier zu sein', chloe: 'C’est un plaisir' };

describe('the main job', () => {
  let service: RunningService;

  beforeEach(async () => {
    service = await startService();
  });

  afterEach(() => service.stop());

  const install = async (key: string) => {
    const welcome = nextMessage(service.sandbox, GREETINGS[key] ?? 'Good to be here');
    await service.sandbox.people.install(key);
    return welcome;
  };

  const send = async (notification: Record<string, unknown>) => {
    const response = await service.post({ title: 'Deploy finished', ...notification });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };

  const statusWhenDone = (id: unknown) =>
    until(
      () => service.getStatus(String(id)),
      (status) => status['progress'] === 'done',
    );

  test('who installs the bot is welcomed once and reads the event that is posted for them', async () => {
    await install('ana');
    const seen = nextMessage(service.sandbox, 'Deploy finished');
    const { status, body } = await send({
      to: ['ana@contoso.com'],
      text: 'api **4.2.0** is live',
      textFormat: 'markdown',
      occurredAt: '2026-01-31T08:00:00+01:00',
      severity: 'success',
      facts: [{ name: 'Service', value: 'api' }],
      links: [{ title: 'View run', url: 'https://ci.example/1' }],
    });
    expect(status).toBe(202);
    expect(await seen).toEqual([
      '✅ Success',
      'Deploy finished',
      'api **4.2.0** is live',
      'Service: api',
      'From ci · Sat, Jan 31, 2026, 2:00 AM EST',
      expect.stringContaining('•••'),
      expect.stringContaining('View run'),
    ]);
    expect(await statusWhenDone(body['id'])).toMatchObject({
      counts: { sent: 1 },
      deliveries: [
        {
          recipient: 'ana@contoso.com',
          state: 'sent',
          attempts: [{ number: 1, operation: 'post', outcome: 'delivered', httpStatus: 201 }],
        },
      ],
    });
    expect(messagesOf(service.sandbox, 'ana')).toHaveLength(2);
  });

  test('a card names whom its sender mentions, and the answer names whom it does not', async () => {
    await install('ana');
    await install('ben');
    await until(
      () => send({ to: ['ben@contoso.com'], title: 'Hello' }),
      ({ status }) => status === 202,
    );
    const seen = nextMessage(service.sandbox, 'Deploy finished');
    const mentions = ['ben@contoso.com', 'nobody@contoso.com'];
    const { body } = await send({ to: ['ana@contoso.com'], text: '<at>Ben</at>', mentions });
    expect(body['mentionsLeftOut']).toEqual([{ recipient: 'nobody@contoso.com', reason: 'unknown' }]);
    expect((await seen).slice(2, 4)).toEqual(['Ben Albrecht', '\\<at\\>Ben\\</at\\>']);
  });

  test('a person is reached by e-mail, UPN, object id and Teams id, and by all four at once only one time', async () => {
    await install('ana');
    const { organisation } = service.sandbox;
    const ana = organisation.people.find((person) => person.key === 'ana');
    const to = ['ana@contoso.com', 'ANA@Contoso.com', `aad:${ana?.aadObjectId}`, ana?.teamsUserId];
    const seen = nextMessage(service.sandbox, 'Deploy finished');
    const { body } = await until(
      () => send({ to, ttl: 'PT1H' }),
      ({ status }) => status === 202,
    );
    await seen;
    expect(body['unresolved']).toEqual([]);
    await statusWhenDone(body['id']);
    expect(messagesOf(service.sandbox, 'ana').filter((text) => text.includes('Deploy finished'))).toHaveLength(1);
  });

  test('everyone who has the bot gets a broadcast, and nobody else', async () => {
    await install('ana');
    await install('ben');
    const both = ['ana', 'ben'].map(() => nextMessage(service.sandbox, 'Deploy finished'));
    const { body } = await send({ to: 'everyone' });
    await Promise.all(both);
    expect(await statusWhenDone(body['id'])).toMatchObject({ counts: { sent: 2 } });
    expect(messagesOf(service.sandbox, 'chloe')).toEqual([]);
  });

  test.each(['hi', 'Hello', 'HELP', ' help! '])('"%s" is answered with what the bot can do', async (text) => {
    await install('ana');
    const answer = nextMessage(service.sandbox, 'What I can do');
    await service.sandbox.people.write('ana', text);
    await answer;
  });

  test('everyone is spoken to in the language of their own Teams', async () => {
    await install('ben');
    await install('chloe');
    const told = ['Von ci', 'Source\u00a0: ci'].map((source) => nextMessage(service.sandbox, source));
    expect((await send({ to: 'everyone', severity: 'warning' })).status).toBe(202);
    const [german, french] = await Promise.all(told);
    expect([german?.[0], french?.[0]]).toEqual(['⚠️ Warnung', '⚠️ Avertissement']);
    const help = nextMessage(service.sandbox, 'Ce que je peux faire');
    await service.sandbox.people.write('chloe', 'Aide !');
    expect((await help)[0]).toBe('Ce que je peux faire');
  });

  test('anything else that is written gets a useful answer, and so does the Help button', async () => {
    await install('ana');
    const puzzled = nextMessage(service.sandbox, 'help');
    await service.sandbox.people.write('ana', 'what is the meaning of life');
    expect((await puzzled).length).toBeGreaterThan(1);
    const help = nextMessage(service.sandbox, 'What I can do');
    const { messages } = service.sandbox.state().people[0] ?? { messages: [] };
    await service.sandbox.people.press('ana', { messageId: messages[0]?.id ?? '', action: 'Help' });
    await help;
  });

  test('who removes the bot gets nothing more, and is welcomed again when they come back', async () => {
    await install('ana');
    await service.sandbox.people.uninstall('ana');
    const { status, body } = await send({ to: ['ana@contoso.com'] });
    expect(status).toBe(422);
    expect(body).toMatchObject({
      type: 'urn:bellhop:problem:no_recipient',
      unresolved: [{ recipient: 'ana@contoso.com', reason: 'unknown' }],
    });
    await install('ana');
    expect(messagesOf(service.sandbox, 'ana').filter((text) => text.includes('Good to be here'))).toHaveLength(2);
  });

  test('people and what waits for them survive a restart', async () => {
    await install('ana');
    service.sandbox.faults.add({
      operation: 'sendToConversation',
      answer: { kind: 'error', name: 'Throttled', retryAfter: '1' },
    });
    const { body } = await send({ to: ['ana@contoso.com'] });
    const seen = nextMessage(service.sandbox, 'Deploy finished');
    await service.restart();
    await seen;
    expect(await statusWhenDone(body['id'])).toMatchObject({ counts: { sent: 1 } });
  });

  test('while Teams is away events are accepted, and they arrive when it is back', async () => {
    await install('ana');
    service.sandbox.faults.add({ operation: 'sendToConversation', times: 2, answer: { kind: 'reset' } });
    const seen = nextMessage(service.sandbox, 'Deploy finished');
    expect((await send({ to: ['ana@contoso.com'] })).status).toBe(202);
    await seen;
  });

  test('text from outside arrives as the characters it is made of', async () => {
    await install('ana');
    const title = '**bold** [link](https://evil.example) <at>Ben</at> # {{DATE(2026)}}';
    const posted = service.sandbox.waitFor((event) => event.kind === 'message', { timeoutMs: 10_000 });
    await send({ to: ['ana@contoso.com'], title, text: '- one\n1. two\n<script>alert(1)</script>' });
    const event = await posted;
    const { attachments } = event.kind === 'message' ? event.message.activity : {};
    const text = JSON.stringify(attachments);
    expect(text).toContain('bold');
    expect(text).not.toMatch(/\*\*bold\*\*|\]\(https|<at>|"mention"|\{\{DATE/);
  });

  test('a retry with the same idempotency key gets the first answer and sends nothing more', async () => {
    await install('ana');
    const seen = nextMessage(service.sandbox, 'Deploy finished');
    const notification = { to: ['ana@contoso.com'], title: 'Deploy finished' };
    const headers = { 'idempotency-key': 'build-17' };
    const responses = await Promise.all(Array.from({ length: 20 }, () => service.post(notification, headers)));
    const bodies = await Promise.all(responses.map((response) => response.text()));
    expect(new Set(responses.map((response) => response.status))).toEqual(new Set([202]));
    expect(new Set(bodies).size).toBe(1);
    expect(responses.filter((response) => !response.headers.has('idempotency-replayed'))).toHaveLength(1);
    await seen;
    await statusWhenDone((JSON.parse(bodies[0] ?? '{}') as Record<string, unknown>)['id']);
    expect(messagesOf(service.sandbox, 'ana').filter((text) => text.includes('Deploy finished'))).toHaveLength(1);
  });
});
