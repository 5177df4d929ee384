// Why a database could not be used, in words for the person who can mend it. Never with the password.

import { AppError } from '../../domain/errors.ts';
import { toAppError } from './failures.ts';

/** What to do, by SQLSTATE or by the code of the operating system. */
const REMEDIES: Readonly<Record<string, string>> = {
  '28P01': 'it refuses the password. Correct the user or the password in DATABASE_URL',
  '28000': 'it refuses the user. Correct the user in DATABASE_URL, or let the user in (pg_hba.conf)',
  '3D000': 'there is no database of this name. Create it, or correct the name in DATABASE_URL',
  '42501': 'the user may not create tables. Make the user the owner of the database',
  '53300': 'it has no connection left. Raise max_connections, or stop what uses them',
  '57P03': 'it is starting or stopping. Try again in a moment',
  ECONNREFUSED: 'nobody listens there. Start PostgreSQL, or correct host and port in DATABASE_URL',
  ENOTFOUND: 'the host is unknown. Correct the host in DATABASE_URL',
  EAI_AGAIN: 'the host cannot be looked up. Correct the host in DATABASE_URL, or mend the name service',
};
const NO_ANSWER = 'it does not answer. Check host, port, TLS and firewall';

/** @returns AppError `store_unavailable` that says what to do; `internal` when a statement of ours is at fault */
export function describeRefusal(url: string, error: unknown): AppError {
  const { code, cause, retryAfterMs } = toAppError(error);
  const { code: reason = '' }: { code?: string } = Object(cause);
  const remedy = REMEDIES[reason];
  if (code !== 'store_unavailable' && remedy === undefined) {
    return new AppError(code, `The database ${placeOf(url)} does not take a statement of Bellhop (${reason})`, {
      cause,
    });
  }
  return new AppError(
    'store_unavailable',
    `The database ${placeOf(url)} cannot be used: ${remedy ?? `${NO_ANSWER}${reason && ` (${reason})`}`}`,
    {
      cause,
      ...(retryAfterMs !== undefined && { retryAfterMs }),
    },
  );
}

/** Host, port and name of the database; no user and no password. */
function placeOf(url: string): string {
  if (!URL.canParse(url)) {
    return 'of DATABASE_URL';
  }
  const { host, pathname } = new URL(url);
  return `${host}${decodeURIComponent(pathname)}`;
}
