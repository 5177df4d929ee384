// The beginning of what people write on GitHub, without what no card can show. Pure.

/** What one reads of it at a glance. */
const MAX_LENGTH = 600;
/** Of which that is the beginning; what templates and bots put before it is seldom longer. */
const MAX_READ = 20_000;

/** The beginning of a markdown text; undefined when nothing of it can be shown. */
export function excerptOf(markdown: string | undefined): string | undefined {
  const source = (markdown ?? '').slice(0, MAX_READ).toWellFormed().replace(/\r\n?/g, '\n');
  const text = withoutHtml(withoutImages(withoutComments(source)))
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
  return shorten(text) || undefined;
}

/** Comments, as templates have them; one without an end hides the rest, on GitHub too. */
function withoutComments(text: string): string {
  const [before = '', ...parts] = text.split('<!--');
  const shown = parts.map((part) => {
    const end = part.indexOf('-->');
    return end < 0 ? '' : part.slice(end + '-->'.length);
  });
  return [before, ...shown].join('');
}

/** In their place stands what they show. */
function withoutImages(text: string): string {
  return text.replace(/!\[([^[\]\n]{0,200})\]\([^()\n]{0,1000}\)/g, (_, description: string) => description.trim());
}

const BREAKS = /<(?:br\s*\/?|\/summary|\/p|\/div|\/tr|\/h[1-6]|\/li)>/gi;
const TAGS =
  /<\/?(?:a|blockquote|br|code|details|div|em|h[1-6]|hr|img|kbd|li|ol|p|picture|pre|source|span|strong|sub|summary|sup|table|tbody|td|th|thead|tr|ul|video)(?:[\s/][^<>]{0,1000})?>/gi;

/** The tags that GitHub lets through; `Map<Key>` and `<https://example.com>` are none of them. */
function withoutHtml(text: string): string {
  return text.replace(BREAKS, '\n').replace(TAGS, '');
}

/** Never cut inside a word, which might be an address; a block of code that was cut is closed. */
function shorten(text: string): string {
  if (text.length <= MAX_LENGTH) {
    return text;
  }
  const head = text.slice(0, MAX_LENGTH + 1);
  const paragraph = head.lastIndexOf('\n\n');
  const blank = Math.max(head.lastIndexOf(' '), head.lastIndexOf('\n'));
  // Whoever writes without blanks (Chinese, Japanese) is cut between two characters.
  const isAddress = /:|www/i.test(head.slice(blank + 1));
  const hardEnd = blank > MAX_LENGTH / 2 || isAddress ? Math.max(blank, 0) : MAX_LENGTH;
  const kept = head.slice(0, paragraph > MAX_LENGTH / 2 ? paragraph : hardEnd).replace(/[\ud800-\udbff]$/, '');
  const isCodeOpen = kept.split('```').length % 2 === 0;
  return isCodeOpen ? `${kept.trimEnd()}\n\`\`\`\n…` : `${kept.trimEnd()} …`.trim();
}
