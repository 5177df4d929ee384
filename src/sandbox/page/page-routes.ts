// The files of the page.

import type { IncomingMessage, ServerResponse } from 'node:http';
import { AppError } from '../../domain/errors.ts';
import { CARD_FILES, type PageFile, pageFile, pageHeaders, readPageFile } from '../../pages/page-files.ts';
import { sendAnswer } from '../exchange.ts';

const CLIENT = new URL('./client/', import.meta.url);

const SCRIPTS = [
  ...['api.js', 'app.js', 'cards.js', 'chat-list.js', 'chat-view.js', 'dom.js', 'manage-dialog.js', 'message-box.js'],
  ...['message-view.js', 'requests-view.js', 'store.js', 'thread-view.js', 'toasts.js'],
];
const STYLES = ['style.css', 'chat.css', 'dialog.css'];

const FILES: ReadonlyMap<string, PageFile> = new Map([
  ['/', pageFile(CLIENT, 'index.html')],
  ...[...SCRIPTS, ...STYLES].map((name) => [`/page/${name}`, pageFile(CLIENT, name)] as const),
  ...Array.from(CARD_FILES, ([name, file]) => [`/page/${name}`, file] as const),
]);

const HEADERS = pageHeaders({ mayConnect: true });

/** @throws AppError `not_found` */
export async function answerPage(request: IncomingMessage, response: ServerResponse, path: string): Promise<void> {
  const file = FILES.get(path);
  if (!file || request.method !== 'GET') {
    throw new AppError('not_found', 'There is nothing here');
  }
  const text = await readPageFile(file);
  sendAnswer(response, { status: 200, headers: { ...HEADERS, 'content-type': file.contentType }, text });
}
