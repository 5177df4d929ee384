// The page of the API: nothing of the document becomes markup, and every field is told with its bounds.

import { renderFields, typeOf } from '../../../src/http/docs/fields.ts';
import { html, prose } from '../../../src/http/docs/html.ts';

test('values never become markup, finished HTML stays what it is', () => {
  const canary = `<script>alert("1")</script>&'`;
  expect(html`<p>${canary}${html`<b>${1}</b>`}</p>`.html).toBe(
    '<p>&#60;script&#62;alert(&#34;1&#34;)&#60;/script&#62;&#38;&#39;<b>1</b></p>',
  );
  expect(prose('a `<b>` c').html).toBe('a <code>&#60;b&#62;</code> c');
});

test.each([
  [{ $ref: '#/components/schemas/Attempt' }, '<a href="#object-Attempt">Attempt</a>'],
  [{ enum: ['a', 'b'] }, '<code>&#34;a&#34;</code>, <code>&#34;b&#34;</code>'],
  [{ const: true }, '<code>true</code>'],
  [{ anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }] }, 'string or list of string'],
  [{ type: ['string', 'null'] }, 'string or null'],
  [{ type: 'string', format: 'date-time' }, 'instant'],
  [{ type: 'object', additionalProperties: { type: 'integer' } }, 'object of integer by name'],
  [{}, 'any JSON'],
])('%j is told as %s', (schema, text) => {
  expect(typeOf(schema).html).toBe(text);
});

test('a field tells its bounds, its default and what is inside it', () => {
  const text = renderFields({
    required: ['facts'],
    properties: {
      facts: {
        type: 'array',
        maxItems: 30,
        default: [],
        items: { type: 'object', properties: { name: { type: 'string', minLength: 1 } } },
      },
    },
  }).html.replaceAll(/<[^>]+>/g, ' ');
  expect(text.replaceAll(/\s+/g, ' ').trim()).toBe(
    'facts list of object required up to 30 items; default [] name string at least 1 characters',
  );
});
