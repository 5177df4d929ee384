// Texts by which producers and people might take over a card: markdown, mentions, templates, and what runs the other way.

import fc from 'fast-check';

/** One text, not empty, or all of one letter that grows when it is escaped. @param maxLength in letters of the alphabet below */
export function hostileText(maxLength: number): fc.Arbitrary<string> {
  return fc.oneof(
    fc.string({
      unit: fc.constantFrom(
        ...['[', ']', '(', ')', 'https://x.example', '<at>', '</at>', '**', '_', '{{', '\\', '- ', '1. ', '\n'],
        ...['\u202e', '\u2066', '\u0007', 'a', ' ', 'م', '"', '&lt;', '`', '#', '|', '@'],
      ),
      minLength: 1,
      maxLength,
    }),
    fc.constantFrom('"', '\\', '*', 'م', '😀').map((letter) => letter.repeat(maxLength)),
  );
}
