// The API's document without a running service.

import { createOpenApiDocument, type OpenApiDocument } from '../src/http/openapi.ts';
import { createRoutes, type RouteDependencies } from '../src/http/routes.ts';

/** Nothing is called: what routes say of themselves is plain data. */
export function createApiDocument(): OpenApiDocument {
  return createOpenApiDocument(
    createRoutes({} as RouteDependencies, { maxBodyBytes: 1, isActivityTokenRequired: true }),
  );
}
