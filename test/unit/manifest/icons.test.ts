// Decodes the two icons far enough to look at every pixel.

import { readFileSync } from 'node:fs';
import { inflateSync } from 'node:zlib';

interface Pixel {
  readonly rgb: readonly [number, number, number];
  readonly alpha: number;
}

interface Icon {
  readonly width: number;
  readonly height: number;
  readonly pixels: readonly Pixel[];
}

/** Bytes a pixel of the PNG colour types that have 8-bit samples and no palette: RGB and RGBA. */
const PIXEL_BYTES: Readonly<Record<number, number>> = { 2: 3, 6: 4 };

function readIcon(name: string): Icon {
  const png = readFileSync(new URL(`../../../manifest/${name}`, import.meta.url));
  if (png.toString('latin1', 1, 4) !== 'PNG' || png.readUInt8(24) !== 8 || png.readUInt8(28) !== 0) {
    throw new Error('Expected a PNG with 8-bit samples that is not interlaced');
  }
  const pixelBytes = PIXEL_BYTES[png.readUInt8(25)];
  if (!pixelBytes) {
    throw new Error('Expected a PNG in RGB or RGBA');
  }
  const width = png.readUInt32BE(16);
  const samples = unfilter(inflateSync(imageData(png)), width * pixelBytes, pixelBytes);
  const pixels = Array.from({ length: samples.length / pixelBytes }, (_, index) => {
    const [red = 0, green = 0, blue = 0, alpha = 255] = samples.subarray(index * pixelBytes, (index + 1) * pixelBytes);
    return { rgb: [red, green, blue], alpha } satisfies Pixel;
  });
  return { width, height: png.readUInt32BE(20), pixels };
}

/** The bodies of all IDAT chunks, one after the other. */
function imageData(png: Buffer): Buffer {
  const bodies: Buffer[] = [];
  for (let at = 8; at < png.length; at += 12 + png.readUInt32BE(at)) {
    if (png.toString('latin1', at + 4, at + 8) === 'IDAT') {
      bodies.push(png.subarray(at + 8, at + 8 + png.readUInt32BE(at)));
    }
  }
  return Buffer.concat(bodies);
}

/** Takes back the prediction that each row was stored with. */
function unfilter(rows: Buffer, rowBytes: number, pixelBytes: number): Uint8Array {
  const height = rows.length / (rowBytes + 1);
  const samples = new Uint8Array(height * rowBytes);
  for (let row = 0; row < height; row++) {
    const filter = rows.readUInt8(row * (rowBytes + 1));
    for (let column = 0; column < rowBytes; column++) {
      const at = row * rowBytes + column;
      const left = column >= pixelBytes ? (samples[at - pixelBytes] ?? 0) : 0;
      const up = samples[at - rowBytes] ?? 0;
      const upLeft = column >= pixelBytes ? (samples[at - rowBytes - pixelBytes] ?? 0) : 0;
      const prediction = [0, left, up, (left + up) >> 1, paeth(left, up, upLeft)][filter] ?? 0;
      samples[at] = rows.readUInt8(row * (rowBytes + 1) + 1 + column) + prediction;
    }
  }
  return samples;
}

/** @see https://www.w3.org/TR/png/#9Filter-type-4-Paeth */
function paeth(left: number, up: number, upLeft: number): number {
  const estimate = left + up - upLeft;
  const [toLeft, toUp, toUpLeft] = [left, up, upLeft].map((value) => Math.abs(estimate - value)) as [
    number,
    number,
    number,
  ];
  if (toLeft <= toUp && toLeft <= toUpLeft) {
    return left;
  }
  return toUp <= toUpLeft ? up : upLeft;
}

describe('the icons', () => {
  test('the colour icon is 192 x 192 and has no see-through pixel', () => {
    const icon = readIcon('color.png');
    expect([icon.width, icon.height]).toEqual([192, 192]);
    expect(icon.pixels).toHaveLength(192 * 192);
    expect(icon.pixels.every((pixel) => pixel.alpha === 255)).toBe(true);
  });

  test("the colour icon's ground is the accent colour of the manifest, to the corners", () => {
    const manifest = readFileSync(new URL('../../../manifest/manifest.json', import.meta.url), 'utf8');
    const { pixels } = readIcon('color.png');
    const ground = `#${Buffer.from(pixels[0]?.rgb ?? []).toString('hex')}`;
    expect(JSON.parse(manifest)).toMatchObject({ accentColor: ground });
    expect([191, 191 * 192, 192 * 192 - 1].map((at) => pixels[at]?.rgb)).toEqual(Array(3).fill(pixels[0]?.rgb));
  });

  test('the outline icon is 32 x 32, white on transparent and nothing else', () => {
    const icon = readIcon('outline.png');
    expect([icon.width, icon.height]).toEqual([32, 32]);
    const drawn = icon.pixels.filter((pixel) => pixel.alpha > 0);
    expect(drawn.filter((pixel) => pixel.rgb.some((sample) => sample !== 255))).toEqual([]);
    expect(drawn.length).toBeGreaterThan(100);
    expect(drawn.length).toBeLessThan(icon.pixels.length / 2);
  });
});
