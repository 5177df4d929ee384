// Where requests to the Bot Connector go, for those service URLs that may have the token.

import { isTrustedServiceUrl, type ServiceUrlPolicy } from '../domain/service-url.ts';

/** A service URL in the parts that a request needs. */
export interface ConnectorAddress {
  readonly origin: string;
  /** Ends with `/`. */
  readonly basePath: string;
}

/** A service has a handful of service URLs, one for each region of Teams. */
const MAX_KNOWN = 100;

/** Gives the function that checks a service URL and takes it apart; undefined for one that may not have the token. */
export function createAddressReader(policy: ServiceUrlPolicy): (serviceUrl: string) => ConnectorAddress | undefined {
  // The policy never changes, so neither does the verdict on the very same text.
  const known = new Map<string, ConnectorAddress>();
  return (serviceUrl) => {
    const remembered = known.get(serviceUrl);
    if (remembered) {
      return remembered;
    }
    const address = read(serviceUrl, policy);
    if (address && known.size < MAX_KNOWN) {
      known.set(serviceUrl, address);
    }
    return address;
  };
}

function read(serviceUrl: string, policy: ServiceUrlPolicy): ConnectorAddress | undefined {
  if (!isTrustedServiceUrl(serviceUrl, policy)) {
    return undefined;
  }
  const { origin, pathname } = new URL(serviceUrl);
  return { origin, basePath: pathname.endsWith('/') ? pathname : `${pathname}/` };
}
