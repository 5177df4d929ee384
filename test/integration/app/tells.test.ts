// Somebody mentions the bot in a channel and has it tell others something, as people do and see it.

import { botMessageIn, readPlace, writeIn } from '../../support/channel.ts';
import { messagesOf, nextMessage } from '../../support/chat.ts';
import { type RunningService, startService } from '../../support/running-service.ts';

const INCIDENTS = 'operations/Incidents';

let service: RunningService;

beforeEach(async () => {
  service = await startService();
  await service.sandbox.people.install('operations');
});

afterEach(() => service.stop());

const write = (text: string, more: { readonly person?: string; readonly place?: string } = {}) =>
  writeIn(service.sandbox, more.place ?? INCIDENTS, { person: more.person ?? 'ana', text });

/** What the bot answers in the thread that this begins. */
const answerTo = async (text: string, part: string) => {
  const { threadId } = await write(text);
  return (await botMessageIn(service.sandbox, { place: INCIDENTS, threadId }, part)).join('\n');
};

test('a mention becomes a direct message, with who said it and where, and the answer stands in the thread', async () => {
  const message = nextMessage(service.sandbox, 'the build is broken');
  const answer = await answerTo('@Bellhop tell @Ben the build is broken', 'Ben');
  expect((await message).join('\n')).toMatch(/Ana Torres.*the build is broken.*Operations/s);
  expect(messagesOf(service.sandbox, 'ben')).toHaveLength(1);
  expect(answer).toContain('I told');
  expect(answer).not.toContain('<at>');
});

test('several people are told at once, and each counts: the eleventh in an hour is not told', async () => {
  const first = await answerTo('@Bellhop tell @Ben, @Chloé and @Ana lunch is here', 'I told');
  expect(first).toMatch(/Ben Albrecht.*Chloé Martin.*Ana Torres/s);
  await answerTo('@Bellhop tell @Ben @Chloé @Ana two', 'I told');
  await answerTo('@Bellhop tell @Ben @Chloé @Ana three', 'I told');
  expect(await answerTo('@Bellhop tell @Ben @Chloé four', '10')).not.toContain('I told');
  expect(await answerTo('@Bellhop tell @Ben the tenth', 'I told')).toContain('Ben Albrecht');
  expect(messagesOf(service.sandbox, 'ben')).toHaveLength(4);
  expect(messagesOf(service.sandbox, 'chloe')).toHaveLength(3);
});

test('in a group chat, too', async () => {
  await service.sandbox.people.install('on-call');
  const message = nextMessage(service.sandbox, 'your turn');
  await write('@Bellhop tell @Ben your turn', { place: 'on-call' });
  await message;
  await botMessageIn(service.sandbox, { place: 'on-call' }, 'I told');
  expect(readPlace(service.sandbox, { place: 'on-call' }).filter((line) => line.includes('I told'))).toHaveLength(1);
});

test('to whom the bot may not write is said not to have it', async () => {
  service.sandbox.faults.add({
    operation: 'createConversation',
    answer: { kind: 'error', name: 'ForbiddenOperationException' },
  });
  expect(await answerTo('@Bellhop tell @Ben hi', 'Ben')).toContain('does not have this app');
  expect(messagesOf(service.sandbox, 'ben')).toEqual([]);
});

test('without anybody who is mentioned the bot says how it is done', async () => {
  expect(await answerTo('@Bellhop tell everybody hi', 'tell')).toContain('Mention me');
});

test('a name in the text is a name, and nobody else is told', async () => {
  await answerTo('@Bellhop tell @Ben that @Chloé is away', 'I told');
  expect(messagesOf(service.sandbox, 'ben').join('\n')).toContain('that Chloé Martin is away');
  expect(messagesOf(service.sandbox, 'chloe')).toEqual([]);
  const entities = JSON.stringify(service.sandbox.state().people.find(({ key }) => key === 'ben')?.messages);
  expect(entities).not.toContain('"mention"');
});

test('neither names nor words are in the log', async () => {
  await answerTo('@Bellhop tell @Ben secret words', 'I told');
  expect(service.log.join('')).not.toMatch(/secret words|Albrecht|Torres/);
});
