// From the tokens of a paragraph to runs of text in one style.

import { toVisible } from '../../domain/literal.ts';
import { toTextLink } from './links.ts';
import type { Run } from './markdown-line.ts';
import { type CardToken, inner } from './markdown-tokens.ts';

/** How the text around a token looks. */
type Style = Pick<Run, 'isBold' | 'isItalic'>;

export const UNSTYLED: Style = { isBold: false, isItalic: false };

/** The lines of a paragraph; a line break of the source is one. */
export function readLines(tokens: readonly CardToken[], style: Style = UNSTYLED): readonly (readonly Run[])[] {
  const lines: Run[][] = [[]];
  for (const piece of readPieces(tokens, style)) {
    piece === 'break' ? lines.push([]) : lines.at(-1)?.push(piece);
  }
  return lines;
}

/** The characters of a text, as they were written. */
export function literalRun(text: string, style: Style = UNSTYLED): Run {
  return { ...style, text: toVisible(text).replace(/[ \t\n]+/g, ' ') };
}

function readPieces(tokens: readonly CardToken[], style: Style): readonly (Run | 'break')[] {
  return tokens.flatMap((token): readonly (Run | 'break')[] => {
    switch (token.type) {
      case 'strong':
        return readPieces(inner(token.tokens), { ...style, isBold: true });
      case 'em':
        return readPieces(inner(token.tokens), { ...style, isItalic: true });
      case 'br':
        return ['break'];
      case 'link': {
        const link = toTextLink({ title: readable(inner(token.tokens)), url: token.href });
        return link ? [{ ...style, text: link.label, url: link.url }] : [literalRun(token.raw, style)];
      }
      case 'paragraph':
      case 'text':
        return token.tokens ? readPieces(inner(token.tokens), style) : [literalRun(token.text, style)];
      case 'escape':
        return [literalRun(token.text, style)];
      default:
        return [literalRun(token.raw, style)];
    }
  });
}

/** What a label says, without its styles; of an image, its description. */
function readable(tokens: readonly CardToken[]): string {
  return tokens
    .map((token) => {
      const parts = 'tokens' in token ? inner(token.tokens) : [];
      return parts.length > 0 ? readable(parts) : 'text' in token ? token.text : token.raw;
    })
    .join('');
}
