// Hooks for the command line, beside a running service: the same use cases, with nothing that sends.

import { checkCard } from '../domain/card-check.ts';
import type { SealingKey } from '../domain/seal.ts';
import type { HookUseCases } from '../http/hook-api-routes.ts';
import { createDryRun } from '../notifications/dry-run.ts';
import { createCardComposer } from '../teams/cards/composer.ts';
import { createProducerTemplates } from '../templates/producer-templates.ts';
import { createHookUseCases, type HookGround } from './hooks.ts';

/** What they need of the settings. */
export interface HookToolOptions {
  readonly sealingKeys: readonly SealingKey[];
  /** Where the service is reached. */
  readonly serviceUrl: string;
}

/** Binds the use cases of owners to a database. */
export function createHookTools(ground: HookGround, { sealingKeys, serviceUrl }: HookToolOptions): HookUseCases {
  const { fillTemplate } = createProducerTemplates({ ...ground, checkCard });
  const options = { sealingKeys, publicUrl: serviceUrl };
  const dryRun = createDryRun({ ...ground, composer: createCardComposer(), fillTemplate }, options);
  return createHookUseCases(ground, options, dryRun);
}
