// What a colour says of how bad something is, where a sender says it by nothing else. Pure.

import type { Severity } from '../domain/notification.ts';

const NAMES: Readonly<Record<string, Severity>> = {
  good: 'success',
  green: 'success',
  warning: 'warning',
  amber: 'warning',
  orange: 'warning',
  yellow: 'warning',
  attention: 'error',
  danger: 'error',
  red: 'error',
};

/** Below these a colour is a grey, and says nothing. */
const MIN_SATURATION = 0.3;
const MIN_BRIGHTNESS = 0.25;

/**
 * Red is an error, amber a warning, green a success; blue, grey and what is no colour say nothing.
 *
 * @param color a name, or `#d9534f` with or without `#`; in any case
 */
export function severityOfColor(color: string | undefined): Severity | undefined {
  const name = color?.trim().toLowerCase() ?? '';
  if (Object.hasOwn(NAMES, name)) {
    return NAMES[name];
  }
  const hue = hueOf(name);
  if (hue === undefined) {
    return undefined;
  }
  return hue < 18 || hue >= 335 ? 'error' : hue < 68 ? 'warning' : hue >= 75 && hue < 170 ? 'success' : undefined;
}

/** In degrees; undefined for greys and for what is no colour. */
function hueOf(name: string): number | undefined {
  const long = name.replace(/^#/, '').replace(/^([0-9a-f])([0-9a-f])([0-9a-f])$/, '$1$1$2$2$3$3');
  const digits = /^([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})(?:[0-9a-f]{2})?$/.exec(long)?.slice(1, 4);
  if (!digits) {
    return undefined;
  }
  const [red = 0, green = 0, blue = 0] = digits.map((pair) => Number.parseInt(pair, 16) / 255);
  const [most, least] = [Math.max(red, green, blue), Math.min(red, green, blue)];
  const span = most - least;
  if (most < MIN_BRIGHTNESS || span / most < MIN_SATURATION) {
    return undefined;
  }
  const sixth =
    most === red ? (green - blue) / span : most === green ? 2 + (blue - red) / span : 4 + (red - green) / span;
  return (sixth * 60 + 360) % 360;
}
