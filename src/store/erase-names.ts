// Taking the names of recipients out of what is stored as JSON: answers, and lists of those who were not reached.

/**
 * A copy in which `recipient` and `sameAs` that are such a name are null, at any depth; an entry that is the same as an
 * erased one loses its own name too. Pure.
 */
export function withoutNames(value: unknown, isErased: (name: string) => boolean): unknown {
  if (Array.isArray(value)) {
    return value.map((item) => withoutNames(item, isErased));
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  const entry: Readonly<Record<string, unknown>> = { ...value };
  if ([entry['recipient'], entry['sameAs']].some((name) => typeof name === 'string' && isErased(name))) {
    return { ...entry, recipient: null, ...('sameAs' in entry && { sameAs: null }) };
  }
  return Object.fromEntries(Object.entries(entry).map(([key, part]) => [key, withoutNames(part, isErased)]));
}
