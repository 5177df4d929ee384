// JSON schemas as lists of fields that people read.

import type { JsonObject } from '../openapi.ts';
import { type Html, html, NOTHING, prose } from './html.ts';

/** The fields of an object; nested objects without a name follow below their field. */
export function renderFields(schema: JsonObject): Html {
  const required = listOf(schema['required']);
  const fields = Object.entries(objectOf(schema['properties'])).map(([name, field]) =>
    renderField({ name, schema: objectOf(field), isRequired: required.includes(name) }),
  );
  return fields.length === 0 ? html`<p>No fields.</p>` : html`<dl>${fields}</dl>`;
}

/** A field or a parameter. */
export interface Field {
  readonly name: string;
  readonly schema: JsonObject;
  readonly isRequired: boolean;
  /** Where it stands, if not in JSON. */
  readonly place?: string;
  readonly description?: string;
}

/** Its name, what it may hold, and what it is. */
export function renderField({ name, schema, isRequired, place, description }: Field): Html {
  const says = description ?? schema['description'];
  const nested = [schema, objectOf(schema['items'])].find((one) => one['properties'] !== undefined);
  const bounds = [...(place === undefined ? [] : [`in ${place}`]), ...boundsOf(schema)];
  return html`<dt><code class="name">${name}</code> <span class="type">${typeOf(schema)}</span>${
    isRequired ? html` <span class="required">required</span>` : NOTHING
  }</dt><dd>${typeof says === 'string' ? html`<p>${prose(says)}</p>` : NOTHING}${
    bounds.length > 0 ? html`<p class="bounds">${prose(bounds.join('; '))}</p>` : NOTHING
  }${nested ? renderFields(nested) : NOTHING}</dd>`;
}

/** What a value may be, in a few words. */
export function typeOf(schema: JsonObject): Html {
  const reference = schema['$ref'];
  if (typeof reference === 'string') {
    const name = reference.slice(reference.lastIndexOf('/') + 1);
    return html`<a href="#object-${name}">${name}</a>`;
  }
  const values = listOf(schema['enum'] ?? (schema['const'] === undefined ? undefined : [schema['const']]));
  if (values.length > 0) {
    return joined(
      values.map((value) => html`<code>${JSON.stringify(value)}</code>`),
      ', ',
    );
  }
  const branches = listOf(schema['anyOf']).map((branch) => typeOf(objectOf(branch)));
  if (branches.length > 0) {
    return joined(branches, ' or ');
  }
  const map = objectOf(schema['additionalProperties']);
  if (schema['type'] === 'array') {
    return html`list of ${typeOf(objectOf(schema['items']))}`;
  }
  if (Object.keys(map).length > 0) {
    return html`object of ${typeOf(map)} by name`;
  }
  return html`${FORMATS[String(schema['format'])] ?? plainType(schema['type'])}`;
}

const FORMATS: Readonly<Record<string, string>> = { 'date-time': 'instant', duration: 'duration', uri: 'URL' };

function plainType(type: unknown): string {
  return Array.isArray(type) ? type.join(' or ') : String(type ?? 'any JSON');
}

/** The bounds of a value, each a piece of a sentence. */
function boundsOf(schema: JsonObject): readonly string[] {
  const list = listOf(schema['anyOf'])
    .map(objectOf)
    .find((branch) => branch['type'] === 'array');
  const shown = (value: unknown) => `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``;
  const [example] = listOf(schema['examples']);
  return [
    ...range(schema['minLength'], schema['maxLength'], ' characters'),
    ...range(schema['minItems'] ?? list?.['minItems'], schema['maxItems'] ?? list?.['maxItems'], ' items'),
    ...range(schema['minimum'], schema['maximum'], ''),
    ...(schema['default'] === undefined ? [] : [`default ${shown(schema['default'])}`]),
    ...(example === undefined ? [] : [`such as ${shown(example)}`]),
  ];
}

function range(from: unknown, to: unknown, unit: string): readonly string[] {
  if (to === undefined) {
    return typeof from === 'number' && from > 0 ? [`at least ${from}${unit}`] : [];
  }
  return [typeof from === 'number' ? `${from} to ${to}${unit}` : `up to ${to}${unit}`];
}

function joined(pieces: readonly Html[], separator: string): Html {
  return html`${pieces.map((piece, at) => (at === 0 ? piece : html`${separator}${piece}`))}`;
}

/** @returns an empty object for anything else */
export function objectOf(value: unknown): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};
}

/** @returns an empty list for anything else */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
