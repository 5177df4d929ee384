// A service that is killed in the middle of a poll: what was voted counts once, and everybody sees it.

import { readableText } from '../../../src/sandbox/card-text.ts';
import { CrashStage } from '../../support/crash-stage.ts';
import { MAIN } from '../../support/replica.ts';
import { until } from '../../support/until.ts';

const INCIDENTS = 'operations/Incidents';
/** Three processes start one after the other. */
const TIMEOUT_MS = 150_000;

let stage: CrashStage;

beforeEach(async () => {
  stage = await CrashStage.create({ peopleCount: 1, mainPath: MAIN });
  await stage.service.start();
  await stage.installEverybody();
  await stage.sandbox.people.install('operations');
  await stage.sandbox.people.install('ana');
});

afterEach(() => stage.dispose());

const messagesIn = (place: string) =>
  stage.sandbox.conversations
    .messages(stage.sandbox.people.find(place))
    .filter(({ author, activity }) => author === 'bot' && readableText(activity).join('\n').includes('Where to eat?'));

const shownIn = (place: string, ...parts: readonly string[]) =>
  until(
    async () => messagesIn(place).map(({ activity }) => readableText(activity).join('\n').replaceAll(/[*\\]/g, '')),
    (texts) => texts.length > 0 && texts.every((text) => parts.every((part) => text.includes(part))),
    30_000,
  );

const vote = (person: string, action: string) =>
  stage.sandbox.people.pressIn(INCIDENTS, { messageId: messagesIn(INCIDENTS).at(-1)?.id ?? '', action, person });

const kill = async () => {
  stage.service.send('SIGKILL');
  await stage.service.exited;
  await stage.service.start();
  stage.sandbox.setBotEndpoint(`${await stage.service.ready}/api/messages`);
};

test(
  'votes that were answered count after it was killed, the cards show them, and it can be closed',
  async () => {
    await stage.sandbox.people.say(INCIDENTS, { person: 'ana', text: '@Bellhop poll Where to eat? | Here | There' });
    await shownIn(INCIDENTS, 'Nobody has voted yet');
    await shownIn('ana', 'Nobody has voted yet');
    expect(await vote('ben', 'Here')).toMatchObject({ status: 200 });
    await kill();
    expect(await vote('ben', 'There')).toMatchObject({ status: 200 });
    expect(await vote('chloe', 'There')).toMatchObject({ status: 200 });
    await shownIn(INCIDENTS, 'Here: 0 of 2', 'There: 2 of 2');
    await shownIn('ana', 'Here: 0 of 2', 'There: 2 of 2');
    await stage.sandbox.people.press('ana', { messageId: messagesIn('ana')[0]?.id ?? '', action: 'Close poll' });
    await kill();
    await shownIn(INCIDENTS, 'There: 2 of 2', 'Final result');
    await until(
      async () => messagesIn('ana'),
      (messages) => messages.length === 2,
      30_000,
    );
    await shownIn('ana', 'There: 2 of 2', 'Final result');
  },
  TIMEOUT_MS,
);
