// The page that shows the card which stands in its own address. It knows nothing, so it asks for no key.

import { AppError } from '../domain/errors.ts';
import { PREVIEW_FILES, pageHeaders, readPageFile } from '../pages/page-files.ts';
import type { Answer } from './answer.ts';
import type { Route } from './route.ts';

const { 'content-security-policy': policy = '', 'referrer-policy': referrer = '' } = pageHeaders({ mayConnect: false });
const HEADERS = {
  'Content-Security-Policy': policy,
  'Referrer-Policy': referrer,
  'Cross-Origin-Opener-Policy': 'same-origin',
};

/** The page and its files. What stands behind the `#` of its address never comes here. */
export function previewRoutes(): readonly Route[] {
  const route = (path: string, handle: Route['handle']): Route => ({
    method: 'GET',
    path,
    isProbe: false,
    operation: undefined,
    handle,
  });
  return [
    route('/preview', () => answerFile('index.html')),
    route('/preview/:file', (_exchange, { file = '' }) => answerFile(file)),
  ];
}

/** @throws AppError `not_found` */
async function answerFile(name: string): Promise<Answer> {
  const file = PREVIEW_FILES.get(name);
  if (!file) {
    throw new AppError('not_found', 'There is nothing at this path.');
  }
  return { status: 200, contentType: file.contentType, body: await readPageFile(file), headers: HEADERS };
}
