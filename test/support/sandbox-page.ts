// The whole service beside the sandbox, and the page of the sandbox in a real browser: for each test anew.

import type { Browser, Page } from 'playwright-core';
import { launchChromium } from './chromium.ts';
import { type RunningService, startService } from './running-service.ts';

/** What a test looks at. */
export interface OpenSandboxPage {
  readonly service: RunningService;
  readonly page: Page;
}

/** For a test file; it fails each test in which the page writes a warning or an error. @returns those of the test that runs */
export function useSandboxPage(): () => OpenSandboxPage {
  let browser: Browser;
  let opened: OpenSandboxPage;
  let offences: string[];

  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser.close());

  beforeEach(async () => {
    const service = await startService();
    offences = [];
    const page = await browser.newPage({ viewport: { width: 1_280, height: 900 } });
    opened = { service, page };
    page.setDefaultTimeout(10_000);
    page.on('console', (message) => offences.push(`${message.type()}: ${message.text()}`));
    page.on('pageerror', (error) => offences.push(String(error)));
    await page.goto(service.sandbox.url);
    await page.getByText('Live', { exact: true }).waitFor({ state: 'attached' });
  });

  afterEach(async () => {
    await opened.page.close();
    await opened.service.stop();
    expect(offences).toEqual([]);
  });
  return () => opened;
}
