// Finds in what a person writes whom it mentions: `@Ben` becomes `<at>Ben Albrecht</at>`, as in Teams. Pure.

/** Somebody who can be mentioned. */
export interface Mentionable {
  readonly id: string;
  readonly name: string;
}

/** A text as Teams sends it to a bot. */
export interface MentioningText {
  readonly text: string;
  /** The same with the marks that Teams makes of mentions. */
  readonly html: string;
  /** In the order of the text; who is mentioned twice is there twice. */
  readonly mentions: readonly Mentionable[];
}

/** Names have three words at most. */
const NAME_AFTER_AT = /(?<![\p{L}\p{N}_@.])@([\p{L}\p{N}_-]+(?: [\p{L}\p{N}_-]+){0,2})/gu;

/**
 * Reads `@` and a name; the longest name that somebody has wins, and an `@` before nobody's name stays as it is.
 * @param find who is called this in the place where it is written
 */
export function readMentions(written: string, find: (name: string) => Mentionable | undefined): MentioningText {
  const parts: { readonly text: string; readonly html: string }[] = [];
  const mentions: Mentionable[] = [];
  let end = 0;
  for (const match of written.matchAll(NAME_AFTER_AT)) {
    const found = match.index < end ? undefined : findLongest(match[1] ?? '', find);
    if (found) {
      const before = written.slice(end, match.index);
      parts.push({ text: before, html: escapeHtml(before) });
      parts.push({ text: markUp(found.who), html: markUpHtml(found.who, mentions.length) });
      mentions.push(found.who);
      end = match.index + 1 + found.length;
    }
  }
  const rest = written.slice(end);
  parts.push({ text: rest, html: escapeHtml(rest) });
  const join = (form: 'text' | 'html') => parts.map((part) => part[form]).join('');
  return { text: join('text'), html: join('html'), mentions };
}

/** What stands in a text for a mention. */
export function markUp({ name }: Mentionable): string {
  return `<at>${name}</at>`;
}

/** Text as it stands in HTML. */
export function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function findLongest(
  words: string,
  find: (name: string) => Mentionable | undefined,
): { readonly who: Mentionable; readonly length: number } | undefined {
  const parts = words.split(' ');
  for (let count = parts.length; count > 0; count--) {
    const name = parts.slice(0, count).join(' ');
    const who = find(name);
    if (who) {
      return { who, length: name.length };
    }
  }
  return undefined;
}

function markUpHtml({ name }: Mentionable, place: number): string {
  const marks = `itemscope="" itemtype="http://schema.skype.com/Mention" itemid="${place}"`;
  return `<span ${marks}>${escapeHtml(name)}</span>`;
}
