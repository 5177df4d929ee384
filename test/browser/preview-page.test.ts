// The preview of a dry run in a real browser.

import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { toPreviewLink } from '../../src/notifications/preview-link.ts';
import { launchChromium } from '../support/chromium.ts';
import { type RunningService, startService } from '../support/running-service.ts';
import { until } from '../support/until.ts';

let browser: Browser;
let service: RunningService;
/** What a page must not do: violate its policy, write errors, ask anybody else. */
let offences: string[];

beforeAll(async () => {
  browser = await launchChromium();
  service = await startService();
});
afterAll(async () => {
  await browser.close();
  await service.stop();
});
beforeEach(() => {
  offences = [];
});
afterEach(() => expect(offences).toEqual([]));

async function open(path: string, options: BrowserContextOptions = {}): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1_100, height: 800 }, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(8_000);
  page.on('console', (message) => offences.push(`${message.type()}: ${message.text()}`));
  page.on('pageerror', (error) => offences.push(String(error)));
  page.on('request', (request) => {
    if (!request.url().startsWith(`${service.url}/preview`)) {
      offences.push(request.url());
    }
  });
  await page.goto(service.url + path);
  return page;
}

const linkTo = (body: readonly object[], fields: object = {}) =>
  toPreviewLink(undefined, { summary: 'Summary', card: { type: 'AdaptiveCard', version: '1.5', body, ...fields } });

test('the link of a dry run shows the card, and the card goes to no server', async () => {
  const event = { to: 'ana@contoso.com', title: 'Disk **almost** full', text: 'db1 has 4 % left', severity: 'warning' };
  const response = await fetch(`${service.url}/api/v1/notifications?dry_run=true`, {
    method: 'POST',
    headers: { authorization: `Bearer ${service.apiKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({ ...event, links: [{ title: 'Dashboard', url: 'https://grafana.example/d' }] }),
  });
  const { preview } = (await response.json()) as { preview: string };
  const page = await open(preview);
  await page.getByText('Disk **almost** full').first().waitFor();
  await page.getByText('db1 has 4 % left').waitFor();
  await page.getByText('Nothing of this has been sent').waitFor();
  await page.getByRole('link', { name: 'Dashboard (grafana.example)' }).waitFor();
  expect(service.log.join('')).not.toContain(preview.split('#')[1]?.slice(0, 20));
  await page.context().close();
});

test('an address without a card says so in a sentence, and the next one is shown', async () => {
  const page = await open('/preview');
  const trouble = page.getByRole('alert').getByText('There is no card in this address');
  await trouble.waitFor();
  for (const fragment of ['#', '#garbage', `#${'A'.repeat(5_000)}`, '#S0xNBAA', '#%00', '#😀']) {
    await page.goto(service.url + linkTo([{ type: 'TextBlock', text: 'A card' }]));
    await page.getByText('A card').waitFor();
    await page.goto(`${service.url}/preview${fragment}`);
    await trouble.waitFor();
    expect(await page.locator('.card').count()).toBe(0);
  }
  await page.context().close();
});

test('what comes from anybody neither asks for anything nor leads anywhere but to https', async () => {
  const page = await open(
    linkTo(
      [
        { type: 'Input.Text', id: 'password', label: 'Password' },
        { type: 'TextBlock', text: '[a](http://evil.example) [b](javascript:alert(1)) <img src=x onerror=alert(1)>' },
        { type: 'Image', url: 'https://evil.example/pixel.png', altText: 'pixel' },
        {
          type: 'RichTextBlock',
          inlines: [
            { type: 'TextRun', text: 'run', selectAction: { type: 'Action.OpenUrl', url: 'http://evil.example/run' } },
          ],
        },
      ],
      {
        backgroundImage: 'https://evil.example/back.png',
        actions: [
          { type: 'Action.OpenUrl', title: 'Plain', url: 'http://evil.example' },
          { type: 'Action.Submit', title: 'Send' },
        ],
      },
    ),
  );
  await page.getByText('Pictures are not loaded here').waitFor();
  expect(await page.locator('#card input, #card a[href^="http:"]:not(.ac-anchor)').count()).toBe(0);
  await page.getByRole('link', { name: 'run' }).click();
  await page.getByRole('link', { name: 'Plain' }).click();
  await page.getByText('the button does nothing here').waitFor();
  await page.getByRole('button', { name: 'Send' }).click();
  expect(page.context().pages()).toHaveLength(1);
  await page.context().close();
});

test('it is as wide and as dark as the reader wants it', async () => {
  const text = { type: 'TextBlock', text: 'word '.repeat(100), wrap: true };
  const page = await open(linkTo([text]), { colorScheme: 'light' });
  const styleOf = (selector: string, name: string) =>
    page.evaluate(`getComputedStyle(document.querySelector('${selector}')).${name}`);
  const widthOf = async () => (await page.locator('.card').boundingBox())?.width ?? 0;
  expect(await widthOf()).toBeGreaterThan(600);
  await page.getByText('Phone', { exact: true }).click();
  await until(widthOf, (width) => width < 400);
  await page.setViewportSize({ width: 360, height: 700 });
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360);
  const light = [await styleOf('body', 'backgroundColor'), await styleOf('.ac-textBlock', 'color')];
  await page.emulateMedia({ colorScheme: 'dark' });
  const readDark = async () => [await styleOf('body', 'backgroundColor'), await styleOf('.ac-textBlock', 'color')];
  await until(readDark, ([ground, color]) => ground !== light[0] && color !== light[1]);
  await page.context().close();
});
