// Text from outside, made harmless: on a card it reads as it was written and does nothing.

/** C0 and C1 controls but tab and line feed; they show nothing and hide much. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this looks for
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

/** Marks that reorder the text around them, by which `exe.fdp` can be shown as `pdf.exe`. */
const BIDI_CONTROLS = /[\u202a-\u202e\u2066-\u2069]/g;

const LINE_BREAKS = /\r\n?|[\u0085\u2028\u2029]/g;

/** What the three above look for: most texts have nothing of it. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this looks for
const UNUSUAL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/;

/** Blanks that are not one plain blank between two words. */
const BLANKS = /\s{2,}|[^\S ]/g;

/** What the markdown of a card, its mentions or its entities give a meaning to. */
const MARKUP = /[\\*_~`[\]()#<>&@|]|(?<=\{)\{/g;

/** What comes before the bullet, or before the dot of the number, where a line would begin a list, a rule or a heading. */
const BLOCK_START = /^\u00a0*(?:(?=[-+=])|\d{1,9}(?=\.))/;

/**
 * Text without what is invisible or broken: controls, bidi controls (the isolates and overrides; the plain marks of
 * Arabic and Hebrew stay), halves of characters. Lines end in a line feed.
 */
export function toVisible(text: string): string {
  const wellFormed = text.toWellFormed();
  if (!UNUSUAL.test(wellFormed)) {
    return wellFormed;
  }
  return wellFormed.replace(LINE_BREAKS, '\n').replace(CONTROLS, '').replace(BIDI_CONTROLS, '');
}

/**
 * One line of plain text, for places that read no markdown: buttons, the toast.
 * `{{` is taken apart, because Adaptive Cards look for functions in it everywhere.
 */
export function toLine(text: string): string {
  return toVisible(text)
    .replace(BLANKS, ' ')
    .trim()
    .replace(/\{(?=\{)/g, '{ ');
}

/**
 * Text as the markdown of a TextBlock or a Fact that shows exactly this text. Lines stay lines, and stay indented.
 *
 * @see https://spec.commonmark.org/0.31.2/#backslash-escapes
 */
export function toMarkdown(text: string): string {
  return toVisible(text).trimEnd().split('\n').map(escapeLine).filter(isFilled).join('\n\n');
}

/** The same for places of one line: titles and names. */
export function toMarkdownLine(text: string): string {
  return escapeLine(toVisible(text).replace(BLANKS, ' ').trim());
}

function escapeLine(line: string): string {
  // Blanks at the start of a line would be dropped, or make it a code block.
  const indented = line.replace(/^[ \t]+/, (indent) => indent.replaceAll('\t', '    ').replaceAll(' ', '\u00a0'));
  return escapeLineStart(escapeMarkup(indented));
}

/** A part of a line, with everything escaped that has a meaning inside it. */
export function escapeMarkup(text: string): string {
  return text.replace(MARKUP, '\\$&');
}

/** A line of markdown that begins no list, rule or heading. */
export function escapeLineStart(line: string): string {
  return line.replace(BLOCK_START, '$&\\');
}

/** A paragraph of a card cannot be empty: blank lines would only make the card longer. */
function isFilled(line: string): boolean {
  return line.trim() !== '';
}

/** The first `maxUnits` UTF-16 units of a text, never half a character. */
export function cut(text: string, maxUnits: number): string {
  const head = text.slice(0, Math.max(0, maxUnits));
  return head.isWellFormed() ? head : head.slice(0, -1);
}

/** The text, or its beginning and an ellipsis. */
export function clip(text: string, maxUnits: number): string {
  return text.length <= maxUnits ? text : `${cut(text, maxUnits - 1)}…`;
}
