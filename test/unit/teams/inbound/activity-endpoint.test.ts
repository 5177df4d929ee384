// The turn: which use case an activity reaches, what Teams is answered, and what a turn cannot do.

import { jest } from '@jest/globals';
import { ActivityHandler, TurnContext } from 'botbuilder';
import type { InboundEvent } from '../../../../src/domain/inbound-event.ts';
import type { InboundUseCases } from '../../../../src/installations/inbound-use-cases.ts';
import { createActivityEndpoint } from '../../../../src/teams/activity-endpoint.ts';
import { parseActivity } from '../../../../src/teams/activity-shape.ts';
import { createTurnRunner } from '../../../../src/teams/adapter.ts';
import type { InboundGuard } from '../../../../src/teams/inbound-guard.ts';
import { ManualClock } from '../../../support/manual-clock.ts';
import { APP_ID, type Body, bytesOf, cardAction, personalMessage, teamActivity } from './activities.ts';
import { collectLogLines } from './log-lines.ts';

const { lines, logger } = collectLogLines();
const recorded: InboundEvent[] = [];
const useCases: InboundUseCases = {
  async record(event) {
    recorded.push(event);
    return 'new';
  },
  answerAction: async () => ({ kind: 'retiredButton' }) as const,
};

beforeEach(() => {
  lines.length = 0;
  recorded.length = 0;
});

/** Lets in every activity of the right shape. */
const openGuard: InboundGuard = async ({ body }) => {
  const activity = parseActivity(body);
  return activity ? { kind: 'accepted', activity } : { kind: 'refused', status: 400, reason: 'shape' };
};

function post(body: Body, handle: Partial<InboundUseCases> = {}) {
  const clock = new ManualClock();
  const deps = { guard: openGuard, handle: { ...useCases, ...handle }, logger, clock };
  const request = { authorization: undefined, body: bytesOf(body), peerAddress: undefined };
  return createActivityEndpoint(deps, { appId: APP_ID })(request);
}

const fail = () => Promise.reject(new Error('password=hunter2'));

describe('a turn', () => {
  test('records the activity and answers 200 without a body', async () => {
    expect(await post(personalMessage())).toEqual({ status: 200 });
    expect(recorded).toMatchObject([{ kind: 'message', text: 'help', atMs: Date.UTC(2026, 0, 1) }]);
  });

  test('answers a refusal with its status alone', async () => {
    expect(await post({})).toEqual({ status: 400 });
    expect(recorded).toEqual([]);
  });

  test.each([
    ['a type nobody has heard of', { type: 'somethingNew' }],
    ["the type of the SDK's own answers", { type: 'invokeResponse' }],
    ['a trace', { type: 'trace' }],
    ['a delay', { type: 'delay', value: 1e9 }],
    ['nothing but what is required', { from: undefined, timestamp: undefined, conversation: { id: 'a:1' } }],
  ])('tolerates an activity with %s', async (_name, parts) => {
    expect(await post(personalMessage(parts))).toEqual({ status: 200 });
    expect(recorded).toHaveLength(1);
  });

  test('tolerates thousands of members, and changes of the team in any spelling', async () => {
    const membersAdded = Array.from({ length: 10_000 }, (_, index) => ({ id: `29:${index}` }));
    expect(await post(teamActivity({ type: 'conversationUpdate', membersAdded }))).toEqual({ status: 200 });
    const channelData = { ...Object(teamActivity()['channelData']), eventType: 'TEAMARCHIVED' };
    expect(await post(teamActivity({ type: 'conversationUpdate', channelData }))).toEqual({ status: 200 });
    expect(recorded.map((event) => event.kind)).toEqual(['members', 'place']);
  });
});

describe('an invoke', () => {
  test.each([
    ['en-GB', 'This button is no longer in use.'],
    ['de-AT', 'Diese Schaltfläche wird nicht mehr verwendet.'],
    [undefined, 'This button is no longer in use.'],
  ])('of a card button, pressed in %s, is answered in that language with %j', async (locale, value) => {
    const pressed: string[] = [];
    const body = { ...cardAction({ type: 'Action.Execute', verb: 'ack', data: {} }), locale };
    const answer = await post(body, {
      async answerAction({ verb }) {
        pressed.push(verb);
        return { kind: 'retiredButton' } as const;
      },
    });
    expect(answer).toEqual({
      status: 200,
      body: { statusCode: 200, type: 'application/vnd.microsoft.activity.message', value },
    });
    expect([pressed, recorded]).toEqual([['ack'], []]);
  });

  test('with feedback on a message is answered without a body', async () => {
    const answer = await post(personalMessage({ type: 'invoke', name: 'message/submitAction', value: {} }));
    expect(answer).toEqual({ status: 200 });
  });

  test.each([undefined, 'task/fetch', 'config/submit', 'signin/verifyState', 'composeExtension/query', 'new/thing'])(
    'of the name %s is not implemented',
    async (name) => {
      expect(await post(personalMessage({ type: 'invoke', name, value: null }))).toEqual({ status: 501 });
    },
  );

  test('of a broken card button is not implemented', async () => {
    expect(await post(cardAction({ type: 'Action.Execute' }))).toEqual({ status: 501 });
  });
});

describe('a use case that fails', () => {
  test.each<[string, Body]>([
    ['recording', personalMessage()],
    ['an action', cardAction({ type: 'Action.Execute', verb: 'ack' })],
    ['an invoke', personalMessage({ type: 'invoke', name: 'task/fetch' })],
  ])('at %s gives 500 without a body, and one line in the log', async (_name, body) => {
    const consoleError = jest.spyOn(console, 'error');
    expect(await post(body, { record: fail, answerAction: fail })).toEqual({ status: 500 });
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines.join())).toMatchObject({ level: 'error', msg: 'turn failed', error: { name: 'Error' } });
    expect(lines.join()).not.toContain('hunter2');
    expect(consoleError).not.toHaveBeenCalled();
    consoleError.mockRestore();
  });

  test('does not spoil the turns beside it', async () => {
    const clock = new ManualClock();
    const record: InboundUseCases['record'] = async (event) => (event.activityId === '2' ? fail() : 'new');
    const deps = { guard: openGuard, handle: { ...useCases, record }, logger, clock };
    const endpoint = createActivityEndpoint(deps, { appId: APP_ID });
    const answers = ['1', '2', '3'].map((id) =>
      endpoint({ authorization: undefined, body: bytesOf(personalMessage({ id })), peerAddress: undefined }),
    );
    expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([200, 500, 200]);
  });
});

const runTurn = createTurnRunner({ logger }, { appId: APP_ID });

test('an SDK that fails before the turn gives 500 as well, and does not reject', async () => {
  const activity = parseActivity(bytesOf(personalMessage()));
  const get = () => {
    throw new Error('unreadable');
  };
  const unreadable = activity && Object.defineProperty(activity, 'text', { get });
  expect(unreadable && (await runTurn(unreadable, new ActivityHandler()))).toEqual({ status: 500 });
  expect(lines).toHaveLength(1);
});

describe('speaking from within a turn fails:', () => {
  const activity = parseActivity(bytesOf(personalMessage()));
  const turnOf = (act: (context: TurnContext) => Promise<unknown>) =>
    activity && runTurn(activity, new ActivityHandler().onTurn(act));

  test.each<[string, (context: TurnContext) => Promise<unknown>]>([
    ['sending', (context) => context.sendActivity('hello')],
    ['updating', (context) => context.updateActivity({ ...context.activity, id: '1' })],
    ['deleting', (context) => context.deleteActivity('1')],
    [
      'continuing the conversation',
      ({ adapter, activity }) => {
        const reference = TurnContext.getConversationReference(activity);
        return adapter.continueConversationAsync(APP_ID, reference, async () => undefined);
      },
    ],
    [
      'creating a conversation',
      ({ adapter, activity }) => {
        const { recipient: bot, from, serviceUrl, channelData } = activity;
        const parameters = { isGroup: false, bot, members: [from], activity, channelData };
        return adapter.createConversationAsync(APP_ID, 'msteams', serviceUrl, '', parameters, async () => undefined);
      },
    ],
  ])('%s', async (_name, act) => {
    let error: unknown;
    const answer = await turnOf(async (context) => {
      await act(context).catch((reason) => {
        error = reason;
        throw reason;
      });
    });
    expect(answer).toEqual({ status: 500 });
    expect(error).toMatchObject({ name: 'AppError', code: 'internal' });
  });
});
