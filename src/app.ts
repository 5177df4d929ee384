// The composition root: the only place that knows every room.

import { randomBytes, randomUUID } from 'node:crypto';
import type { Config } from './config/config.ts';
import { Dispatcher } from './delivery/dispatcher.ts';
import { Maintenance } from './delivery/maintenance.ts';
import { createProducerOperations } from './delivery/producer-operations.ts';
import { createQueueReader } from './delivery/queue-reading.ts';
import { createSteadyClock, type SteadyClock, systemClock, within } from './domain/clock.ts';
import { createHttpServer, type HttpServer } from './http/server.ts';
import { PeopleLookUp } from './installations/look-up-people.ts';
import { createInboundUseCases } from './installations/record-event.ts';
import { createAcceptNotification } from './notifications/accept-notification.ts';
import { listUndelivered } from './notifications/list-undelivered.ts';
import { getNotificationStatus } from './notifications/notification-status.ts';
import { ensureBotProducer } from './producers/administer.ts';
import { createAuthenticate } from './producers/authenticate.ts';
import type { Grant } from './producers/grant.ts';
import { openStore } from './store/open-store.ts';
import type { Store } from './store/store.ts';
import { type AccessTokens, createAccessTokens } from './teams/access-token.ts';
import { createActivityEndpoint } from './teams/activity-endpoint.ts';
import type { ClosableTokenSource } from './teams/client-credentials-token-source.ts';
import { type Connector, createConnector } from './teams/connector.ts';
import { createInboundGuard } from './teams/inbound-guard.ts';
import { createRoster } from './teams/roster.ts';
import { createSender } from './teams/sender.ts';
import { createSigningKeys, type SigningKeys } from './teams/signing-keys.ts';
import { createTokenSource } from './teams/token-source.ts';
import { createLogger, type LogDestination, type Logger } from './telemetry/logger.ts';
import { createMetrics, type Metrics } from './telemetry/metrics.ts';
import { readReadiness } from './telemetry/readiness.ts';

/** What a test may put in the place of the real thing. */
export interface AppOverrides {
  readonly clock?: SteadyClock;
  readonly logDestination?: LogDestination;
  readonly random?: () => number;
}

export interface App {
  readonly logger: Logger;
  /** Resolves when requests are served and deliveries go out. @throws AppError when the store cannot be opened */
  start(): Promise<{ readonly port: number }>;
  /**
   * Takes nothing new, finishes what is under way, closes everything. Idempotent; also ends a start that failed.
   *
   * @returns false when something was still under way after the grace; it is recovered at the next start
   */
  stop(): Promise<boolean>;
}

/** What every room is made of. */
interface Ground {
  readonly config: Config;
  readonly clock: SteadyClock;
  readonly logger: Logger;
  readonly random: () => number;
  readonly randomBytes: (size: number) => Uint8Array;
  readonly randomUuid: () => string;
}

/** Builds the service; nothing is opened before `start()`. */
export function createApp(config: Config, overrides: AppOverrides = {}): App {
  const ground: Ground = {
    config,
    clock: overrides.clock ?? createSteadyClock(systemClock, () => performance.now()),
    logger: createLogger(config.logLevel, overrides.logDestination),
    random: overrides.random ?? Math.random,
    randomBytes,
    randomUuid: randomUUID,
  };
  let running: Promise<Service> | undefined;
  let stopping: Promise<boolean> | undefined;
  return {
    logger: ground.logger,
    async start() {
      running ??= startService(ground);
      return { port: (await running).port };
    },
    stop() {
      stopping ??= (running ?? Promise.resolve(undefined)).then(
        (service) => service?.stop() ?? true,
        () => true,
      );
      return stopping;
    },
  };
}

interface Service {
  readonly port: number;
  stop(): Promise<boolean>;
}

async function startService(ground: Ground): Promise<Service> {
  const { config, clock, logger } = ground;
  const { store } = await openStore(config.databaseUrl, { isServer: true });
  const metrics = createMetrics(createQueueReader({ store, clock }));
  const outbound = createOutbound(ground);
  const keys = createSigningKeys({ clock, logger }, config.teams);
  const rooms = { ...ground, store, metrics };
  const workers = createWorkers(rooms, outbound);
  const parts = { keys, workers, outbound, store };
  try {
    const voice = { producerId: await ensureBotProducer({ store, clock }), randomBytes: ground.randomBytes };
    const http = createEdge(rooms, keys, voice);
    await Promise.all([workers.start(), startKeys(ground, keys)]);
    const { port } = await http.start();
    logger.info({ port, host: config.host }, 'ready');
    const close = () => closeAll(parts);
    return { port, stop: () => stopService(config.shutdownGraceMs, { http, workers, close }) };
  } catch (error) {
    await closeAll(parts);
    throw error;
  }
}

/** Activities cannot be told from forgeries before the keys are here; but Microsoft being away must not keep us down. */
const KEYS_WAIT_MS = 1_500;

async function startKeys({ config, clock, logger }: Ground, keys: SigningKeys): Promise<void> {
  if (config.teams.isUnauthenticatedLoopback) {
    logger.warn({}, 'ALLOW_UNAUTHENTICATED_LOOPBACK: every program on this machine is believed to be Teams');
    return;
  }
  await within(clock, KEYS_WAIT_MS, keys.start());
}

interface Rooms extends Ground {
  readonly store: Store;
  readonly metrics: Metrics;
}

function createEdge(
  rooms: Rooms,
  keys: SigningKeys,
  voice: { producerId: number; randomBytes: Ground['randomBytes'] },
) {
  const { config, clock, logger, store, metrics } = rooms;
  const { appId } = config.bot;
  const guard = createInboundGuard({ keys, clock, logger }, { appId, ...config.teams });
  const laneIntervalUs = Math.ceil(1_000_000 / config.laneRatePerSecond);
  const handle = createInboundUseCases({ ...rooms, voice }, { appId, laneIntervalUs });
  const accept = createAcceptNotification(rooms, { maxBacklog: config.maxBacklog });
  return createHttpServer(
    {
      logger,
      metrics,
      clock,
      receiveActivity: createActivityEndpoint({ guard, handle, logger, clock }, { appId }),
      authenticate: createAuthenticate(rooms),
      async acceptNotification({ grant, ...input }) {
        const { answer, isReplay } = await accept({ ...input, sender: toSender(grant) });
        return { status: 202, body: answer, location: `/api/v1/notifications/${answer.id}`, isReplay };
      },
      getNotification: ({ grant, id }) =>
        getNotificationStatus({ store }, { publicId: id, producerId: grant.producerId }),
      ...createProducerOperations(rooms),
      listDeliveries: (input) => listUndelivered({ store }, input),
      isReady: () => readReadiness({ isStoreWritable: () => store.isWritable(), keyAgeMs: () => keys.ageMs() }),
    },
    { ...config, isActivityTokenRequired: !config.teams.isUnauthenticatedLoopback, ...EDGE_LIMITS },
  );
}

const EDGE_LIMITS = { failuresPerMinute: 20, maxConnections: 1_000 } as const;

function toSender(grant: Grant) {
  const { producerId, producerName, tenantId, scopes, recipients } = grant;
  const rights = {
    ...(tenantId !== undefined && { tenantId }),
    canSend: scopes.includes('send'),
    canBroadcast: scopes.includes('broadcast'),
    recipients,
  };
  return { producerId, producerName, rights };
}

interface Outbound {
  readonly source: ClosableTokenSource;
  readonly tokens: AccessTokens;
  readonly connector: Connector;
}

function createOutbound({ config, clock, logger }: Ground): Outbound {
  const source = createTokenSource({ clock }, { ...config.bot, ...config.teams });
  const tokens = createAccessTokens({ source, clock, logger });
  // What waits for a connection misses its slot: one for each delivery, and one for looking people up.
  const connector = createConnector({ tokens, clock }, { ...config.teams, maxConnections: config.maxInFlight + 1 });
  return { tokens, connector, source };
}

interface Workers {
  readonly dispatcher: Dispatcher;
  readonly lookUp: PeopleLookUp;
  readonly maintenance: Maintenance;
  start(): Promise<void>;
}

function createWorkers(rooms: Rooms, { connector, tokens }: Outbound): Workers {
  const { clock, config, randomUuid } = rooms;
  const sender = createSender({ connector, tokens, clock });
  const roster = createRoster({ connector, clock, createRequestId: randomUuid });
  const deps = { ...rooms, wall: clock, sender, serviceUrlPolicy: config.teams.serviceUrlPolicy };
  const dispatcher = new Dispatcher(deps, { maxInFlight: config.maxInFlight, isAlone: true });
  const lookUp = new PeopleLookUp({ ...rooms, roster });
  const maintenance = new Maintenance(rooms);
  return {
    dispatcher,
    lookUp,
    maintenance,
    async start() {
      await dispatcher.start();
      lookUp.start();
      maintenance.start();
    },
  };
}

interface Stoppable {
  readonly http: HttpServer;
  readonly workers: Workers;
  close(): Promise<void>;
}

/**
 * Readiness goes first; requests are still answered while what is under way to Teams ends; then everything is closed.
 */
async function stopService(graceMs: number, { http, workers, close }: Stoppable): Promise<boolean> {
  http.drain();
  const isDrained = await workers.dispatcher.stop(graceMs);
  await http.stop(graceMs);
  await close();
  return isDrained;
}

interface Closable {
  readonly keys: SigningKeys;
  readonly workers: Workers;
  readonly outbound: Outbound;
  readonly store: Store;
}

async function closeAll({ keys, workers, outbound, store }: Closable): Promise<void> {
  await Promise.all([workers.dispatcher.stop(0), workers.lookUp.stop(), workers.maintenance.stop(), keys.stop()]);
  outbound.tokens.close();
  await Promise.all([outbound.connector.close(), outbound.source.close()]);
  await store.close();
}
