// Where the API describes itself: to programs and to people. Nothing of it is secret.

import type { Answer } from './answer.ts';
import { type DocsPage, renderDocsPage } from './docs/page.ts';
import { createOpenApiDocument } from './openapi.ts';
import type { Route } from './route.ts';

/** @param routes those that are described; what they say is put together at the first request and kept */
export function documentRoutes(routes: readonly Route[]): readonly Route[] {
  let json: string | undefined;
  let page: DocsPage | undefined;
  const route = (path: string, answer: () => Answer): Route => ({
    method: 'GET',
    path,
    isProbe: false,
    operation: undefined,
    handle: async () => answer(),
  });
  return [
    route('/openapi.json', () => {
      json ??= JSON.stringify(createOpenApiDocument(routes));
      return { status: 200, contentType: 'application/json', body: json };
    }),
    route('/docs', () => {
      page ??= renderDocsPage(createOpenApiDocument(routes));
      return {
        status: 200,
        contentType: 'text/html; charset=utf-8',
        body: page.html,
        headers: { 'Content-Security-Policy': page.contentSecurityPolicy, 'Referrer-Policy': 'no-referrer' },
      };
    }),
  ];
}
