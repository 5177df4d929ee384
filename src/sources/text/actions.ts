// The buttons of ntfy's `Actions` header, as far as they lead to a page. Pure.

import type { DraftLink } from '../../domain/source.ts';
import { at, listAt, textAt } from '../payload.ts';

/** Three are ntfy's own bound. */
const MAX_ACTIONS = 10;

/**
 * `view, Open portal, https://...; http, ...`, the same with names (`action=view, label=..., url=...`), or JSON. Those
 * that do something else than open a page are left out.
 *
 * @see https://docs.ntfy.sh/publish/#action-buttons
 */
export function viewActions(header: string | undefined): readonly DraftLink[] {
  const actions = header?.startsWith('[') ? jsonActions(header) : split(header ?? '', ';').map(namedParts);
  return actions
    .slice(0, MAX_ACTIONS)
    .filter((action) => textAt(action, 'action') === 'view')
    .map((action) => ({ title: textAt(action, 'label') ?? 'Open', url: at(action, 'url') }));
}

function jsonActions(header: string): readonly unknown[] {
  try {
    return listAt(JSON.parse(header));
  } catch {
    return [];
  }
}

const POSITIONS = ['action', 'label', 'url'];

function namedParts(action: string): Readonly<Record<string, string>> {
  const parts = split(action, ',').map((part, position) => {
    const [, name, value] = /^\s*([a-z]+)\s*=(.*)$/s.exec(part) ?? [];
    return [name ?? POSITIONS[position] ?? '…', unquote((value ?? part).trim())] as const;
  });
  return Object.fromEntries(parts);
}

function unquote(text: string): string {
  return /^(["']).*\1$/s.test(text) && text.length > 1 ? text.slice(1, -1) : text;
}

/** At each mark that stands outside quotes; a quote begins where a part or a value does. */
function split(text: string, mark: string): readonly string[] {
  const parts: string[] = [];
  let start = 0;
  let quote = '';
  for (let index = 0; index < text.length; index++) {
    const character = text.charAt(index);
    const isOpening =
      quote === '' && /["']/.test(character) && /(^|[,;=])\s*$/.test(text.slice(Math.max(start, index - 8), index));
    if (isOpening || character === quote) {
      quote = isOpening ? character : '';
    } else if (quote === '' && character === mark) {
      parts.push(text.slice(start, index));
      start = index + 1;
    }
  }
  return [...parts, text.slice(start)];
}
