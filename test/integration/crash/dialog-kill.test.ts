// A dialog whose service is killed between any two answers: it goes on where it was, and counts each answer once.

import { readableText } from '../../../src/sandbox/card-text.ts';
import { CrashStage } from '../../support/crash-stage.ts';
import { MAIN } from '../../support/replica.ts';
import { until } from '../../support/until.ts';

const QUESTIONS = ['one', 'two'];
const SURVEY = {
  title: 'Numbers',
  questions: QUESTIONS.map((id) => ({ id, kind: 'number', text: `Number ${id}?` })),
};

let stage: CrashStage;

beforeEach(async () => {
  stage = await CrashStage.create({ peopleCount: 1, mainPath: MAIN });
  await stage.service.start();
  await stage.installEverybody();
});

afterEach(() => stage.dispose());

test('kill -9 right after each answer loses none, and the next question comes', async () => {
  const { sandbox, service } = stage;
  const shown: string[] = [];
  sandbox.events.subscribe((event) => {
    if (event.kind === 'message' && event.message.author === 'bot') {
      shown.push(readableText(event.message.activity).join('\n'));
    }
  });
  const untilShown = (text: string) =>
    until(
      async () => shown,
      (messages) => messages.some((message) => message.includes(text)),
      60_000,
    );
  const { id } = await stage.dialog('', { to: stage.recipient(0), definition: SURVEY });
  await untilShown('Number one?');
  for (const [index, question] of QUESTIONS.entries()) {
    const next = QUESTIONS[index + 1];
    await sandbox.people.write('p0', String(index + 1));
    // The question may be on its way, in the chat, or not even queued for sending.
    await service.kill(async () => undefined);
    sandbox.setBotEndpoint(`${await service.ready}/api/messages`);
    if (next !== undefined) {
      await untilShown(`Number ${next}?`);
    }
    const answered = (await stage.dialog(`/${id}`))['answers'];
    expect(Object.keys(Object(answered))).toEqual(QUESTIONS.slice(0, QUESTIONS.indexOf(question) + 1));
  }
  const dialog = await until(
    () => stage.dialog(`/${id}`),
    ({ state }) => state !== 'active',
  );
  expect(dialog).toMatchObject({ state: 'completed', answers: { one: 1, two: 2 } });
}, 180_000);
