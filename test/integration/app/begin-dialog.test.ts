// beginDialog(address, dialogId), as the documentation of Teams shows it: the person is asked, and what they answer comes back.

import { createClient } from '../../../src/client/client.ts';
import { nextMessage } from '../../support/chat.ts';
import { installReachable } from '../../support/install-reachable.ts';
import { type RunningService, startService } from '../../support/running-service.ts';
import { until } from '../../support/until.ts';

const SURVEY = {
  title: 'Your first week',
  questions: [
    { id: 'laptop', kind: 'choice', text: 'Did your laptop work?', choices: ['Yes', 'No'], next: { Yes: 'stars' } },
    { id: 'problem', kind: 'text', text: 'What was wrong with it?' },
    { id: 'stars', kind: 'number', text: 'How many stars?', min: 1, max: 5 },
  ],
  thanks: 'Thank you very much.',
} as const;

let service: RunningService;

beforeEach(async () => {
  service = await startService();
  await installReachable(service, 'ana');
});

afterEach(() => service.stop());

test('the survey with the name "/" begins in the chat of the person, and its answers come back', async () => {
  const { sandbox, url } = service;
  const bot = createClient({ url, key: await service.createKey({ scopes: ['send', 'read', 'manage'] }) });
  await bot.putDialogDefinition('/', SURVEY);
  const userId = sandbox.organisation.people[0]?.teamsUserId ?? '';
  const tenantId = sandbox.organisation.tenantId;
  const appId = service.appId;
  const appName = 'Bellhop';
  const session = { message: { address: { serviceUrl: sandbox.serviceUrl } } };

  const asked = nextMessage(sandbox, 'Did your laptop work?');
  const address = {
    channelId: 'msteams',
    user: { id: userId },
    channelData: {
      tenant: {
        id: tenantId,
      },
    },
    bot: {
      id: appId,
      name: appName,
    },
    serviceUrl: session.message.address.serviceUrl,
    useAuth: true,
  } as const;

  const { id, state } = await bot.beginDialog(address, '/');

  expect(state).toBe('active');
  await asked;
  const next = nextMessage(sandbox, 'How many stars?');
  await sandbox.people.write('ana', 'Yes');
  await next;
  const thanked = nextMessage(sandbox, 'Thank you very much.');
  await sandbox.people.write('ana', '4');
  await thanked;
  const ended = await until(
    () => bot.getDialog(id),
    (dialog) => dialog.state !== 'active',
  );
  expect(ended).toMatchObject({ state: 'completed', answers: { laptop: 'Yes', stars: 4 }, reason: null });
  expect(Object.keys(ended.answers)).toEqual(['laptop', 'stars']);
});
