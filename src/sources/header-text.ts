// What headers say: text that came as UTF-8, as Latin-1, or in the encoded words of RFC 2047. Pure.

type Headers = Readonly<Record<string, string>>;

/** The text of the first of these headers that says something. */
export function headerText(headers: Headers, ...names: readonly string[]): string | undefined {
  return names.map((name) => decodeWords(decodeBytes(headers[name] ?? '')).trim()).find((text) => text !== '');
}

/** Node reads each byte of a header as a character of its own; senders mean UTF-8 wherever the bytes can be that. */
export function decodeBytes(value: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are bytes
  if (!/[\x80-\xff]/.test(value) || /[^\x00-\xff]/.test(value)) {
    return value;
  }
  return decodeUtf8(Buffer.from(value, 'latin1')) ?? value;
}

/** Undefined for bytes that are no UTF-8. */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

const WORD = /=\?([\w-]+)(?:\*[\w-]+)?\?([bq])\?([^?\s]*)\?=/i;
const WORDS = new RegExp(`${WORD.source}(?:\\s*${WORD.source})*`, 'gi');

/** `=?utf-8?B?...?=`; blanks between two such words are none of the text. */
function decodeWords(value: string): string {
  return value.replace(WORDS, (run) => {
    const words = [...run.matchAll(new RegExp(WORD.source, 'gi'))];
    const charset = words[0]?.[1]?.toLowerCase() ?? '';
    // A character may begin in one word and end in the next.
    const isOne = words.every((word) => word[1]?.toLowerCase() === charset);
    return isOne
      ? decodeWith(charset, words, run)
      : words.map((word) => decodeWith(word[1] ?? '', [word], word[0])).join('');
  });
}

function decodeWith(charset: string, words: readonly RegExpExecArray[], otherwise: string): string {
  const bytes = Buffer.concat(words.map(([, , encoding = '', content = '']) => bytesOf(encoding, content)));
  try {
    return new TextDecoder(charset).decode(bytes);
  } catch {
    return otherwise;
  }
}

function bytesOf(encoding: string, content: string): Buffer {
  if (encoding.toLowerCase() === 'b') {
    return Buffer.from(content, 'base64');
  }
  const text = content
    .replaceAll('_', ' ')
    .replace(/=([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(text, 'latin1');
}
