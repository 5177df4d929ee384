// Text from outside stays text.

import fc from 'fast-check';
import { clip, cut, toLine, toMarkdown, toMarkdownLine, toVisible } from '../../../src/domain/literal.ts';

/** Text made of what markdown, mentions and templates give a meaning to, and of ordinary words. */
const hostileText = fc
  .array(
    fc.oneof(
      fc.constantFrom(...'\\*_~`[]()#<>&@|{}!+-=.:0 \t\n'),
      fc.constantFrom('1. ', '- ', '> ', '# ', '```', '](http://x)', '<at>', '</at>', '{{DATE(x)}}', '&lt;', '\r\n'),
      fc.string({ unit: 'grapheme', maxLength: 5 }),
    ),
    { maxLength: 60 },
  )
  .map((parts) => parts.join(''));

/** Removes escaped pairs, so that what is left is what a renderer gives a meaning to. */
function unescaped(markdown: string): string {
  return markdown.replace(/\\[!-/:-@[-`{-~]/g, '');
}

/** What a renderer shows, as lines. */
function shown(markdown: string): readonly string[] {
  return markdown.split('\n\n').map((line) => line.replace(/\\([!-/:-@[-`{-~])/g, '$1'));
}

/** The lines of a text as they are meant to be seen: blank ones close up, indents keep their width. */
function meant(text: string): readonly string[] {
  const lines = toVisible(text)
    .trimEnd()
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => line.replace(/^[ \t]+/, (indent) => indent.replaceAll('\t', '    ').replaceAll(' ', '\u00a0')));
  return lines.length > 0 ? lines : [''];
}

test('nothing of a text is markup', () => {
  fc.assert(
    fc.property(hostileText, (text) => {
      const rest = unescaped(toMarkdown(text));
      expect(rest).not.toMatch(/[\\*_~`[\]()#<>&@|]/);
      expect(toMarkdown(text)).not.toContain('{{');
      for (const line of toMarkdown(text).split('\n\n')) {
        expect(line).not.toMatch(/^\s*(?:[-+=]|\d{1,9}[.)])/);
        expect(line).not.toMatch(/^[ \t]/);
      }
    }),
    { numRuns: 2_000 },
  );
});

test('what is shown is what was written', () => {
  fc.assert(
    fc.property(hostileText, (text) => {
      expect(shown(toMarkdown(text))).toEqual(meant(text));
    }),
    { numRuns: 2_000 },
  );
});

test('a line of text stays one line', () => {
  fc.assert(
    fc.property(hostileText, (text) => {
      expect(toMarkdownLine(text)).not.toMatch(/[\r\n]/);
      expect(toLine(text)).not.toMatch(/[\r\n]/);
      expect(toLine(text)).not.toContain('{{');
    }),
  );
});

test('nothing invisible and nothing broken is left', () => {
  const anyText = fc
    .array(fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)))
    .map((units) => units.join(''));
  fc.assert(
    fc.property(anyText, (text) => {
      for (const clean of [toVisible(text), toLine(text), toMarkdown(text), toMarkdownLine(text)]) {
        // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this looks for
        expect(clean).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
        expect(clean.isWellFormed()).toBe(true);
      }
    }),
    { numRuns: 1_000 },
  );
});

test.each([
  ['*bold* and _italic_', '\\*bold\\* and \\_italic\\_'],
  ['[link](https://evil.example)', '\\[link\\]\\(https://evil.example\\)'],
  ['<at>Ana</at>', '\\<at\\>Ana\\</at\\>'],
  ['{{DATE(2026-01-01)}}', '{\\{DATE\\(2026-01-01\\)}}'],
  ['- one\n2. two', '\\- one\n\n2\\. two'],
  ['&lt;b&gt;', '\\&lt;b\\&gt;'],
  ['version 1.2.3 - final', 'version 1.2.3 - final'],
  ['one\r\ntwo\rthree\u2028four', 'one\n\ntwo\n\nthree\n\nfour'],
  ['if:\n\tgo', 'if:\n\n\u00a0\u00a0\u00a0\u00a0go'],
])('%j becomes %j', (text, markdown) => {
  expect(toMarkdown(text)).toBe(markdown);
});

test('a cut never leaves half a character', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.nat(40), (text, maxUnits) => {
      expect(cut(text, maxUnits).isWellFormed()).toBe(true);
      expect(cut(text, maxUnits).length).toBeLessThanOrEqual(maxUnits);
    }),
  );
});

test('a clipped text says that it goes on', () => {
  expect(clip('abcdef', 6)).toBe('abcdef');
  expect(clip('abcdefg', 6)).toBe('abcde…');
});
