// The composition root: the only place that knows every room. What it is made of lies in app/.

import { randomBytes, randomUUID } from 'node:crypto';
import { createEdge } from './app/edge.ts';
import type { Ground } from './app/ground.ts';
import { createHookMaintenance } from './app/hooks.ts';
import { createWebhooks, type Webhooks } from './app/webhooks.ts';
import { createOutbound, createWorkers, type Outbound, type Workers } from './app/workers.ts';
import type { Config } from './config/config.ts';
import { LEASE_MS } from './delivery/attempt.ts';
import { createQueueReader } from './delivery/queue-reading.ts';
import { createSteadyClock, type SteadyClock, systemClock, within } from './domain/clock.ts';
import type { HookMaintenance } from './hooks/hook-maintenance.ts';
import type { HttpServer } from './http/server.ts';
import { ensureBotProducer } from './producers/administer.ts';
import { openStore } from './store/open-store.ts';
import type { Store } from './store/store.ts';
import { createSigningKeys, type SigningKeys } from './teams/signing-keys.ts';
import { createLogger, type LogDestination, type Logger } from './telemetry/logger.ts';
import { createMetrics } from './telemetry/metrics.ts';

/** What a test may put in the place of the real thing. */
export interface AppOverrides {
  readonly clock?: SteadyClock;
  readonly logDestination?: LogDestination;
  /** How long other processes wait for one that was killed; a minute when absent. */
  readonly leaseMs?: number;
  readonly random?: () => number;
  readonly randomUuid?: () => string;
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

/** Builds the service; nothing is opened before `start()`. */
export function createApp(config: Config, overrides: AppOverrides = {}): App {
  const ground: OwnGround = {
    config,
    clock: overrides.clock ?? createSteadyClock(systemClock, () => performance.now()),
    logger: createLogger(config.logLevel, overrides.logDestination),
    leaseMs: overrides.leaseMs ?? LEASE_MS,
    random: overrides.random ?? Math.random,
    randomBytes,
    randomUuid: overrides.randomUuid ?? randomUUID,
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

/** The ground as it is until the store says by which clock it goes. */
interface OwnGround extends Ground {
  readonly clock: SteadyClock;
}

async function startService(ownGround: OwnGround): Promise<Service> {
  const { config, logger } = ownGround;
  const { store, clock, isAlone, warnings } = await openStore(config.databaseUrl, {
    isServer: true,
    clock: ownGround.clock,
  });
  for (const warning of warnings) {
    logger.warn({}, warning);
  }
  const ground = { ...ownGround, clock };
  const metrics = createMetrics(createQueueReader({ store, clock }));
  const outbound = createOutbound(ground);
  const keys = createSigningKeys({ clock, logger }, config.teams);
  const rooms = { ...ground, store, metrics };
  // Who shares a database goes by its clock, which nobody follows.
  const workers = createWorkers(rooms, outbound, isAlone ? ownGround.clock : undefined);
  const webhooks = createWebhooks(rooms);
  const hooks = createHookMaintenance(rooms, config);
  const parts = { keys, workers, webhooks, hooks, outbound, store };
  try {
    const voice = { producerId: await ensureBotProducer({ store, clock }), randomBytes: ground.randomBytes };
    const http = createEdge(rooms, keys, { ...voice, changes: workers.changes, webhooks: webhooks.useCases });
    await Promise.all([workers.start(voice), startKeys(ground, keys)]);
    webhooks.start();
    hooks.start();
    const { port } = await http.start();
    logger.info({ port, host: config.host }, 'ready');
    const close = () => closeAll(parts);
    return { port, stop: () => stopService(config.shutdownGraceMs, { http, workers, webhooks, close }) };
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

interface Stoppable {
  readonly http: HttpServer;
  readonly workers: Workers;
  readonly webhooks: Webhooks;
  close(): Promise<void>;
}

/**
 * Readiness goes first; requests are still answered while what is under way to Teams ends; then everything is closed.
 */
async function stopService(graceMs: number, { http, workers, webhooks, close }: Stoppable): Promise<boolean> {
  http.drain();
  const [isDrained] = await Promise.all([workers.dispatcher.stop(graceMs), webhooks.stop(graceMs)]);
  await http.stop(graceMs);
  await close();
  return isDrained;
}

interface Closable {
  readonly keys: SigningKeys;
  readonly workers: Workers;
  readonly webhooks: Webhooks;
  readonly hooks: HookMaintenance;
  readonly outbound: Outbound;
  readonly store: Store;
}

async function closeAll({ keys, workers, webhooks, hooks, outbound, store }: Closable): Promise<void> {
  await Promise.all([
    workers.dispatcher.stop(0),
    workers.lookUp.stop(),
    workers.stopSpeaking(),
    workers.maintenance.stop(),
    workers.changes.stop(),
    workers.tells.stop(),
    workers.polls.stop(),
    workers.answers.stop(),
    webhooks.stop(0),
    hooks.stop(),
    keys.stop(),
  ]);
  outbound.tokens.close();
  await Promise.all([outbound.connector.close(), outbound.source.close()]);
  await store.close();
}
