// The page of the API in a real browser: it asks for nothing, reads well in light and dark, and fits a phone.

import type { Browser, Page } from 'playwright-core';
import { startServer, stopServers, type TestServer } from '../integration/http/start-server.ts';
import { launchChromium } from '../support/chromium.ts';

let browser: Browser;
let server: TestServer;

beforeAll(async () => {
  browser = await launchChromium();
  server = await startServer();
});

afterAll(async () => {
  await browser.close();
  await stopServers();
});

async function openPage(options: { readonly width: number; readonly colorScheme: 'light' | 'dark' }) {
  const { width, colorScheme } = options;
  const page = await browser.newPage({ viewport: { width, height: 760 }, colorScheme });
  page.setDefaultTimeout(8_000);
  const [requests, complaints]: [string[], string[]] = [[], []];
  page.on('request', (request) => requests.push(request.url()));
  page.on('console', (message) => complaints.push(message.text()));
  await page.goto(`${server.url}/docs`);
  return { page, requests: requests.filter((url) => !url.startsWith('data:')), complaints };
}

/** Luminance of the text and of the page behind it, 0 to 1. */
const readLuminances = (page: Page): Promise<readonly number[]> =>
  page.evaluate(`(() => {
    const style = getComputedStyle(document.body);
    return [style.color, style.backgroundColor].map((color) => {
      const [red, green, blue] = color.match(/\\d+/g).map((part) => (Number(part) / 255) ** 2.2);
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    });
  })()`);

test.each(['light', 'dark'] as const)(
  'in %s it asks for nothing but itself, and its text stands out',
  async (colorScheme) => {
    const { page, requests, complaints } = await openPage({ width: 1_280, colorScheme });
    expect([requests, complaints]).toEqual([[`${server.url}/docs`], []]);
    const [text = 0, ground = 0] = await readLuminances(page);
    expect(text < ground).toBe(colorScheme === 'light');
    expect((Math.max(text, ground) + 0.05) / (Math.min(text, ground) + 0.05)).toBeGreaterThan(7);
    await page.close();
  },
);

test('on a phone nothing is wider than the screen', async () => {
  const { page } = await openPage({ width: 360, colorScheme: 'light' });
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360);
  await page.close();
});

test('a reader gets from the list to an operation, its example, its errors and its objects', async () => {
  const { page } = await openPage({ width: 1_280, colorScheme: 'light' });
  await page.getByRole('navigation').getByRole('link', { name: 'Send a notification' }).click();
  expect(new URL(page.url()).hash).toBe('#sendNotification');
  const section = page.locator('#sendNotification');
  await section.getByText('curl -X POST').waitFor();
  await section.getByText('Errors', { exact: true }).click();
  await section.getByText('No recipient can be reached').waitFor();
  await section.getByRole('link', { name: 'AcceptedNotification' }).click();
  expect(new URL(page.url()).hash).toBe('#object-AcceptedNotification');
  await page.close();
});
