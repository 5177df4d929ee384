// The OpenAPI 3.1 document of the API, made from what the routes say of themselves.

import { z } from 'zod';
import { unresolvedRecipient } from '../notifications/resolve-recipients.ts';
import { type Operation, problemsOf } from './operation.ts';
import { describeProblem, problemDocument } from './problem.ts';
import type { Route } from './route.ts';

/** JSON whose form is OpenAPI's business. */
export type JsonObject = { readonly [member: string]: unknown };

/** The document, as far as we read it again. */
export interface OpenApiDocument extends JsonObject {
  readonly paths: Readonly<Record<string, Readonly<Record<string, JsonObject>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, JsonObject>> } & JsonObject;
}

const INTRODUCTION =
  'Bellhop brings events from your systems to people in Microsoft Teams. ' +
  'Every request carries an API key: `Authorization: Bearer <key>`. Instants are RFC 3339 in UTC. ' +
  'Fields may be added to answers; what is there keeps its meaning.';

/** With what use cases add to it. */
const PROBLEM = problemDocument
  .extend({
    latest: z.string().optional().describe('With `replaced`: the notification that has taken its place.'),
    unresolved: z.array(unresolvedRecipient).optional().describe('With `no_recipient`: who, and why.'),
  })
  .meta({ id: 'Problem', description: 'What went wrong (RFC 9457).' });

/** Pure: the same routes give the same document. */
export function createOpenApiDocument(routes: readonly Route[]): OpenApiDocument {
  const schemas: Record<string, JsonObject> = {};
  const paths: Record<string, Record<string, JsonObject>> = {};
  for (const { method, path, operation } of routes) {
    if (operation) {
      const template = path.replaceAll(/:(\w+)/g, '{$1}');
      paths[template] = { ...paths[template], [method.toLowerCase()]: toOperation(operation, schemas) };
    }
  }
  toSchema(PROBLEM, 'output', schemas);
  return {
    openapi: '3.1.1',
    info: { title: 'Bellhop', version: '1', description: INTRODUCTION },
    servers: [{ url: '/' }],
    tags: [...new Set(routes.flatMap(({ operation }) => operation?.topic ?? []))].map((name) => ({ name })),
    paths,
    components: {
      securitySchemes: { apiKey: { type: 'http', scheme: 'bearer', description: 'A key of the producer.' } },
      schemas: Object.fromEntries(Object.entries(schemas).toSorted(([left], [right]) => (left < right ? -1 : 1))),
    },
  };
}

type Components = Record<string, JsonObject>;

function toOperation(operation: Operation, schemas: Components): JsonObject {
  const { id, topic, summary, description, scopes, request, variant } = operation;
  return {
    operationId: id,
    tags: [topic],
    summary,
    ...(description !== undefined && { description }),
    // Alternatives: any one of the scopes will do.
    security: scopes.map((scope) => ({ apiKey: [scope] })),
    parameters: toParameters(operation, schemas),
    ...(request && {
      requestBody: {
        required: request.isOptional !== true,
        content: {
          'application/json': { schema: toSchema(request.schema, 'input', schemas), example: request.example },
        },
      },
    }),
    ...(variant && { 'x-variant': variant }),
    responses: { ...toAnswers(operation, schemas), ...toProblems(operation) },
  };
}

function toParameters({ path = {}, query, headers }: Operation, schemas: Components): readonly JsonObject[] {
  const inPath = Object.entries(path).map(([name, description]) => ({
    ...{ name, in: 'path', required: true, description },
    schema: { type: 'string' },
  }));
  const others = [
    { place: 'query', schema: query },
    { place: 'header', schema: headers },
  ].flatMap(({ place, schema }) => {
    const { properties = {}, required = [] } = schema ? toSchema(schema, 'input', schemas) : {};
    const names = required as readonly string[];
    return Object.entries(properties as Record<string, JsonObject>).map(([name, { description, ...own }]) => ({
      ...{ name, in: place, required: names.includes(name), description, schema: own },
    }));
  });
  return [...inPath, ...others];
}

function toAnswers({ answers }: Operation, schemas: Components): JsonObject {
  return Object.fromEntries(
    Object.entries(answers).map(([status, { description, schema, mediaType = 'application/json', headers = {} }]) => [
      status,
      {
        description,
        headers: Object.fromEntries(
          Object.entries(headers).map(([name, says]) => [name, { description: says, schema: { type: 'string' } }]),
        ),
        ...(schema && { content: { [mediaType]: { schema: toSchema(schema, 'output', schemas) } } }),
      },
    ]),
  );
}

/** By status; what the codes of one status mean stands in its description. */
function toProblems(operation: Operation): JsonObject {
  const problems = problemsOf(operation).map((code) => ({ code, ...describeProblem(code) }));
  const statuses = [...new Set(problems.map(({ status }) => status))].toSorted((left, right) => left - right);
  return Object.fromEntries(
    statuses.map((status) => {
      const texts = problems.filter((one) => one.status === status).map(({ code, title }) => `\`${code}\`: ${title}.`);
      const content = { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } };
      return [status, { description: texts.join(' '), headers: PROBLEM_HEADERS[status] ?? {}, content }];
    }),
  );
}

const RETRY_AFTER = {
  'Retry-After': { description: 'Seconds until it is worth trying again.', schema: { type: 'integer' } },
};
const PROBLEM_HEADERS: Readonly<Record<number, JsonObject>> = { 429: RETRY_AFTER, 503: RETRY_AFTER };

/** A schema as it stands in the document; those that have a name go into `schemas` and leave a reference. */
function toSchema(schema: z.ZodType, io: 'input' | 'output', schemas: Components): JsonObject {
  const {
    $schema,
    $defs = {},
    ...own
  } = z.toJSONSchema(schema, { io, unrepresentable: 'any', override: forReaders(io) });
  const inPlace = (value: unknown): JsonObject =>
    JSON.parse(JSON.stringify(value).replaceAll('"#/$defs/', '"#/components/schemas/'));
  for (const [name, definition] of Object.entries($defs)) {
    schemas[name] = inPlace(definition);
  }
  return inPlace(own);
}

/** Answers may gain fields, so clients must not refuse those they do not know. */
function forReaders(io: 'input' | 'output') {
  return ({ jsonSchema }: { readonly jsonSchema: z.core.JSONSchema.BaseSchema }): void => {
    if (io === 'output' && jsonSchema.additionalProperties === false) {
      delete jsonSchema.additionalProperties;
    }
    // What JavaScript can count to says nothing to anybody.
    if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) {
      delete jsonSchema.maximum;
    }
    if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) {
      delete jsonSchema.minimum;
    }
  };
}
