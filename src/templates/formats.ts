// Numbers and instants as text, in the language that a template names.

/** Both may take a language, BCP 47; en-US when it is missing or no language. */
const DEFAULT_LOCALE = 'en-US';

/** Digits after the dot. */
const MAX_PRECISION = 15;

/** What was made for languages so far: making it takes longer than using it a hundred times. */
export interface Formats {
  readonly numbers: Map<string, Intl.NumberFormat>;
  readonly names: Map<string, Intl.DateTimeFormat>;
}

/** Of each kind that one expansion may have made. */
const MAX_FORMATS = 4;

/** Gives one that was made before, or makes it; undefined when too many were made. */
function remembered<Format>(formats: Map<string, Format>, key: string, create: () => Format): Format | undefined {
  if (!formats.has(key) && formats.size < MAX_FORMATS) {
    formats.set(key, create());
  }
  return formats.get(key);
}

/** @returns undefined for what is no number, or when too many languages and precisions are used */
export function formatNumber({ numbers }: Formats, [value, precision, locale]: readonly unknown[]): string | undefined {
  if (typeof value !== 'number' || typeof precision !== 'number' || !(precision >= 0 && precision <= MAX_PRECISION)) {
    return undefined;
  }
  const digits = Math.floor(precision);
  const language = toLocale(locale);
  return remembered(
    numbers,
    `${language} ${digits}`,
    () => new Intl.NumberFormat(language, { minimumFractionDigits: digits, maximumFractionDigits: digits }),
  )?.format(value);
}

/** ISO 8601; in UTC where no zone is given. */
const INSTANT = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(Z|[+-]\d\d:?\d\d)?)?$/;

/** Of .NET, which Adaptive Expressions go by; text in quotes stays. */
const PATTERN_PARTS = /'[^']*'|yyyy|yy|M{1,4}|d{1,4}|HH?|hh?|mm?|ss?|f{1,3}|tt/g;

const MAX_PATTERN_LENGTH = 64;

/**
 * An instant by a pattern such as `yyyy-MM-dd HH:mm`, in UTC: a template is expanded once, for readers in many zones.
 *
 * @returns undefined for what is no instant in ISO 8601
 */
export function formatDateTime(formats: Formats, [value, pattern, locale]: readonly unknown[]): string | undefined {
  const zone = typeof value === 'string' ? INSTANT.exec(value) : null;
  const instant = new Date(zone ? `${zone[0]}${zone[0].includes('T') && !zone[1] ? 'Z' : ''}` : Number.NaN);
  if (Number.isNaN(instant.getTime())) {
    return undefined;
  }
  if (typeof pattern !== 'string' || pattern.length > MAX_PATTERN_LENGTH) {
    return instant.toISOString();
  }
  const language = toLocale(locale);
  return pattern.replace(PATTERN_PARTS, (part) =>
    NAMES.has(part) ? nameOf(formats, { instant, part, language }) : partOf(instant, part),
  );
}

/** Parts that are words, and how they are asked for. */
const NAMES: ReadonlyMap<string, Intl.DateTimeFormatOptions> = new Map([
  ['MMM', { month: 'short' }],
  ['MMMM', { month: 'long' }],
  ['ddd', { weekday: 'short' }],
  ['dddd', { weekday: 'long' }],
]);

function nameOf(
  { names }: Formats,
  { instant, part, language }: { readonly instant: Date; readonly part: string; readonly language: string },
): string {
  const create = () => new Intl.DateTimeFormat(language, { ...NAMES.get(part), timeZone: 'UTC' });
  return remembered(names, `${language} ${part}`, create)?.format(instant) ?? part;
}

function partOf(instant: Date, part: string): string {
  const padded = (value: number) => String(value).padStart(part.length, '0');
  const hours = instant.getUTCHours();
  switch (part.charAt(0)) {
    case "'":
      return part.slice(1, -1);
    case 'y':
      return String(instant.getUTCFullYear()).slice(-part.length);
    case 'M':
      return padded(instant.getUTCMonth() + 1);
    case 'd':
      return padded(instant.getUTCDate());
    case 'H':
      return padded(hours);
    case 'h':
      return padded(hours % 12 || 12);
    case 'm':
      return padded(instant.getUTCMinutes());
    case 's':
      return padded(instant.getUTCSeconds());
    case 'f':
      return String(instant.getUTCMilliseconds()).padStart(3, '0').slice(0, part.length);
    default:
      return hours < 12 ? 'AM' : 'PM';
  }
}

function toLocale(locale: unknown): string {
  if (typeof locale !== 'string' || !/^[a-z]{2,3}(?:-[A-Z][a-z]{3})?(?:-[A-Z]{2})?$/.test(locale)) {
    return DEFAULT_LOCALE;
  }
  return Intl.NumberFormat.supportedLocalesOf(locale)[0] ?? DEFAULT_LOCALE;
}
