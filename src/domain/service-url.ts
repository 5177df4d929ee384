// Which Connector addresses may ever be trusted with the bot's token.

/** Exact hosts of the Bot Connector for Teams in each Microsoft cloud. */
export const CONNECTOR_HOSTS: readonly string[] = [
  'smba.trafficmanager.net',
  'smba.infra.gcc.teams.microsoft.com',
  'smba.infra.gov.teams.microsoft.us',
  'smba.infra.dod.teams.microsoft.us',
];

/**
 * Where the Connector of the GCC cloud is reached before it has sent an activity.
 *
 * @see https://learn.microsoft.com/microsoftteams/platform/bots/how-to/conversations/send-proactive-messages
 */
export const GCC_SERVICE_URL = 'https://smba.infra.gcc.teams.microsoft.com/teams';

/**
 * `hosts`: https on its default port and one of these exact hosts.
 * `prefix`: everything below one loopback address (a local stand-in for Teams), and nothing else.
 * `loopback`: any loopback address; only for local tools that send no token.
 */
export type ServiceUrlPolicy =
  | { readonly kind: 'hosts'; readonly hosts: readonly string[] }
  | { readonly kind: 'prefix'; readonly prefix: string }
  | { readonly kind: 'loopback' };

/** @returns `https://host`, lower case; undefined when it is no URL */
export function originOf(serviceUrl: string): string | undefined {
  return URL.canParse(serviceUrl) ? new URL(serviceUrl).origin : undefined;
}

/** @param hostname as WHATWG URLs give it: lower case, IPv6 in brackets */
export function isLoopbackHost(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
}

/**
 * Whether a bearer token may be sent to this serviceUrl. Pure; never throws.
 *
 * @see https://learn.microsoft.com/microsoftteams/platform/bots/how-to/conversations/send-proactive-messages
 */
export function isTrustedServiceUrl(value: string, policy: ServiceUrlPolicy): boolean {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (!url || url.username || url.password || url.search || url.hash || hasDisguise(value, url)) {
    return false;
  }
  switch (policy.kind) {
    case 'hosts':
      return url.protocol === 'https:' && url.port === '' && policy.hosts.includes(url.hostname);
    case 'prefix':
      return isBelow(url, policy.prefix);
    case 'loopback':
      return /^https?:$/.test(url.protocol) && isLoopbackHost(url.hostname);
  }
}

/** What WHATWG parsing forgives and other parsers read differently: refuse it instead of arguing about it. */
function hasDisguise(value: string, url: URL): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this looks for
  return /[\\\u0000-\u0020\u007f@?#]/.test(value) || !value.toLowerCase().startsWith(url.origin);
}

function isBelow(url: URL, prefix: string): boolean {
  const base = new URL(prefix);
  const basePath = base.pathname.endsWith('/') ? base.pathname : `${base.pathname}/`;
  return url.origin === base.origin && (`${url.pathname}/`.startsWith(basePath) || url.pathname.startsWith(basePath));
}
