// Somebody asks the others in a channel or a group chat; they vote by a press, and everybody sees how it ends.

import { readableText } from '../../../src/sandbox/card-text.ts';
import { botMessageIn, readPlace, writeIn } from '../../support/channel.ts';
import { messagesOf, plain } from '../../support/chat.ts';
import { type RunningService, startService } from '../../support/running-service.ts';
import { until } from '../../support/until.ts';

const INCIDENTS = 'operations/Incidents';
/** The cards are edited no more often than every three seconds. */
const TIMEOUT_MS = 40_000;

let service: RunningService;

beforeEach(async () => {
  service = await startService();
  await service.sandbox.people.install('operations');
  await service.sandbox.people.install('ana');
});

afterEach(() => service.stop());

const messagesIn = (place: string) =>
  service.sandbox.conversations
    .messages(service.sandbox.people.find(place))
    .filter(({ author, activity }) => author === 'bot' && readableText(activity).join('\n').includes('Where to eat?'));

const pressIn = (place: string, person: string, action: string) =>
  service.sandbox.people.pressIn(place, { messageId: messagesIn(place).at(-1)?.id ?? '', action, person });

const shownIn = async (place: string, ...parts: readonly string[]) =>
  until(
    async () => messagesIn(place).map(({ activity }) => plain(readableText(activity).join('\n'))),
    (texts) => texts.some((text) => parts.every((part) => text.includes(plain(part)))),
    TIMEOUT_MS / 2,
  );

const shownTo = async (person: string, ...parts: readonly string[]) =>
  until(
    async () => messagesOf(service.sandbox, person).map(plain),
    (texts) => texts.filter((text) => parts.every((part) => text.includes(plain(part)))).length > 0,
    TIMEOUT_MS / 2,
  );

const ask = async (place: string) => {
  const { threadId } = await writeIn(service.sandbox, place, {
    person: 'ana',
    text: '@Bellhop poll Where to eat? | Sushi | Pizza',
  });
  await botMessageIn(service.sandbox, { place, threadId }, 'Where to eat?');
  await shownTo('ana', 'Where to eat?', 'Nobody has voted yet');
  return threadId;
};

const closeAsAna = () => {
  const conversation = service.sandbox.people.find('ana');
  const [results] = service.sandbox.conversations
    .messages(conversation)
    .filter(({ activity }) => readableText(activity).join('\n').includes('Where to eat?'));
  return service.sandbox.people.press('ana', { messageId: results?.id ?? '', action: 'Close poll' });
};

test.each([INCIDENTS, 'on-call'])(
  'three people vote in %s, one votes otherwise, whoever asked closes it, and everybody sees the result',
  async (place) => {
    if (place === 'on-call') {
      await service.sandbox.people.install('on-call');
    }
    await ask(place);
    for (const person of ['ana', 'ben', 'chloe']) {
      expect(await pressIn(place, person, 'Sushi')).toMatchObject({ status: 200 });
    }
    expect(await pressIn(place, 'chloe', 'Pizza')).toMatchObject({ status: 200 });
    await shownIn(place, 'Sushi: 2 of 3', 'Pizza: 1 of 3', 'Result so far');
    await shownTo('ana', 'Sushi: 2 of 3', 'Pizza: 1 of 3', 'Result so far');
    await closeAsAna();
    await shownIn(place, 'Sushi: 2 of 3', 'Pizza: 1 of 3', 'Final result');
    await until(
      async () => messagesOf(service.sandbox, 'ana').filter((text) => text.includes('Final result')),
      (texts) => texts.length === 2,
      TIMEOUT_MS / 2,
    );
    expect(messagesIn(place)).toHaveLength(1);
    await expect(pressIn(place, 'ben', 'Pizza')).rejects.toMatchObject({ code: 'not_found' });
  },
  TIMEOUT_MS,
);

test(
  'a service that is stopped in the middle of a poll goes on with it',
  async () => {
    await ask(INCIDENTS);
    await pressIn(INCIDENTS, 'ben', 'Sushi');
    await service.restart();
    await pressIn(INCIDENTS, 'chloe', 'Sushi');
    await shownIn(INCIDENTS, 'Sushi: 2 of 2');
    await shownTo('ana', 'Sushi: 2 of 2');
  },
  TIMEOUT_MS,
);

test('in a 1:1 chat, and without anything to choose, the bot says how it is done', async () => {
  await service.sandbox.people.write('ana', 'poll Where to eat? | Sushi | Pizza');
  await shownTo('ana', 'In a team or group chat');
  const { threadId } = await writeIn(service.sandbox, INCIDENTS, {
    person: 'ana',
    text: '@Bellhop poll Where to eat?',
  });
  await botMessageIn(service.sandbox, { place: INCIDENTS, threadId }, 'two to ten answers');
  expect(readPlace(service.sandbox, { place: INCIDENTS, threadId })).toHaveLength(2);
});

test('neither the question nor who asked is in the log', async () => {
  await ask(INCIDENTS);
  expect(service.log.join('')).not.toMatch(/eat|Sushi|Torres/);
});
