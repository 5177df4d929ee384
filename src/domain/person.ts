// Somebody known in a tenant.

/** What Teams told us about a person; every part but the tenant and one of the two ids may be missing. */
export interface PersonProfile {
  readonly tenantId: string;
  /** Entra object id, lower case; absent for anonymous users. */
  readonly aadObjectId?: string;
  /** Pairwise id `29:...`, valid for this bot only. */
  readonly teamsUserId?: string;
  readonly name?: string;
  readonly email?: string;
  readonly userPrincipalName?: string;
  /** BCP 47, for example `de-DE`. */
  readonly locale?: string;
  /** IANA name, for example `Europe/Berlin`. */
  readonly timeZone?: string;
}

/** The form in which e-mail addresses and user principal names are compared: trimmed, NFC, lower case. */
export function addressKey(address: string): string {
  return address.trim().normalize('NFC').toLowerCase();
}

const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Whether it is the text form of a GUID, in either case. */
export function isGuid(value: unknown): value is string {
  return typeof value === 'string' && GUID.test(value);
}
