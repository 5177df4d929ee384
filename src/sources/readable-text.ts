// Texts as senders write them for other chats: HTML as the markdown of a card, markdown as a plain line. Pure, and linear.

/** A text in two parts: a line that can be a title, and what is left to say. */
export interface LedText {
  readonly title: string | undefined;
  readonly text: string | undefined;
  /** Those of the line, which a title cannot hold. */
  readonly links: readonly { readonly title: string; readonly url: string }[];
}

/** Beyond this the first line is no title: it is said again in the text. */
const MAX_LEAD_LENGTH = 120;

/** A markdown text of which the first line becomes the title; where that would lose something, it stays in the text too. */
export function splitLead(text: string | undefined): LedText {
  const lines = (text ?? '').trim().split(/\r\n?|\n/);
  const at = lines.findIndex((line) => withoutMarkdown(line) !== '');
  const first = lines[at];
  if (first === undefined) {
    return { title: undefined, text: undefined, links: [] };
  }
  const title = withoutMarkdown(first);
  const isShort = title.length <= MAX_LEAD_LENGTH;
  const isKept = isShort && !/https?:|```/i.test(first.replace(LINK_MARKUP, ''));
  const rest = (isKept ? lines.slice(at + 1) : lines).join('\n').trim();
  return {
    title,
    text: rest === '' || (isShort && rest === title) ? undefined : rest,
    links: isKept ? linksOfMarkdown(first) : [],
  };
}

const LINK_MARKUP = /!?(?<!\\)\[((?:[^\][\\]|\\.)*)\]\(([^()\s]*)\)/g;

/** What a line of markdown reads. */
export function withoutMarkdown(markdown: string): string {
  return markdown
    .replace(LINK_MARKUP, '$1')
    .replace(/^[ \t]*(?:#{1,6}[ \t]+|[-*+][ \t]+|>[ \t]?)/gm, '')
    .replace(/(?<!\\)(\*{1,3})(?=\S)([^*\n]+)(?<=\S)\1/g, '$2')
    .replace(/(?<![\p{L}\p{N}\\_])(_{1,2})(?=\S)([^_\n]+)(?<=\S)\1(?![\p{L}\p{N}_])/gu, '$2')
    .replace(/(?<!\\)(?:`([^`\n]+)`|~~([^~\n]+)~~)/g, '$1$2')
    .replace(/\\([!-/:-@[-`{-~])/g, '$1')
    .trim();
}

/** The tags that the cards of connectors knew, and those of mentions. */
const TAG =
  /<\/?(?:a|at|b|blockquote|br|code|div|em|font|h[1-6]|hr|i|img|li|ol|p|pre|s|span|strike|strong|table|tbody|td|th|thead|tr|u|ul)\b[^<>]*>/gi;
const HAS_TAG = new RegExp(TAG.source, 'i');
const PAIR = /<(b|strong|i|em)\b[^<>]*>([^<>]*)<\/\1\s*>/gi;
const LINK = /<a\b([^<>]*)>([^<>]*)<\/a\s*>/gi;
const LINE_END = /<(?:br|hr|\/tr|\/li)\b[^<>]*>/gi;
const BLOCK_END = /<\/?(?:blockquote|div|h[1-6]|ol|p|pre|table|ul)\b[^<>]*>/gi;

/** Emphasis inside emphasis; deeper ones lose their marks. */
const MAX_PASSES = 3;

/** Markdown in which HTML may occur, as markdown alone. */
export function fromHtml(text: string): string {
  return decodeEntities(HAS_TAG.test(text) ? withoutTags(text) : text);
}

function withoutTags(html: string): string {
  let text = html
    .replace(/[ \t]*<li\b[^<>]*>/gi, '\n- ')
    .replace(LINE_END, '\n')
    .replace(BLOCK_END, '\n\n');
  for (let pass = 0; pass < MAX_PASSES; pass++) {
    text = text.replace(PAIR, (_pair, tag: string, inner: string) =>
      marked(inner, /^(b|strong)$/i.test(tag) ? '**' : '_'),
    );
    text = text.replace(LINK, (_link, attributes: string, label: string) => {
      const address = /\bhref\s*=\s*["']?([^"'\s]+)/i.exec(attributes)?.[1];
      return address === undefined ? label : `[${label.trim() || address}](${decodeEntities(address)})`;
    });
  }
  return text
    .replace(/<\/t[dh]\s*>\s*(?=<t[dh]\b)/gi, ' | ')
    .replace(TAG, '')
    .replace(/\n[ \t]+(?=\n)/g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}

/** Marks stand beside what they mark, never beside a blank. */
function marked(inner: string, mark: string): string {
  const text = inner.trim();
  return text === ''
    ? inner
    : `${inner.startsWith(text) ? '' : ' '}${mark}${text}${mark}${inner.endsWith(text) ? '' : ' '}`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
  '#39': "'",
  '#x27': "'",
};

/** Those that escaping makes; all others stay what they are. */
export function decodeEntities(text: string): string {
  return text.replace(
    /&(#39|#x27|amp|apos|gt|lt|nbsp|quot);/gi,
    (whole, name: string) => ENTITIES[name.toLowerCase()] ?? whole,
  );
}

/** The links of a markdown text, as buttons. */
export function linksOfMarkdown(markdown: string): readonly { readonly title: string; readonly url: string }[] {
  return [...markdown.matchAll(LINK_MARKUP)].map(([, label = '', url = '']) => ({
    title: withoutMarkdown(label),
    url,
  }));
}
