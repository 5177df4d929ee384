// A connector that talks to a local server, and everything to be closed afterwards.

import { type Clock, systemClock } from '../../../src/domain/clock.ts';
import { type Connector, type ConnectorOptions, createConnector } from '../../../src/teams/connector.ts';
import type { LocalServer } from './local-servers.ts';

export const TOKEN = 'token-canary';

export interface ConnectorFixture {
  readonly connector: Connector;
  /** Tokens that were refused. */
  readonly invalidated: readonly string[];
  readonly target: { readonly serviceUrl: string; readonly requestId: string };
  /** Closes the connector and the server. */
  close(): Promise<void>;
}

export function connectTo(
  server: LocalServer,
  options: Partial<ConnectorOptions> = {},
  clock: Clock = systemClock,
): ConnectorFixture {
  const invalidated: string[] = [];
  const connector = createConnector(
    { clock, tokens: { get: async () => TOKEN, invalidate: (token) => invalidated.push(token) } },
    { serviceUrlPolicy: { kind: 'prefix', prefix: server.url }, ...options },
  );
  return {
    connector,
    invalidated,
    target: { serviceUrl: server.url, requestId: 'req-1' },
    async close() {
      await connector.close();
      await server.close();
    },
  };
}
