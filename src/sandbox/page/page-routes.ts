// The files of the page, with headers that let nothing foreign in.

import { readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { fileURLToPath } from 'node:url';
import { AppError } from '../../domain/errors.ts';
import { sendAnswer } from '../exchange.ts';

interface PageFile {
  readonly url: string;
  readonly type: string;
}

const SCRIPTS = ['api.js', 'app.js', 'cards.js', 'chat-list.js', 'chat-view.js', 'dom.js', 'host-config.js'];
const MORE_SCRIPTS = ['markdown.js', 'requests-view.js', 'store.js', 'toasts.js'];

const FILES: ReadonlyMap<string, PageFile> = new Map([
  ['/', clientFile('index.html', 'text/html')],
  ['/page/style.css', clientFile('style.css', 'text/css')],
  ['/page/chat.css', clientFile('chat.css', 'text/css')],
  ['/page/card.css', clientFile('card.css', 'text/css')],
  ['/page/icon.svg', clientFile('icon.svg', 'image/svg+xml')],
  [
    '/page/adaptivecards.min.js',
    { url: import.meta.resolve('adaptivecards/dist/adaptivecards.min.js'), type: 'text/javascript' },
  ],
  ...[...SCRIPTS, ...MORE_SCRIPTS].map((name) => [`/page/${name}`, clientFile(name, 'text/javascript')] as const),
]);

/** No script but the page's own, no request to anybody else, and no page around it. */
const HEADERS = {
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cache-control': 'no-cache',
};

/** @throws AppError `not_found` */
export async function answerPage(request: IncomingMessage, response: ServerResponse, path: string): Promise<void> {
  const file = FILES.get(path);
  if (!file || request.method !== 'GET') {
    throw new AppError('not_found', 'There is nothing here');
  }
  const text = await readFile(fileURLToPath(file.url), 'utf8');
  sendAnswer(response, { status: 200, headers: { ...HEADERS, 'content-type': `${file.type}; charset=utf-8` }, text });
}

function clientFile(name: string, type: string): PageFile {
  return { url: new URL(`./client/${name}`, import.meta.url).href, type };
}
