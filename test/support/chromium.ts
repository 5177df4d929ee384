// A real browser for tests: Debian's chromium.

import { type Browser, chromium } from 'playwright-core';

/** Without these flags chromium looks for hosts of its vendor; its own sandbox does not work for root. */
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export function launchChromium(): Promise<Browser> {
  return chromium.launch({ executablePath: '/usr/bin/chromium', args: FLAGS });
}
