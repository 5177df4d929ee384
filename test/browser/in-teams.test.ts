// A team and its people, seen in a real browser: the whole service beside the sandbox.

import type { Page } from 'playwright-core';
import type { RunningService } from '../support/running-service.ts';
import { useSandboxPage } from '../support/sandbox-page.ts';
import { until } from '../support/until.ts';

const current = useSandboxPage();
let service: RunningService;
let page: Page;

beforeEach(() => {
  ({ service, page } = current());
});

const chats = () => page.getByRole('navigation', { name: 'Chats' });
const chat = (name: string) => chats().getByRole('button', { name: new RegExp(`^${name}`) });
const log = () => page.getByRole('log');

/** @returns its id, once it was accepted: people are known a moment after they were seen */
async function post(title: string, others: Record<string, unknown> = {}): Promise<string> {
  const body = { to: 'ana@contoso.com', title, ...others };
  const answer = await until(
    async () => (await (await service.post(body)).json()) as { readonly id?: string },
    ({ id }) => id !== undefined,
  );
  return String(answer.id);
}

const outcome = (id: string) =>
  until(
    async () => (await service.getStatus(id))['deliveries'] as readonly Record<string, unknown>[],
    ([delivery]) => delivery?.['state'] !== 'queued' || delivery['deferredUntil'] !== undefined,
  );

async function write(text: string): Promise<void> {
  await page.getByLabel('Message to the bot').fill(text);
  await page.keyboard.press('Enter');
}

test('a mention in a channel of a team becomes a direct message, and the thread learns that it arrived', async () => {
  await chat('General').click();
  await page.getByRole('button', { name: 'Install Bellhop' }).click();
  await log().getByText("I bring messages from your organization's own systems here").waitFor();
  await chat('Incidents').click();
  await page.getByLabel('Write as').selectOption('Ana Torres');
  await page.getByLabel('Message as Ana Torres').fill('@Bellhop tell @Ben the build is **broken**');
  await page.keyboard.press('Enter');
  await log().getByText('I told Ben Albrecht.').waitFor();
  await chat('Ben Albrecht').click();
  // In English: Teams tells the language of people who have spoken, and Ben has not.
  await log().getByText('Message from Ana Torres').waitFor();
  await log().getByText('the build is **broken**').waitFor();
  await log().getByText('Operations').waitFor();
});

test('a notification is muted by its menu, and what comes after it stays away', async () => {
  await page.getByRole('button', { name: 'Install Bellhop' }).click();
  await log().getByText('Good to be here').waitFor();
  await post('Deploy finished');
  await log().getByText('Deploy finished').waitFor();
  await page.getByRole('button', { name: 'More about this message' }).click();
  await page.getByRole('button', { name: 'Why did I get this?' }).click();
  await page.getByRole('status').getByText('It was sent to you by name').waitFor();
  await page.getByRole('button', { name: 'Mute everything from' }).click();
  await page.getByRole('status').getByText('is muted until you unmute it').waitFor();
  expect(await outcome(await post('Deploy failed'))).toMatchObject([
    { state: 'suppressed', reason: { code: 'muted' } },
  ]);
  await write('status');
  await log().getByText('Settings', { exact: true }).last().waitFor();
  await page.getByRole('button', { name: 'Unmute', exact: true }).click();
  await log().getByText('ci').last().waitFor();
  await post('Deploy mended');
  await log().getByText('Deploy mended').waitFor();
  expect(await log().getByText('Deploy failed').count()).toBe(0);
});

test('what waits in quiet hours comes as one digest when they end', async () => {
  await page.getByRole('button', { name: 'Install Bellhop' }).click();
  await log().getByText('Good to be here').waitFor();
  await write('quiet 00:00-23:59 weekends');
  await log().getByText('Your quiet hours are').waitFor();
  for (const title of ['Build one', 'Build two', 'Build three', 'Build four']) {
    expect(await outcome(await post(title))).toMatchObject([
      { state: 'queued', deferredUntil: expect.any(String), reason: { code: 'quiet_hours' } },
    ]);
  }
  await write('quiet off');
  await log().getByText('While it was quiet').waitFor();
  await log().getByText('Build four').waitFor();
  expect(await log().getByText('Build one').count()).toBe(1);
});
