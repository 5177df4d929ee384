// The Markdown that Teams knows in cards: bold, italic, lists and links. All else stays text.

const ENTITIES = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Stands for an escaped character while Markdown is read; from Unicode's private use area. */
const ESCAPED_FROM = 0xe000;
/** Stands for a finished link while emphasis is read. */
const LINK = '\ue100';
const ESCAPABLE = '\\`*_{}[]()#+-.!~<>&@|"\'=$%^:;,/?';

/**
 * @param {string} text from anybody
 * @param {RegExp} [schemes] what the address of a link has to begin with
 * @returns {string} HTML without anything but b, i, a, ul, ol, li, p and br. Pure.
 */
export function renderMarkdown(text, schemes = /^(https?|mailto):/i) {
  const shielded = text
    .replace(/[\uE000-\uE100]/g, '')
    .replace(/\\([!-/:-@[-`{-~])/g, (match, character) => shield(character) ?? match);
  return unshield(renderBlocks(escapeHtml(shielded).split(/\r\n|\r|\n/), schemes));
}

function shield(character) {
  const at = ESCAPABLE.indexOf(character);
  return at < 0 ? undefined : String.fromCharCode(ESCAPED_FROM + at);
}

function unshield(html) {
  return html.replace(/[\uE000-\uE0FF]/g, (mark) => escapeHtml(ESCAPABLE[mark.charCodeAt(0) - ESCAPED_FROM] ?? ''));
}

function escapeHtml(text) {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character]);
}

/** Lines that are list items stand together in a list; the others make paragraphs. */
function renderBlocks(lines, schemes) {
  const blocks = [];
  for (const line of lines) {
    const item = /^\s*(?:([-*+])|(\d{1,9})[.)])\s+(.*)$/.exec(line);
    const kind = item ? (item[1] ? 'ul' : 'ol') : line.trim() === '' ? 'gap' : 'p';
    const last = blocks.at(-1);
    const part = item ? item[3] : line;
    if (last?.kind === kind) {
      last.parts.push(part);
    } else {
      blocks.push({ kind, parts: [part], start: Number(item?.[2] ?? 1) });
    }
  }
  return blocks.map((block) => renderBlock(block, schemes)).join('');
}

function renderBlock({ kind, parts, start }, schemes) {
  const inline = (part) => renderInline(part, schemes);
  switch (kind) {
    case 'gap':
      return '';
    case 'p':
      return `<p>${parts.map(inline).join('<br>')}</p>`;
    default: {
      const items = parts.map((part) => `<li>${inline(part)}</li>`).join('');
      return kind === 'ol' ? `<ol start="${start}">${items}</ol>` : `<ul>${items}</ul>`;
    }
  }
}

/** Links first, and out of the way of emphasis, which may stand around them. */
function renderInline(text, schemes) {
  const links = [];
  const withoutLinks = text.replace(/\[([^\][]+)\]\(([^\s()]+)\)/g, (match, label, url) => {
    const link = renderLink({ label: renderEmphasis(label), url, schemes });
    if (link === undefined) {
      return match;
    }
    links.push(link);
    return LINK;
  });
  return renderEmphasis(withoutLinks).replaceAll(LINK, () => links.shift());
}

function renderEmphasis(text) {
  return text
    .replace(/\*\*(?=\S)(.+?)(?<=\S)\*\*/g, '<b>$1</b>')
    .replace(/(?<![\w*])\*(?=[^\s*])(.+?)(?<=[^\s*])\*(?![\w*])/g, '<i>$1</i>')
    .replace(/(?<![\w_])_(?=[^\s_])(.+?)(?<=[^\s_])_(?!\w)/g, '<i>$1</i>');
}

/** @returns undefined unless the address is of a kind that a person may safely open */
function renderLink({ label, url, schemes }) {
  const address = unshield(url).replaceAll('&amp;', '&');
  if (!schemes.test(address) || !URL.canParse(address)) {
    return undefined;
  }
  return `<a href="${escapeHtml(address)}" target="_blank" rel="noopener noreferrer">${label}</a>`;
}
