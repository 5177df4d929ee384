// Which language a reader is spoken to in.

import { knownLocale } from '../known-locale.ts';
import { ARABIC } from './arabic.ts';
import type { CardTexts, Catalogue, Counting } from './card-texts.ts';
import { ENGLISH } from './english.ts';
import { FRENCH } from './french.ts';
import { GERMAN } from './german.ts';
import { JAPANESE } from './japanese.ts';
import { SPANISH } from './spanish.ts';

/** By the language subtag of BCP 47: script and region do not matter. */
const CATALOGUES: ReadonlyMap<string, Catalogue> = new Map([
  ['ar', ARABIC],
  ['de', GERMAN],
  ['en', ENGLISH],
  ['es', SPANISH],
  ['fr', FRENCH],
  ['ja', JAPANESE],
]);

/** Teams knows fewer locales; more come only from a client that makes them up. */
const MAX_KEPT = 128;

const kept = new Map<string, CardTexts>();

/**
 * The texts in the reader's language, with counts as they are written in the reader's region; English where there is
 * no translation. They are made once for each locale: rules and formats of numbers are slow to make. Never throws.
 *
 * @param locale BCP 47, as Teams reports it
 */
export function textsFor(locale: string | undefined): CardTexts {
  const key = locale ?? '';
  const known = kept.get(key);
  if (known) {
    return known;
  }
  if (kept.size >= MAX_KEPT) {
    kept.clear();
  }
  const texts = makeTexts(locale);
  kept.set(key, texts);
  return texts;
}

function makeTexts(locale: string | undefined): CardTexts {
  const reader = knownLocale(locale);
  const catalogue = reader === undefined ? undefined : CATALOGUES.get(new Intl.Locale(reader).language);
  const { counted, countAsks, ...fixed } = catalogue ?? ENGLISH;
  // Not the reader's own numbers where the texts are not theirs: an English sentence has English ones.
  const language = catalogue ? reader : 'en';
  const lists = new Intl.ListFormat(language, { type: 'conjunction' });
  const counting = countingOf(language);
  const { number } = counting;
  return { ...fixed, ...counted(counting), ...countAsks(counting), number, listed: (items) => lists.format(items) };
}

/** What people have answered, and the bounds of it, are shown as they are. */
const MAX_FRACTION_DIGITS = 12;

function countingOf(locale: string | undefined): Counting {
  const numbers = new Intl.NumberFormat(locale, { maximumFractionDigits: MAX_FRACTION_DIGITS });
  const percents = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 0 });
  const rules = new Intl.PluralRules(locale);
  return {
    number: (value) => numbers.format(value),
    percent: (part, whole) => percents.format(whole === 0 ? 0 : part / whole),
    plural: (count, forms) => forms[rules.select(count)] ?? forms.other,
  };
}
