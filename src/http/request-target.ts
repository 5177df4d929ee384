// Request targets, reduced to what cannot be read in two ways.

/** The path of a request, and what follows it. */
export interface RequestTarget {
  readonly path: string;
  /** Behind the `?`, not decoded; undefined when there is no `?`. */
  readonly query: string | undefined;
}

/**
 * The path of a request target when it is written plainly: no dot segments, no host, and no escapes but one: the name of
 * a survey may begin with `%2F`. All our paths are, so any other is one that does not exist. This also keeps from restify
 * the targets that its URL parser throws on.
 *
 * @returns undefined for any other target. Pure; never throws.
 */
export function readRequestTarget(target: string): RequestTarget | undefined {
  const queryAt = target.indexOf('?');
  const path = queryAt < 0 ? target : target.slice(0, queryAt);
  const isPlain = /^(?:\/[A-Za-z0-9_-][A-Za-z0-9._-]*)+$/.test(path.replace(ROOTED_NAME, '/-'));
  return isPlain && path.length <= 256
    ? { path, query: queryAt < 0 ? undefined : target.slice(queryAt + 1) }
    : undefined;
}

/** The last segment of a path: an escaped slash, and what follows it. */
const ROOTED_NAME = /(?<=^\/api\/v1\/dialog-definitions)\/%2F(?=$|[A-Za-z0-9_-])/i;
