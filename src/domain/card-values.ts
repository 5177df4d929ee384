// What the properties of an Adaptive Card may hold: texts, addresses, measures and the words of schema 1.5.

import { z } from 'zod';
import { hasOnlyHttpsLinks } from './markdown-links.ts';
import { httpsUrl, text } from './request-fields.ts';

/** No message that Teams takes is longer. */
const MAX_TEXT_LENGTH = 40_960;
const MAX_NAME_LENGTH = 256;

/** Text that is shown as it stands. */
export const plain = text(MAX_TEXT_LENGTH);

/** Text that Teams reads as markdown. */
export const markdown = plain.refine(
  hasOnlyHttpsLinks,
  'Expected links to plain https addresses only; write \\[ for a bracket that begins no link',
);

export const name = text(MAX_NAME_LENGTH);
export const flag = z.boolean();
export const anyList = z.array(z.unknown());

/** A part that is looked at by itself. */
export const part = z.unknown();
export const requiredPart = part.refine((value) => value !== undefined, 'Expected an object, it is missing');

/** One of these words, in any case. */
export function word(...words: readonly string[]) {
  const known = new Set(words.map((one) => one.toLowerCase()));
  const expected = words.map((one) => `"${one}"`).join(', ');
  return z.string().refine((value) => known.has(value.toLowerCase()), `Expected one of ${expected}`);
}

const matching = (pattern: RegExp, example: string) => z.string().regex(pattern, `Expected something like ${example}`);

export const pixels = matching(/^\d{1,4}(\.\d{1,4})?px$/i, '"50px"');
export const imageSide = matching(/^(auto|stretch|\d{1,4}(\.\d{1,4})?px)$/i, '"50px", "auto" or "stretch"');
export const color = matching(/^#([0-9a-f]{6}|[0-9a-f]{8})$/i, '"#DDDDDD"');
export const language = matching(/^[a-z]{2,3}(-[a-z0-9]{2,8})*$/i, '"en"');
export const schemaAddress = matching(
  /^https?:\/\/adaptivecards\.io\/schemas\/[\w./-]{1,64}$/,
  '"http://adaptivecards.io/schemas/adaptive-card.json"',
);
export const version = z
  .string()
  .regex(/^1\.[0-5]$/, 'Expected a version from "1.0" to "1.5", the newest that bots may send');

export const columnWidth = z.union(
  [matching(/^(auto|stretch|\d{1,4}(\.\d{1,4})?(px)?)$/i, '"auto"'), z.number().min(0)],
  'Expected "auto", "stretch", a width such as "50px", or a number',
);

export const lines = z.int().min(0);
export const spacing = word('default', 'none', 'small', 'medium', 'large', 'extraLarge', 'padding');
export const height = word('auto', 'stretch');
export const horizontal = word('left', 'center', 'right');
export const vertical = word('top', 'center', 'bottom');
export const imageSize = word('auto', 'stretch', 'small', 'medium', 'large');
export const containerStyle = word('default', 'emphasis', 'good', 'attention', 'warning', 'accent');

/** How text looks, in text blocks and in runs. */
export const textLook = {
  color: word('default', 'dark', 'light', 'accent', 'good', 'warning', 'attention').nullable(),
  fontType: word('default', 'monospace').nullable(),
  isSubtle: flag.nullable(),
  size: word('default', 'small', 'medium', 'large', 'extraLarge').nullable(),
  weight: word('default', 'lighter', 'bolder').nullable(),
};

export const backgroundImage = z.union(
  [
    httpsUrl,
    z.strictObject({
      type: z.literal('BackgroundImage').optional(),
      url: httpsUrl,
      fillMode: word('cover', 'repeatHorizontally', 'repeatVertically', 'repeat').optional(),
      horizontalAlignment: horizontal.optional(),
      verticalAlignment: vertical.optional(),
    }),
  ],
  'Expected an https address or an object with one',
);

/** Features and the versions of them that an element needs. */
export const requires = z.custom<Readonly<Record<string, string>>>(
  (value) =>
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.entries(value).every(
      ([key, needed]) =>
        /^\w[\w.-]{0,63}$/.test(key) && /^[\d.*]{1,16}$/.test(String(needed)) && typeof needed === 'string',
    ),
  'Expected names of features with versions, such as {"adaptiveCards": "1.2"}',
);

export const targetElements = z
  .array(
    z.union(
      [
        name,
        z.strictObject({
          type: z.literal('TargetElement').optional(),
          elementId: name,
          isVisible: flag.nullable().optional(),
        }),
      ],
      'Expected the id of an element, or an object with elementId',
    ),
  )
  .min(1, 'Expected at least one element to show or hide');
