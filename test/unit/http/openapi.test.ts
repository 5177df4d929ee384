// The API's document: valid, complete, and of one source with what is checked.

import { Validator } from '@seriousme/openapi-schema-validator';
import { createApiDocument } from '../../../scripts/api-document.ts';
import { NOTIFICATION_LIMITS } from '../../../src/domain/notification.ts';
import type { JsonObject } from '../../../src/http/openapi.ts';
import { createRoutes, type RouteDependencies } from '../../../src/http/routes.ts';

const document = createApiDocument();
const routes = createRoutes({} as RouteDependencies, { maxBodyBytes: 1, isActivityTokenRequired: true });
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
);

test('it is valid OpenAPI 3.1, references included', async () => {
  expect(document['openapi']).toMatch(/^3\.1\./);
  expect(await new Validator().validate(structuredClone(document))).toEqual({ valid: true });
});

test('every route of the API is described, and nothing else', () => {
  const described = routes.filter(({ operation }) => operation).map(({ method, path }) => `${method} ${path}`);
  const served = routes
    .filter(({ path }) => path.startsWith('/api/v1/'))
    .map(({ method, path }) => `${method} ${path}`);
  expect(described).toEqual(served);
  expect(operations).toHaveLength(served.length);
});

test('every operation has a name of its own, a scope, and a word on each part of its path', () => {
  const ids = operations.map(({ operation }) => operation['operationId']);
  expect(new Set(ids).size).toBe(ids.length);
  for (const { path, operation } of operations) {
    expect(operation['security']).not.toEqual([]);
    const parameters = operation['parameters'] as readonly JsonObject[];
    const inPath = parameters.filter((one) => one['in'] === 'path').map((one) => `{${one['name']}}`);
    expect(path.match(/\{\w+\}/g) ?? []).toEqual(inPath);
    expect(parameters.filter((one) => !one['description'])).toEqual([]);
  }
});

test('every object says what it is', () => {
  const silent = Object.entries(document.components.schemas).filter(([, { description }]) => !description);
  expect(silent.map(([name]) => name)).toEqual([]);
});

test('every field of a request says what it is', () => {
  const requests = Object.entries(document.components.schemas).filter(([name]) => name.endsWith('Request'));
  const silent = requests.flatMap(([name, { properties }]) =>
    Object.entries(properties as Record<string, JsonObject>)
      .filter(([, field]) => !field['description'])
      .map(([field]) => `${name}.${field}`),
  );
  expect(requests.length).toBeGreaterThan(0);
  expect(silent).toEqual([]);
});

test('bounds and defaults are those that requests are checked by', () => {
  const { properties, required } = document.components.schemas['NotificationRequest'] as {
    properties: Record<string, JsonObject>;
    required: readonly string[];
  };
  expect(properties['title']).toMatchObject({ maxLength: NOTIFICATION_LIMITS.maxTitleLength });
  expect(properties['links']).toMatchObject({ maxItems: NOTIFICATION_LIMITS.maxLinks, default: [] });
  expect(properties['images']).toMatchObject({ maxItems: NOTIFICATION_LIMITS.maxImages, default: [] });
  expect(properties['ttl']).toMatchObject({ type: 'string', format: 'duration', default: 'P1D' });
  expect(properties['severity']).toMatchObject({ enum: expect.arrayContaining(['critical']), default: 'info' });
  expect(required).toContain('to');
});

test('an answer may gain fields, and a request may not have unknown ones', () => {
  const { NotificationRequest, NotificationStatus } = document.components.schemas;
  expect(NotificationRequest).toHaveProperty('additionalProperties', false);
  expect(NotificationStatus).not.toHaveProperty('additionalProperties');
});

test('each example is a request that fits its schema', () => {
  for (const { operation } of routes) {
    if (operation?.request) {
      expect(operation.request.schema.safeParse(operation.request.example).error).toBeUndefined();
    }
  }
});
