// Where a text stops being JSON. JSON.parse knows, but tells it by quoting the text.
//
// One token after the other; `allowed` holds the kinds that may come next: the punctuation itself, `s` for a string,
// `v` for a number, true, false or null.

const VALUE = '{[sv';
const VALUE_OR_END = '{[sv]';
const KEY = 's';
const KEY_OR_END = 's}';

/**
 * The offset of the first token that cannot stand where it stands; the length of the text when it ends too early.
 * Linear time. Pure.
 *
 * @returns undefined when the text is JSON
 */
export function findJsonFault(text: string): number | undefined {
  const readToken = createTokenReader(text);
  const space = /[ \t\n\r]*/y;
  const containers: string[] = [];
  let allowed = VALUE;
  for (let offset = 0; ; ) {
    space.lastIndex = offset;
    space.test(text);
    offset = space.lastIndex;
    if (offset === text.length) {
      return allowed === '' ? undefined : offset;
    }
    const { kind, end } = readToken(offset);
    if (!allowed.includes(kind)) {
      return offset;
    }
    if (kind === '{' || kind === '[') {
      containers.push(kind);
    } else if (kind === '}' || kind === ']') {
      containers.pop();
    }
    allowed = allowedAfter(kind, { before: allowed, container: containers.at(-1) });
    offset = end;
  }
}

function allowedAfter(kind: string, { before, container }: { before: string; container: string | undefined }): string {
  switch (kind) {
    case '{':
      return KEY_OR_END;
    case '[':
      return VALUE_OR_END;
    case ':':
      return VALUE;
    case ',':
      return container === '{' ? KEY : VALUE;
    default:
      return kind === 's' && (before === KEY || before === KEY_OR_END) ? ':' : afterValue(container);
  }
}

function afterValue(container: string | undefined): string {
  if (container === undefined) {
    return '';
  }
  return container === '{' ? ',}' : ',]';
}

interface Token {
  /** Punctuation, `s`, `v`, or `?` for what is no token. */
  readonly kind: string;
  readonly end: number;
}

function createTokenReader(text: string): (offset: number) => Token {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: JSON forbids them in strings
  const string = /"[^"\\\u0000-\u001f]*(?:\\(?:["\\/bfnrt]|u[\da-fA-F]{4})[^"\\\u0000-\u001f]*)*"/y;
  const scalar = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;
  return (offset) => {
    const first = text.charAt(offset);
    if ('{}[],:'.includes(first)) {
      return { kind: first, end: offset + 1 };
    }
    const pattern = first === '"' ? string : scalar;
    pattern.lastIndex = offset;
    const kind = first === '"' ? 's' : 'v';
    return pattern.test(text) ? { kind, end: pattern.lastIndex } : { kind: '?', end: offset };
  };
}
