// The page for people who write senders: the API's document, as HTML that asks nobody for anything.

import { createHash } from 'node:crypto';
import type { JsonObject, OpenApiDocument } from '../openapi.ts';
import { listOf, objectOf, renderField, renderFields, typeOf } from './fields.ts';
import { type Html, html, NOTHING, prose } from './html.ts';
import { STYLE } from './style.ts';

/** The page and the policy that it is served under. */
export interface DocsPage {
  readonly html: string;
  readonly contentSecurityPolicy: string;
}

interface Described {
  readonly method: string;
  readonly path: string;
  readonly operation: JsonObject;
}

/** Pure. */
export function renderDocsPage(document: OpenApiDocument): DocsPage {
  const { schemas } = document.components;
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
  );
  const topics = listOf(document['tags']).map((tag) => String(objectOf(tag)['name']));
  const sections = topics.map(
    (topic) => html`<h2>${topic}</h2>${operationsOf(operations, topic).map((one) => renderOperation(one, schemas))}`,
  );
  const { title, description } = objectOf(document['info']);
  const page = html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark"><link rel="icon" href="data:,"><title>${String(title)}: the API</title>
<style>${{ html: STYLE }}</style></head><body>
<nav aria-label="Operations">${topics.map((topic) => renderLinks(topic, operationsOf(operations, topic)))}
<details><summary>Objects</summary><ul>${Object.keys(schemas).map((name) => html`<li><a href="#object-${name}">${name}</a></li>`)}</ul></details></nav>
<main><h1>${String(title)}: the API</h1><p>${prose(String(description))}</p>
<p>The examples can be pasted into a shell that knows the address of this service and a key:</p>
<pre tabindex="0"><code>export BELLHOP_URL=https://bellhop.example.com BELLHOP_KEY=bhp_...</code></pre>
<p>For programs: <a href="/openapi.json">openapi.json</a> (OpenAPI 3.1).</p>
${sections}<h2>Objects</h2>${Object.entries(schemas).map(([name, schema]) => renderObject(name, schema))}</main>
</body></html>`;
  const digest = createHash('sha256').update(STYLE).digest('base64');
  const policy = `default-src 'none'; style-src 'sha256-${digest}'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;
  return { html: page.html, contentSecurityPolicy: policy };
}

function operationsOf(operations: readonly Described[], topic: string): readonly Described[] {
  return operations.filter(({ operation }) => listOf(operation['tags']).includes(topic));
}

function idOf({ operation }: Described): string {
  return String(operation['operationId']);
}

function renderLinks(topic: string, operations: readonly Described[]): Html {
  const links = operations.map((one) => html`<li><a href="#${idOf(one)}">${String(one.operation['summary'])}</a></li>`);
  return html`<h2>${topic}</h2><ul>${links}</ul>`;
}

function renderOperation(described: Described, schemas: OpenApiDocument['components']['schemas']): Html {
  const { method, path, operation } = described;
  const { description, parameters } = operation;
  const scopes = listOf(operation['security']).flatMap((one) => listOf(objectOf(one)['apiKey']).map(String));
  const body = bodyOf(operation);
  const responses = Object.entries(objectOf(operation['responses']));
  const fields = listOf(parameters).map(objectOf).map(renderParameter);
  return html`<section id="${idOf(described)}"><h3>${String(operation['summary'])}</h3>
<p class="call"><span class="method ${method}">${method}</span> <code>${path}</code></p>
<p>The key needs the scope ${prose(scopes.map((scope) => `\`${scope}\``).join(' or '))}.</p>
${description === undefined ? NOTHING : html`<p>${prose(String(description))}</p>`}
${fields.length === 0 ? NOTHING : html`<h4>Parameters</h4><dl>${fields}</dl>`}
${body ? html`<h4>Body: ${typeOf(body.schema)}</h4>${renderFields(resolve(body.schema, schemas))}` : NOTHING}
<h4>Example</h4><pre tabindex="0"><code>${toCurl(described)}</code></pre>
<h4>Answers</h4><dl>${responses.filter(([status]) => status < '400').map(renderAnswer)}</dl>
<details><summary>Errors</summary><dl>${responses.filter(([status]) => status >= '400').map(renderAnswer)}</dl></details>
</section>`;
}

function renderParameter(parameter: JsonObject): Html {
  const { name, required, schema, description } = parameter;
  return renderField({
    name: String(name),
    schema: objectOf(schema),
    isRequired: required === true,
    place: parameter['in'] === 'header' ? 'a header' : `the ${String(parameter['in'])}`,
    ...(typeof description === 'string' && { description }),
  });
}

function renderAnswer([status, answer]: readonly [string, unknown]): Html {
  const { description, content, headers } = objectOf(answer);
  const [body] = Object.values(objectOf(content)).map(objectOf);
  const notes = Object.entries(objectOf(headers)).map(
    ([name, header]) =>
      html`<p class="bounds"><code>${name}</code>: ${prose(String(objectOf(header)['description']))}</p>`,
  );
  return html`<dt><code class="name">${status}</code> <span class="type">${
    body ? typeOf(objectOf(body['schema'])) : NOTHING
  }</span></dt><dd><p>${prose(String(description))}</p>${notes}</dd>`;
}

function renderObject(name: string, schema: JsonObject): Html {
  const { description } = schema;
  return html`<section id="object-${name}"><h3>${name}</h3>
${description === undefined ? NOTHING : html`<p>${prose(String(description))}</p>`}${
  schema['properties'] === undefined ? html`<p>${typeOf(schema)}</p>` : renderFields(schema)
}</section>`;
}

function bodyOf(operation: JsonObject): { readonly schema: JsonObject; readonly example: unknown } | undefined {
  const json = objectOf(objectOf(objectOf(operation['requestBody'])['content'])['application/json']);
  return json['schema'] === undefined ? undefined : { schema: objectOf(json['schema']), example: json['example'] };
}

function resolve(schema: JsonObject, schemas: OpenApiDocument['components']['schemas']): JsonObject {
  // Of several forms the first is the usual one; the others are a link away.
  const usual = objectOf(listOf(schema['anyOf'])[0] ?? schema);
  const name =
    String(usual['$ref'] ?? '')
      .split('/')
      .at(-1) ?? '';
  return schemas[name] ?? usual;
}

/** A line to paste into a shell. */
function toCurl({ method, path, operation }: Described): string {
  const filled = listOf(operation['parameters'])
    .map(objectOf)
    .filter((parameter) => parameter['in'] === 'path')
    .reduce<string>((text, { name, description }) => {
      const prefix = /`(\w+)_/.exec(String(description))?.[1];
      return text.replace(`{${String(name)}}`, prefix === undefined ? String(name).toUpperCase() : `${prefix}_...`);
    }, path);
  const body = bodyOf(operation);
  const lines = [
    `curl ${method === 'GET' ? '' : `-X ${method} `}$BELLHOP_URL${filled}`,
    `-H "Authorization: Bearer $BELLHOP_KEY"`,
    ...(body ? [`-H 'Content-Type: application/json'`, `-d '${quoted(toReadableJson(body.example))}'`] : []),
  ];
  return lines.join(' \\\n  ');
}

/** What fits on a line stands on one. */
function toReadableJson(value: unknown, indent = ''): string {
  const short = JSON.stringify(value, undefined, 1)?.replaceAll(/\n */g, ' ') ?? '';
  const isDeep = typeof value === 'object' && value !== null && short.length > MAX_JSON_LINE;
  if (!isDeep) {
    return short;
  }
  const inner = `${indent}  `;
  const isList = Array.isArray(value);
  const lines = Object.entries(value).map(
    ([name, one]) => `${inner}${isList ? '' : `${JSON.stringify(name)}: `}${toReadableJson(one, inner)}`,
  );
  return `${isList ? '[' : '{'}\n${lines.join(',\n')}\n${indent}${isList ? ']' : '}'}`;
}

const MAX_JSON_LINE = 72;

function quoted(text: string): string {
  return text.replaceAll("'", "'\\''");
}
