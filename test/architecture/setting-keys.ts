// Comparing the settings that .env.example shows with those the program reads.

/** The keys a file in .env format names; one that is commented out (`# KEY=`) counts, prose does not. */
export function keysOfEnvFile(text: string): readonly string[] {
  return [...text.matchAll(/^(?:#\s?)?([A-Za-z][A-Za-z0-9_]*)=/gm)].flatMap(([, key]) => key ?? []);
}

/** Keys on one side only, said in words. A secret may also be shown as `KEY_FILE`, the file that holds it. */
export function compareKeys(shown: readonly string[], read: readonly string[]): readonly string[] {
  return [
    ...shown
      .filter((key) => !read.includes(key.replace(/_FILE$/, '')))
      .map((key) => `${key} is in .env.example, but nothing reads it`),
    ...read
      .filter((key) => !shown.includes(key) && !shown.includes(`${key}_FILE`))
      .map((key) => `${key} is read, but missing from .env.example`),
  ];
}
