// A conversation that the bot begins, as somebody has it in Teams: read, write, press, go back, leave, be late.

import { createSteadyClock, systemClock } from '../../../src/domain/clock.ts';
import { INPUT_ID } from '../../../src/domain/press.ts';
import { readableText } from '../../../src/sandbox/card-text.ts';
import { messagesOf, nextMessage } from '../../support/chat.ts';
import { installReachable } from '../../support/install-reachable.ts';
import { type RunningService, startService } from '../../support/running-service.ts';
import { until } from '../../support/until.ts';

type Json = Record<string, unknown>;

const LUNCH = {
  title: 'Lunch',
  questions: [
    { id: 'hungry', kind: 'choice', text: 'Are you hungry?', choices: ['Yes', 'No'], next: { No: 'end' } },
    { id: 'dish', kind: 'text', text: 'What would you like?', isOptional: true },
    { id: 'count', kind: 'number', text: 'For how many?', min: 1, max: 9 },
    { id: 'day', kind: 'date', text: 'For which day?' },
  ],
  thanks: 'Enjoy your meal!',
  timeout: 'PT1H',
};
const RETRO = { title: 'Retro', questions: [{ id: 'mood', kind: 'text', text: 'How was the week?' }] };

describe('a dialog', () => {
  let service: RunningService;
  let aheadMs: number;

  beforeEach(async () => {
    aheadMs = 0;
    const clock = createSteadyClock(
      { ...systemClock, nowMs: () => systemClock.nowMs() },
      () => performance.now() + aheadMs,
    );
    service = await startService({ overrides: { clock } });
    await installReachable(service, 'ana');
  });

  afterEach(() => service.stop());

  const ask = async (method: string, path: string, body?: unknown): Promise<Json> => {
    const headers = { authorization: `Bearer ${service.apiKey}`, 'content-type': 'application/json' };
    const init = { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) };
    return (await (await fetch(`${service.url}/api/v1/${path}`, init)).json()) as Json;
  };
  /** @returns its id, once this is in the chat */
  const begin = async (definition: object, shown: string) => {
    const seen = nextMessage(service.sandbox, shown);
    const { id } = await ask('POST', 'dialogs', { to: 'ana@contoso.com', definition });
    await seen;
    return String(id);
  };
  const read = (id: string) => ask('GET', `dialogs/${id}`);
  /** @returns the lines of what the bot says to it */
  const write = async (text: string, shown: string) => {
    const seen = nextMessage(service.sandbox, shown);
    await service.sandbox.people.write('ana', text);
    return seen;
  };
  const cardsWith = (text: string) => {
    const ana = service.sandbox.state().people.find(({ key }) => key === 'ana');
    return ana?.messages.filter(({ activity }) => readableText(activity).join('\n').includes(text)) ?? [];
  };
  /** Presses a button of the newest card that shows this. @returns what Teams shows */
  const press = async (card: string, action: string, entered?: unknown): Promise<string> => {
    const inputs = entered === undefined ? {} : { [INPUT_ID]: entered };
    const messageId = cardsWith(card).at(-1)?.id ?? '';
    const { body } = await service.sandbox.people.press('ana', { messageId, action, inputs });
    return body ?? '';
  };
  /** Waits until no card that shows this has a button. @returns what they show */
  const untilClosed = async (text: string): Promise<readonly string[]> => {
    const isClosed = ({ activity }: { readonly activity: unknown }) => !JSON.stringify(activity).includes('Action.');
    const cards = await until(
      async () => cardsWith(text),
      (found) => found.every(isClosed),
    );
    return cards.map(({ activity }) => readableText(activity).join('\n'));
  };

  test('is answered by pressing and by writing, with a way back, and ends with thanks', async () => {
    const id = await begin(LUNCH, 'Are you hungry?');
    const dish = nextMessage(service.sandbox, 'What would you like?');
    expect(await press('Are you hungry?', 'Yes')).toMatch(/Are you hungry\?.*✅ .?Yes/s);
    await expect(press('Are you hungry?', 'No')).rejects.toThrow('has such a button');
    expect(await dish).toEqual(expect.arrayContaining([expect.stringMatching(/Lunch.*Question 2/)]));
    await write('Soup', 'For how many?');
    expect((await write('a lot', 'For how many?')).join('\n')).toMatch(/number/i);
    await write('back', 'What would you like?');
    await write('Rice', 'For how many?');
    const day = nextMessage(service.sandbox, 'For which day?');
    await press('For how many?', 'Send', 2);
    await day;
    expect((await untilClosed('For how many?')).at(-1)).toMatch(/✅ .?2/);
    const end = nextMessage(service.sandbox, 'Enjoy your meal!');
    await press('For which day?', 'Send', '2026-12-24');
    await end;
    expect((await untilClosed('What would you like?')).at(-1)).toMatch(/✅ .?Rice/);
    expect(await read(id)).toMatchObject({
      state: 'completed',
      answers: { hungry: 'Yes', dish: 'Rice', count: 2, day: '2026-12-24' },
    });
    expect(messagesOf(service.sandbox, 'ana').filter((text) => text.includes('For which day?'))).toHaveLength(1);
  });

  test('goes on after a restart, and is cancelled by a word; the next one has waited for its turn', async () => {
    const id = await begin(LUNCH, 'Are you hungry?');
    const { id: waiting } = await ask('POST', 'dialogs', { to: 'ana@contoso.com', definition: RETRO });
    expect(await read(String(waiting))).toMatchObject({ state: 'waiting', begunAt: null });
    await service.restart();
    await write('yes', 'What would you like?');
    const next = nextMessage(service.sandbox, 'How was the week?');
    await write('cancel', 'Cancelled');
    await next;
    expect(await read(id)).toMatchObject({ state: 'cancelled', answers: { hungry: 'Yes' } });
    expect(await untilClosed('Are you hungry?')).toHaveLength(1);
    const end = nextMessage(service.sandbox, 'Retro');
    await write('It was good', 'Retro');
    await end;
    expect(await read(String(waiting))).toMatchObject({ state: 'completed', answers: { mood: 'It was good' } });
  });

  test('with somebody who has blocked the bot has failed as soon as that is known, and its producer can read why', async () => {
    service.sandbox.people.block('ana', true);
    const { id } = await ask('POST', 'dialogs', { to: 'ana@contoso.com', definition: LUNCH });
    const ended = await until(
      () => read(String(id)),
      ({ state }) => state !== 'active',
    );
    expect(ended).toMatchObject({
      ...{ state: 'failed', answers: {} },
      reason: { code: expect.any(String), detail: expect.stringMatching(/block/i) },
    });
  });

  test('whose time is over says so, and leaves what is written then to the bot', async () => {
    const id = await begin(LUNCH, 'Are you hungry?');
    const over = nextMessage(service.sandbox, 'Lunch');
    await service.restart({
      async between() {
        aheadMs = 3_600_000;
      },
    });
    expect((await over).join('\n')).toMatch(/time/i);
    expect(await read(id)).toMatchObject({ state: 'timed_out', answers: {} });
    expect(await untilClosed('Are you hungry?')).toHaveLength(1);
    await write('help', 'What I can do');
  });
});
