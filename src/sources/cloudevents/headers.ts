// The attributes of an event in binary mode: one header each, with `ce-` before its name. Pure.

import { decodeBytes, decodeUtf8 } from '../header-text.ts';

/** An attribute, or undefined in the place of its value where its bytes are no UTF-8. */
export type HeaderAttribute = readonly [name: string, value: string | undefined];

/** Those of a request. Headers whose names cannot be those of attributes are other people's. */
export function headerAttributes(headers: Readonly<Record<string, string>>): readonly HeaderAttribute[] {
  return Object.entries(headers).flatMap(([header, value]) => {
    const name = /^ce-([a-z0-9]+)$/.exec(header)?.[1];
    return name === undefined ? [] : [[name, decodeAttribute(value)] as const];
  });
}

/**
 * Quotes around it are taken away, then each `%xy` stands for a byte: once, so that `%2520` is `%20`. A percent sign
 * that begins no byte is one: earlier senders did not know that they had to write it otherwise.
 *
 * @see https://github.com/cloudevents/spec/blob/main/cloudevents/bindings/http-protocol-binding.md#3132-http-header-values
 */
function decodeAttribute(value: string): string | undefined {
  const quoted = /^"((?:[^"\\]|\\.)*)"$/s.exec(value)?.[1];
  const plain = decodeBytes(quoted === undefined ? value : quoted.replace(/\\(.)/gs, '$1'));
  let isText = true;
  const decoded = plain.replace(/(?:%[0-9a-f]{2})+/gi, (bytes) => {
    const text = decodeUtf8(Buffer.from(bytes.replaceAll('%', ''), 'hex'));
    isText &&= text !== undefined;
    return text ?? '';
  });
  return isText ? decoded : undefined;
}
