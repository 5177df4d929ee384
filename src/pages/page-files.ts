// Files of pages in a browser, with headers that let nothing foreign in, and the ones that show cards.

import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

/** A file as it is served. */
export interface PageFile {
  readonly url: string;
  readonly contentType: string;
}

const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html',
  css: 'text/css',
  js: 'text/javascript',
  svg: 'image/svg+xml',
};

/** A text file of a folder; its type follows from its name. */
export function pageFile(folder: URL, name: string): PageFile {
  return { url: new URL(name, folder).href, contentType: contentTypeOf(name) };
}

/** Its text, as it is on the disk now. */
export function readPageFile(file: PageFile): Promise<string> {
  return readFile(fileURLToPath(file.url), 'utf8');
}

const CARDS = new URL('./cards/', import.meta.url);
const RENDERER = 'adaptivecards.min.js';

/** What a page needs to show cards, by name: Microsoft's renderer, how cards look, and their markdown. */
export const CARD_FILES: ReadonlyMap<string, PageFile> = new Map([
  [RENDERER, { url: import.meta.resolve(`adaptivecards/dist/${RENDERER}`), contentType: contentTypeOf(RENDERER) }],
  ...['card.css', 'page.css', 'host-config.js', 'icon.svg', 'markdown.js'].map(
    (name) => [name, pageFile(CARDS, name)] as const,
  ),
]);

const PREVIEW = new URL('./preview/', import.meta.url);

/** The page that shows the card which stands in its address, by name; `index.html` is the page itself. */
export const PREVIEW_FILES: ReadonlyMap<string, PageFile> = new Map([
  ...['index.html', 'picture.svg', 'preview.css', 'preview.js', 'read-address.js', 'safe-card.js'].map(
    (name) => [name, pageFile(PREVIEW, name)] as const,
  ),
  ...CARD_FILES,
]);

/**
 * No script and no style but the page's own, no request to anybody else, and no page around it.
 *
 * @param options.mayConnect whether the page may ask the host that it came from
 */
export function pageHeaders({ mayConnect }: { readonly mayConnect: boolean }): Readonly<Record<string, string>> {
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    `connect-src ${mayConnect ? "'self'" : "'none'"}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ];
  return {
    'content-security-policy': policy.join('; '),
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cache-control': 'no-cache',
  };
}

function contentTypeOf(name: string): string {
  return `${TYPES[name.split('.').at(-1) ?? ''] ?? 'text/plain'}; charset=utf-8`;
}
