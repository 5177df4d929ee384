// Environments to load settings from, and what they are refused with.

import { type Config, loadConfig } from '../../../src/config/config.ts';
import type { Env } from '../../../src/config/schema.ts';
import { AppError, type Fault } from '../../../src/domain/errors.ts';

export const APP_ID = '22222222-2222-4222-8222-222222222222';
export const TENANT = '11111111-1111-4111-8111-111111111111';

/** The least a bot of one tenant needs. */
export const SMALLEST: Env = {
  MicrosoftAppId: APP_ID,
  MicrosoftAppTenantId: TENANT,
  MicrosoftAppPassword: 'canary-password',
};

const noFiles = (path: string): string => {
  throw new Error(`ENOENT ${path}`);
};

/** Loads the smallest environment with these variables. */
export function load(env: Env = {}, readFile = noFiles): Config {
  return loadConfig({ ...SMALLEST, ...env }, readFile);
}

/** The faults an environment is refused with; none when it is taken. */
export function faultsOf(env: Env, readFile = noFiles): readonly Fault[] {
  try {
    loadConfig(env, readFile);
    return [];
  } catch (error) {
    if (error instanceof AppError && error.code === 'config_invalid') {
      return error.faults;
    }
    throw error;
  }
}

/** The variables that are wrong when the smallest environment has these. */
export function wrongIn(env: Env, readFile = noFiles): readonly string[] {
  return faultsOf({ ...SMALLEST, ...env }, readFile).map(({ pointer }) => pointer);
}
