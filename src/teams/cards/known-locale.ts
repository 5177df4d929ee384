// The name of a language as Intl takes it.

/**
 * The canonical form of a BCP 47 tag; `fr_CA`, as other systems write it, is taken as well. Undefined for what is none.
 *
 * @param locale as Teams or somebody else reports it
 */
export function knownLocale(locale: string | undefined): string | undefined {
  try {
    return Intl.getCanonicalLocales(locale?.replaceAll('_', '-'))[0];
  } catch {
    return undefined;
  }
}
