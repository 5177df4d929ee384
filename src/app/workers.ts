// What goes out by itself: the way to Teams, and whoever uses it without being asked.

import { Dispatcher } from '../delivery/dispatcher.ts';
import { Maintenance } from '../delivery/maintenance.ts';
import { MessageChanges } from '../delivery/message-changes.ts';
import type { SteadyClock } from '../domain/clock.ts';
import { PeopleLookUp } from '../installations/look-up-people.ts';
import { type AccessTokens, createAccessTokens } from '../teams/access-token.ts';
import type { ClosableTokenSource } from '../teams/client-credentials-token-source.ts';
import { type Connector, createConnector } from '../teams/connector.ts';
import { createRoster } from '../teams/roster.ts';
import { createSender } from '../teams/sender.ts';
import { createTokenSource } from '../teams/token-source.ts';
import type { Ground, Rooms } from './ground.ts';

/** The way to Teams. */
export interface Outbound {
  readonly source: ClosableTokenSource;
  readonly tokens: AccessTokens;
  readonly connector: Connector;
}

/** Opens nothing before the first request. */
export function createOutbound({ config, clock, logger }: Ground): Outbound {
  const source = createTokenSource({ clock }, { ...config.bot, ...config.teams });
  const tokens = createAccessTokens({ source, clock, logger });
  // What waits for a connection misses its slot: one for each delivery, and one for looking people up.
  const connector = createConnector({ tokens, clock }, { ...config.teams, maxConnections: config.maxInFlight + 1 });
  return { tokens, connector, source };
}

/** Whoever works in the background. */
export interface Workers {
  readonly dispatcher: Dispatcher;
  readonly lookUp: PeopleLookUp;
  readonly maintenance: Maintenance;
  readonly changes: MessageChanges;
  start(): Promise<void>;
}

/** @param wall the clock that follows the wall clock, where this process is the only one on its store */
export function createWorkers(rooms: Rooms, { connector, tokens }: Outbound, wall: SteadyClock | undefined): Workers {
  const { clock, config, randomUuid } = rooms;
  const sender = createSender({ connector, tokens, clock }, config.maxCardUnits);
  const roster = createRoster({ connector, clock, createRequestId: randomUuid });
  const deps = { ...rooms, wall, sender, serviceUrlPolicy: config.teams.serviceUrlPolicy };
  const dispatcher = new Dispatcher(deps, { maxInFlight: config.maxInFlight, isAlone: wall !== undefined });
  const lookUp = new PeopleLookUp({ ...rooms, roster });
  const maintenance = new Maintenance(rooms, config.retention);
  const changes = new MessageChanges(rooms);
  return {
    dispatcher,
    lookUp,
    maintenance,
    changes,
    async start() {
      await dispatcher.start();
      lookUp.start();
      maintenance.start();
      changes.wake();
    },
  };
}
