// What a sandbox can be told, and what it assumes when it is told nothing.

import { type Clock, systemClock } from '../domain/clock.ts';
import { AppError } from '../domain/errors.ts';
import { isGuid } from '../domain/person.ts';
import { isLoopbackHost } from '../domain/service-url.ts';

export interface SandboxOptions {
  /** The bot's app id, a GUID. */
  readonly appId: string;
  /** The client secret that the token endpoint accepts for this app. */
  readonly appSecret: string;
  /** Where activities are posted, for example `http://127.0.0.1:3978/api/messages`; loopback only. May be set later. */
  readonly botEndpoint?: string;
  readonly botName?: string;
  /** Loopback address to listen on; `127.0.0.1` by default. */
  readonly host?: string;
  /** 0, the default, takes any free port. */
  readonly port?: number;
  readonly clock?: Clock;
  /** The documented rate limits; on by default. Only benchmarks switch them off. */
  readonly hasRateLimits?: boolean;
  /** Synthetic people beside Ana, Ben and Chloé; 0 by default. */
  readonly peopleCount?: number;
  /** Requests that the ledger keeps; older ones only stay counted. Default 10 000. */
  readonly maxLedgerEntries?: number;
  /** Messages kept in each conversation; older ones are forgotten. Default 500. */
  readonly maxMessagesPerConversation?: number;
  /** Life of an access token; default 3 600 s, as Entra ID says. */
  readonly tokenLifetimeSeconds?: number;
  /** How long the bot may take to answer an activity; default 15 000 ms. */
  readonly deliveryTimeoutMs?: number;
  /** Pauses before the further tries of an activity that got no answer; as many tries as there are pauses. */
  readonly deliveryRetryDelaysMs?: readonly number[];
  /** How often a bot that is away is tried after that, with the activities kept for it; default 3 000 ms. */
  readonly keptRetryMs?: number;
}

export type SandboxSettings = Required<Omit<SandboxOptions, 'botEndpoint'>> & { readonly botEndpoint?: string };

/**
 * Fills in the defaults.
 * @throws AppError `config_invalid` when the app id is no GUID or an address is not a loopback one
 */
export function readSandboxOptions(options: SandboxOptions): SandboxSettings {
  if (!isGuid(options.appId)) {
    throw new AppError('config_invalid', "Expected the sandbox's `appId` to be a GUID, as app ids of bots are");
  }
  const host = (options.host ?? '127.0.0.1').replaceAll(/[[\]]/g, '');
  if (!isLoopbackHost(host) && host !== '::1') {
    throw new AppError('config_invalid', `The sandbox listens on loopback addresses only, got "${host}"`);
  }
  if (options.botEndpoint !== undefined) {
    requireLoopbackUrl(options.botEndpoint);
  }
  return {
    botName: 'Bellhop',
    port: 0,
    clock: systemClock,
    hasRateLimits: true,
    peopleCount: 0,
    maxLedgerEntries: 10_000,
    maxMessagesPerConversation: 500,
    tokenLifetimeSeconds: 3_600,
    deliveryTimeoutMs: 15_000,
    deliveryRetryDelaysMs: [1_000, 2_000, 4_000],
    keptRetryMs: 3_000,
    ...options,
    host,
  };
}

/** @throws AppError `config_invalid`: signed activities leave this machine for nobody */
export function requireLoopbackUrl(value: string): void {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || !isLoopbackHost(url.hostname)) {
    throw new AppError(
      'config_invalid',
      `Expected the bot endpoint to be an http address on this machine, got "${value}"`,
    );
  }
}
