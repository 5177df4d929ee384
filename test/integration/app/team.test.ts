// The bot in a team: it is recorded, and it answers where it is asked.

import { nextMessage } from '../../support/chat.ts';
import { type RunningService, startService } from '../../support/running-service.ts';

describe('in a team', () => {
  let service: RunningService;

  beforeEach(async () => {
    service = await startService();
    await service.sandbox.people.install('operations');
  });

  afterEach(() => service.stop());

  test('nobody is welcomed when the bot is added', () => {
    expect(service.sandbox.ledger.counts().posted).toBe(0);
  });

  test('a question in a channel is answered in its thread', async () => {
    const { sandbox } = service;
    const [ana] = sandbox.organisation.people;
    const [team] = sandbox.organisation.teams;
    const channel = team?.channels.at(-1);
    const place = sandbox.conversations.find(channel?.id ?? '');
    const rootId = place ? sandbox.conversations.post(place, { author: 'ana', activity: { text: 'A word' } }).id : '';
    const answer = nextMessage(sandbox, 'What I can do');
    const result = await sandbox.sendActivity({
      type: 'message',
      id: '1700000000001',
      timestamp: new Date().toISOString(),
      channelId: 'msteams',
      serviceUrl: sandbox.serviceUrl,
      from: { id: ana?.teamsUserId, aadObjectId: ana?.aadObjectId, name: ana?.name },
      recipient: { id: `28:${service.appId}`, name: 'Bellhop' },
      conversation: { conversationType: 'channel', isGroup: true, id: `${channel?.id};messageid=${rootId}` },
      channelData: {
        tenant: { id: sandbox.organisation.tenantId },
        team: { id: team?.id, name: team?.name },
        channel: { id: channel?.id },
      },
      text: '<at>Bellhop</at> help',
      entities: [
        { type: 'mention', text: '<at>Bellhop</at>', mentioned: { id: `28:${service.appId}`, name: 'Bellhop' } },
      ],
    });
    expect(result).toMatchObject({ status: 200 });
    await answer;
    const posted = sandbox.ledger.since(0).filter((entry) => entry.posted > 0);
    expect(posted).toMatchObject([{ conversationId: `${channel?.id};messageid=${rootId}` }]);
  });
});
