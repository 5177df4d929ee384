// Every answer of the API that a test gets from a running service is held against the API's own document.

import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { createApiDocument } from '../../scripts/api-document.ts';
import type { JsonObject } from '../../src/http/openapi.ts';

export interface CheckedAnswers {
  /** What the answers so far had that the document does not say; empty when all is well. */
  readonly findings: readonly string[];
  stop(): void;
}

const watched = new Map<string, string[]>();
const fetchUnchecked = globalThis.fetch;

/** Looks at all that `fetch` brings from this address. */
export function checkAnswers(url: string): CheckedAnswers {
  globalThis.fetch = fetchChecked;
  const findings: string[] = [];
  watched.set(url, findings);
  return { findings, stop: () => watched.delete(url) };
}

const fetchChecked: typeof fetch = async (input, init) => {
  const response = await fetchUnchecked(input, init);
  const { origin, pathname } = new URL(input instanceof Request ? input.url : input);
  const findings = watched.get(origin);
  if (findings && pathname.startsWith('/api/v1/')) {
    const method = init?.method ?? 'GET';
    findings.push(...describeDifference({ method, pathname, response, body: await response.clone().text() }));
  }
  return response;
};

interface Answered {
  readonly method: string;
  readonly pathname: string;
  readonly response: Response;
  readonly body: string;
}

/** Each thing about an answer that the document does not say. */
export function describeDifference({ method, pathname, response, body }: Answered): readonly string[] {
  const { status } = response;
  const path = templates.find(({ pattern }) => pattern.test(pathname))?.path;
  const operation = path === undefined ? undefined : document.paths[path]?.[method.toLowerCase()];
  const responses = operation ? (operation['responses'] as Record<string, JsonObject>) : NOT_THERE;
  const described = responses[status];
  const told = `${method} ${path ?? pathname} answered ${status}`;
  if (!described) {
    return [`${told}, which is not described`];
  }
  const type = response.headers.get('content-type') ?? '';
  const schema = (described['content'] as Record<string, { schema: JsonObject }> | undefined)?.[type]?.schema;
  if (!schema) {
    return type === '' && described['content'] === undefined ? [] : [`${told} as "${type}", which is not described`];
  }
  const validate = validatorOf(schema);
  return validate(type.startsWith('text/') ? body : JSON.parse(body))
    ? []
    : [`${told}: ${ajv.errorsText(validate.errors)} ${JSON.stringify(validate.errors?.map(({ params }) => params))}`];
}

const document = createApiDocument();

const templates = Object.keys(document.paths).map((path) => ({
  path,
  pattern: new RegExp(`^${path.replaceAll(/\{\w+\}/g, '[^/]+')}$`),
}));

/** What is answered where there is nothing, or nothing for this method. */
const PROBLEM = { content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } } };
const NOT_THERE: Record<string, JsonObject> = { 404: PROBLEM, 405: PROBLEM };

const ajv = new Ajv2020({ strict: false, allErrors: true });
// The types of the package describe the CommonJS form, in which it is the default.
(addFormats as unknown as { default: (target: Ajv2020) => void } & ((target: Ajv2020) => void))(ajv);
ajv.addSchema(closed(document) as JsonObject, 'api');

const validators = new Map<string, ValidateFunction>();

function validatorOf(schema: JsonObject): ValidateFunction {
  const text = JSON.stringify(closed(schema)).replaceAll('"#/components', '"api#/components');
  const validate = validators.get(text) ?? ajv.compile(JSON.parse(text));
  validators.set(text, validate);
  return validate;
}

/** For clients an answer may gain fields; for us each of them has to be described. */
function closed(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  if (Array.isArray(value)) {
    return value.map(closed);
  }
  const copy = Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, closed(inner)]));
  const isOpen = copy['type'] === 'object' && copy['properties'] !== undefined && !('additionalProperties' in copy);
  return isOpen ? { ...copy, additionalProperties: false } : copy;
}
