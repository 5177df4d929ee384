// Values of an Adaptive Card that are nearly right, as they may be sent. Pure.

import { hasOnlyHttpsLinks } from '../../domain/markdown-links.ts';
import { isSafeLink } from '../../domain/request-fields.ts';
import { at, isObject, listAt, textAt } from '../payload.ts';

/** Longer than any message may be. */
const MAX_LENGTH = 16_384;

/** Markdown in which no link leads to anything but https: such a link is shown as its address. */
export function repairText(text: string): string {
  const wellFormed = text.slice(0, MAX_LENGTH).toWellFormed();
  const mended = wellFormed
    .replace(/!?\[([^\][]*)\]\(([^()]*)\)/g, (whole, label: string, address: string) => {
      const url = address.trim().split(/\s/, 1)[0] ?? '';
      return isSafeLink(url) ? whole : label.trim() === url ? url : `${label} (${url})`;
    })
    .replace(/<([a-z][a-z0-9+.-]*:[^\s<>]*)>/gi, (whole, url: string) => (isSafeLink(url) ? whole : url));
  // A line such as `[FIRING:1]: disk` would define a link.
  const escaped = mended.replace(/^([ \t]*)\[/gm, '$1\\[');
  return [mended, escaped].find(hasOnlyHttpsLinks) ?? mended.replace(/[[\]<>]/g, ' ');
}

/** Mentions as the names in them: whom a hook may mention is not for its sender to say. */
export function withoutMentions(text: string): string {
  return text.replace(/<\/?at\b[^<>]*>/gi, '');
}

/** The facts of a list of them: a name and a value each, in whatever words. */
export function repairFacts(facts: unknown): readonly unknown[] {
  return (Array.isArray(facts) ? facts : []).flatMap((fact) => {
    const [title, value] = [textAt(fact, 'title') ?? textAt(fact, 'name'), textAt(fact, 'value')];
    const clean = (text: string | undefined) => repairText(withoutMentions(text ?? ''));
    return title === undefined && value === undefined ? [] : [{ title: clean(title), value: clean(value) }];
  });
}

/** The columns of a table, with no more than a width. */
export function repairTableColumns(columns: unknown): readonly unknown[] {
  return listAt(columns)
    .filter(isObject)
    .map((column) => {
      const width = at(column, 'width');
      return typeof width === 'number' && width >= 0 ? { width } : { width: 1 };
    });
}
