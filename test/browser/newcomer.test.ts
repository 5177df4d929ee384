// What a newcomer does first: start the sandbox command, open the page, paste the line that was printed.

import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { launchChromium } from '../support/chromium.ts';
import { createTemporaryFolder } from '../support/temporary-folder.ts';

const CLI = fileURLToPath(new URL('../../src/cli.ts', import.meta.url));

describe('the sandbox command', () => {
  const folder = createTemporaryFolder();
  let browser: Browser;
  let page: Page;
  let command: ChildProcess;
  let printed = '';

  beforeAll(async () => {
    browser = await launchChromium();
    const options = ['--port', '0', '--service-port', '0', '--folder', folder.path];
    command = spawn(process.execPath, [CLI, 'sandbox', ...options], { stdio: ['ignore', 'pipe', 'inherit'] });
    await new Promise<void>((resolve) => {
      command.stdout?.on('data', (chunk: Buffer) => {
        printed += chunk.toString();
        if (printed.includes('Ctrl+C')) {
          resolve();
        }
      });
    });
    page = await browser.newPage();
    page.setDefaultTimeout(8_000);
    await page.goto(/http:\/\/127\.0\.0\.1:\d+\//.exec(printed)?.[0] ?? 'about:blank');
  });

  afterAll(async () => {
    await browser.close();
    const exited = new Promise((resolve) => command.once('exit', resolve));
    command.kill('SIGINT');
    expect(await exited).toBe(0);
    folder.remove();
  });

  test('shows Ana with her welcome', async () => {
    await page.getByText('Good to be here').first().waitFor();
  });

  test('prints a line that, pasted into a shell, makes the card appear without a reload', async () => {
    const line = /^curl [\s\S]*?\}'$/m.exec(printed)?.[0] ?? 'false';
    const answer = JSON.parse(
      execFileSync('sh', ['-c', line], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }),
    );
    expect(answer).toMatchObject({ deliveries: [{ recipient: 'ana@contoso.com', state: 'queued' }] });
    await page.getByRole('heading', { name: 'Deploy finished' }).waitFor();
    await page.getByText('api 4.2.0 is live').waitFor();
  });

  test('lets Ben install the bot with a button, be welcomed in his language, and ask for help', async () => {
    await page.getByText('Ben Albrecht').click();
    await page.getByRole('button', { name: 'Install Bellhop' }).click();
    await page.getByText('Schön, hier zu sein').first().waitFor();
    await page.getByRole('button', { name: 'Hilfe' }).click();
    await page.getByText('Was ich kann').first().waitFor();
    await page.getByLabel('Message to the bot').fill('Hilfe');
    await page.getByRole('button', { name: 'Send' }).click();
    await page.getByText('Was ich kann').nth(1).waitFor();
  });

  test('lets Ben remove the bot again', async () => {
    await page.getByRole('button', { name: 'Remove' }).click();
    await page.getByRole('button', { name: 'Install Bellhop' }).waitFor();
  });
});
