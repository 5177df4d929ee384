// What people are asked, seen in a real browser: the whole service beside the sandbox.

import type { Page } from 'playwright-core';
import type { RunningService } from '../support/running-service.ts';
import { useSandboxPage } from '../support/sandbox-page.ts';
import { until } from '../support/until.ts';

const current = useSandboxPage();
let service: RunningService;
let page: Page;

beforeEach(async () => {
  ({ service, page } = current());
  for (const name of ['Ana Torres', 'Ben Albrecht']) {
    await chat(name).click();
    await page.getByRole('button', { name: 'Install Bellhop' }).click();
    await log().getByRole('article').first().waitFor();
  }
  await Promise.all(EVERYBODY.map(untilKnown));
});

const chat = (name: string) =>
  page.getByRole('navigation', { name: 'Chats' }).getByRole('button', { name: new RegExp(`^${name}`) });
const log = () => page.getByRole('log');
const button = (name: string) => log().getByRole('button', { name, exact: true });

const EVERYBODY = ['ana@contoso.com', 'ben@contoso.com'];

async function call(method: string, path: string, body?: object): Promise<Record<string, unknown>> {
  const response = await fetch(`${service.url}/api/v1/${path}`, {
    method,
    headers: { authorization: `Bearer ${service.apiKey}`, 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  });
  return (await response.json()) as Record<string, unknown>;
}

/** One message comes to somebody of whom nothing was accepted before: people are known a moment after they were seen. */
async function untilKnown(person: string): Promise<void> {
  await until(
    () => call('POST', 'notifications', { to: person, title: 'Hello' }),
    ({ id }) => id !== undefined,
  );
}

/** @returns its id */
async function ask(path: string, body: object): Promise<string> {
  const { id, unresolved = [] } = await call('POST', path, { to: EVERYBODY, ...body });
  expect(unresolved).toEqual([]);
  return String(id);
}

test('one press acknowledges: everybody sees who did, and so does the sender', async () => {
  const id = await ask('notifications', { title: 'Disk is full', acknowledge: true });
  await chat('Ana Torres').click();
  await button('Acknowledge').click();
  await page.getByRole('status').getByText('it is noted that you acknowledged this').waitFor();
  await log().getByText('You acknowledged this.').waitFor();
  expect(await button('Acknowledge').count()).toBe(0);
  await chat('Ben Albrecht').click();
  await log().getByText('Ana Torres', { exact: false }).first().waitFor();
  const status = await until(
    () => call('GET', `notifications/${id}`),
    ({ ask: asked }) => JSON.stringify(asked).includes('acknowledged'),
  );
  expect(status['ask']).toMatchObject({ state: 'acknowledged', responses: [{ person: { name: 'Ana Torres' } }] });
});

test('people vote by one press, change their vote, and read the result when the poll is closed', async () => {
  const id = await ask('polls', { question: 'What is for lunch?', choices: ['Pizza', 'Sushi', 'Salad'] });
  await chat('Ana Torres').click();
  await button('Pizza').click();
  await log().getByText('Your vote counts: Pizza').or(log().getByText('You can change it.')).first().waitFor();
  await button('Sushi').click();
  await until(
    () => call('GET', `polls/${id}`),
    (poll) => JSON.stringify(poll['choices']).includes('"votes":1'),
  );
  await chat('Ben Albrecht').click();
  await button('Sushi').click();
  await until(
    () => call('GET', `polls/${id}`),
    ({ voters }) => voters === 2,
  );
  await call('POST', `polls/${id}/close`, {});
  // In the language of each reader: Ben's is German.
  await log().getByText('Ergebnis', { exact: true }).waitFor();
  await log().getByText('2 von 2', { exact: false }).waitFor();
  await chat('Ana Torres').click();
  await log().getByText('Final result').waitFor();
  await log().getByText('2 of 2 (100%)', { exact: false }).waitFor();
  expect(await button('Sushi').count()).toBe(0);
  expect(await call('GET', `polls/${id}`)).toMatchObject({ voters: 2 });
});

test('a survey is answered by presses and in words; what was answered keeps its answer and loses its buttons', async () => {
  const definition = {
    ...{ title: 'Your first week', thanks: 'Thank you. We read every answer.' },
    questions: [
      { id: 'laptop', kind: 'choice', text: 'Does your laptop work?', choices: ['Yes', 'No'] },
      { id: 'stars', kind: 'number', text: 'How many stars do you give to us?', min: 1, max: 5 },
      { id: 'more', kind: 'text', text: 'What else?', isOptional: true },
    ],
  };
  const { id } = await call('POST', 'dialogs', { to: 'ana@contoso.com', definition });
  await chat('Ana Torres').click();
  await button('No').click();
  await log().getByText('✅ No').waitFor();
  expect(await button('Yes').count()).toBe(0);
  await log().getByText('How many stars do you give to us?').first().waitFor();
  await log().getByRole('spinbutton').fill('4');
  await button('Send').click();
  await log().getByText('✅ 4').waitFor();
  await log().getByText('What else?').first().waitFor();
  await page.getByLabel('Message to the bot').fill('More light, please');
  await page.keyboard.press('Enter');
  await log().getByText('Thank you. We read every answer.').first().waitFor();
  expect(await call('GET', `dialogs/${id}`)).toMatchObject({
    ...{ state: 'completed', answers: { laptop: 'No', stars: 4, more: 'More light, please' } },
  });
});
