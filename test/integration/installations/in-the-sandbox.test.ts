// Installing, writing and removing as people do it in Teams, over real HTTP with signed activities.

import { messagesOf } from '../../support/chat.ts';
import { type RunningService, startService } from '../../support/running-service.ts';
import { until } from '../../support/until.ts';

let service: RunningService;

beforeEach(async () => {
  service = await startService();
});

afterEach(() => service.stop());

/** @returns the status of a notification to her */
const notify = async (to: string) => (await service.post({ to, title: 'Deploy finished' })).status;

/** Does something and waits for what the bot says to it. */
const answered = async (act: () => Promise<unknown>) => {
  const answer = service.sandbox.waitFor((event) => event.kind === 'message' && event.message.author === 'bot', {
    timeoutMs: 10_000,
  });
  await act();
  await answer;
};

const welcomed = (person: string) => answered(() => service.sandbox.people.install(person));

test('after an install the person is welcomed once and can be addressed by mail, object id and pairwise id', async () => {
  await welcomed('ana');
  const ana = service.sandbox.organisation.findPerson('ana');
  await until(
    () => notify(String(ana?.email)),
    (status) => status === 202,
  );
  expect(await notify(`aad:${ana?.aadObjectId}`)).toBe(202);
  expect(await notify(String(ana?.teamsUserId))).toBe(202);
  expect(service.sandbox.ledger.counts().byOperation.getMember).toBe(1);
});

test('who was never there, or removed the bot, gets nothing', async () => {
  expect(await notify('ben@contoso.com')).toBe(422);
  await welcomed('ana');
  const before = messagesOf(service.sandbox, 'ana').length;
  await service.sandbox.people.uninstall('ana');
  const ana = service.sandbox.organisation.findPerson('ana');
  expect(await notify(`aad:${ana?.aadObjectId}`)).toBe(422);
  expect(messagesOf(service.sandbox, 'ana')).toHaveLength(before);
});

test('everything that a person writes is answered', async () => {
  await welcomed('ana');
  for (const text of ['hi', 'HELLO', 'Help', 'what is this']) {
    await answered(() => service.sandbox.people.write('ana', text));
  }
  expect(messagesOf(service.sandbox, 'ana')).toHaveLength(5);
});
