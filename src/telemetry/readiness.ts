// Whether this instance can do its work, for load balancers and operators.

/** The parts that matter, each as a question. */
export interface ReadinessParts {
  /** @returns false when rows cannot be written */
  isStoreWritable(): Promise<boolean>;
  /** Milliseconds since the signing keys of Teams were fetched; Infinity when they never were. */
  keyAgeMs(): number;
}

/** `checks` names each part and its state. */
export interface Readiness {
  readonly isReady: boolean;
  readonly checks: Readonly<Record<string, string>>;
}

/** Keys are fetched daily; two days without success is worth a look. */
const STALE_KEYS_MS = 48 * 3_600_000;

/** Ready is who can take notifications: Teams being away makes them late, not this instance unready. */
export async function readReadiness({ isStoreWritable, keyAgeMs }: ReadinessParts): Promise<Readiness> {
  const isReady = await isStoreWritable();
  return { isReady, checks: { store: isReady ? 'ok' : 'unavailable', signingKeys: describeAge(keyAgeMs()) } };
}

function describeAge(ageMs: number): 'ok' | 'stale' | 'missing' {
  if (ageMs === Number.POSITIVE_INFINITY) {
    return 'missing';
  }
  return ageMs < STALE_KEYS_MS ? 'ok' : 'stale';
}
