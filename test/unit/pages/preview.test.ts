// What the preview page makes of its address, which anybody can have written.

import { deflateRawSync } from 'node:zlib';
import { toPreviewLink } from '../../../src/notifications/preview-link.ts';

interface Shown {
  readonly summary: string;
  readonly card: object;
}

/** The page's own scripts: they have no types, and run in Node as well as in a browser. */
const load = (name: string) => import(new URL(`../../../src/pages/preview/${name}`, import.meta.url).href);
const { readAddress } = (await load('read-address.js')) as { readAddress(text: string): Promise<Shown | undefined> };
const { toSafeCard } = (await load('safe-card.js')) as {
  toSafeCard(card: object, picture: string): { card: object; hasPictures: boolean };
};

const CARD = { type: 'AdaptiveCard', version: '1.5', body: [{ type: 'TextBlock', text: 'Grüße, 漢字 😀' }] };
const deflate = (text: string) => deflateRawSync(text).toString('base64url');

test('the link of a dry run leads to the card that it was made of', async () => {
  const link = toPreviewLink('https://bellhop.example', { summary: 'Grüße', card: CARD });
  expect(link).toMatch(/^https:\/\/bellhop\.example\/preview#[\w-]+$/);
  expect(await readAddress(link.split('#')[1] ?? '')).toEqual({ summary: 'Grüße', card: CARD });
});

test.each([
  '',
  '%',
  'garbage',
  deflate('no JSON'),
  deflate('null'),
  deflate('{"card":{"type":"MessageCard"}}'),
  deflate(JSON.stringify({ summary: '', card: CARD })).slice(0, -8),
  deflate(JSON.stringify({ card: { type: 'AdaptiveCard', text: ' '.repeat(2_000_000) } })),
])('an address such as %.20s holds no card', async (fragment) => {
  expect(await readAddress(fragment)).toBeUndefined();
});

test('pictures get a mark, wherever they are, and inputs go', () => {
  const url = 'https://evil.example/a.png';
  const card = {
    backgroundImage: { url },
    body: [
      { type: 'Image', url, altText: 'A' },
      { type: 'ImageSet', images: [{ url }] },
      { type: 'Input.Text', id: 'a' },
      { type: 'TextBlock', text: 'x', fallback: { type: 'Media' } },
    ],
    actions: [{ type: 'Action.OpenUrl', url: 'https://ci.example', iconUrl: url }],
  };
  expect(toSafeCard(card, '/mark.svg')).toEqual({
    hasPictures: true,
    card: {
      body: [
        { type: 'Image', url: '/mark.svg', altText: 'A' },
        { type: 'ImageSet', images: [{ url: '/mark.svg' }] },
        { type: 'TextBlock', text: 'x' },
      ],
      actions: [{ type: 'Action.OpenUrl', url: 'https://ci.example' }],
    },
  });
  expect(toSafeCard(CARD, '/mark.svg')).toEqual({ card: CARD, hasPictures: false });
});
