// Hooks of the bench's producer, and what their senders post.

import { randomBytes } from 'node:crypto';
import { createHooks } from '../src/app/hooks.ts';
import { createQueueReader } from '../src/delivery/queue-reading.ts';
import { checkCard } from '../src/domain/card-check.ts';
import { systemClock } from '../src/domain/clock.ts';
import { AppError } from '../src/domain/errors.ts';
import { parseSealingKey } from '../src/domain/seal.ts';
import { createAcceptance } from '../src/notifications/accept-notification.ts';
import { createDryRun } from '../src/notifications/dry-run.ts';
import type { Store } from '../src/store/store.ts';
import { createCardComposer } from '../src/teams/cards/composer.ts';
import { createLogger } from '../src/telemetry/logger.ts';
import { createMetrics } from '../src/telemetry/metrics.ts';
import { createProducerTemplates } from '../src/templates/producer-templates.ts';
import { readPayload } from '../test/support/senders.ts';
import { ENCRYPTION_KEY } from './stage.ts';

/** A hook, as far as its sender knows it. */
export interface MadeHook {
  readonly id: string;
  readonly secret: string;
}

/** Everything about hooks as the service puts it together, in this process. */
export function createHooksOn(store: Store) {
  const ground = { store, clock: systemClock, randomBytes };
  const composer = createCardComposer();
  const { fillTemplate } = createProducerTemplates({ ...ground, checkCard });
  const options = { sealingKeys: [parseSealingKey(ENCRYPTION_KEY)].filter((key) => key !== undefined) };
  const acceptDeps = {
    ...{ ...ground, composer, fillTemplate },
    logger: createLogger('info', { write: () => undefined }),
    metrics: createMetrics(createQueueReader(ground)),
  };
  return createHooks(
    ground,
    { ...options, publicUrl: undefined },
    {
      acceptAll: createAcceptance(acceptDeps, { maxBacklog: 100_000_000 }).acceptAll,
      dryRun: createDryRun({ ...ground, composer, fillTemplate }, { publicUrl: undefined }),
    },
  );
}

/** Makes one whose sender says for whom its events are. */
export async function addHook(store: Store, wish: Readonly<Record<string, unknown>>): Promise<MadeHook> {
  const producer = await store.read.producers.findByName('bench');
  if (!producer) {
    throw new AppError('internal', 'Expected the producer of the benchmarks');
  }
  const rights = { canSend: true, canBroadcast: true, canSendCards: true, canPassQuiet: true };
  const owner = { producerId: producer.id, ...rights, recipients: [] };
  const json = { name: randomBytes(8).toString('hex'), choosable: [], ratePerMinute: 6_000, ...wish };
  const { id, secret } = await createHooksOn(store).addHook({ owner, json });
  return { id, secret: secret ?? '' };
}

const PULL_REQUEST = readPayload('github', { file: 'pull-request-opened.json' }).toString('utf8');

/** What GitHub posts about its pull request of this number: 25 KB. */
export function pullRequest(number: number) {
  return {
    body: Buffer.from(PULL_REQUEST.replaceAll('"number": 2,', `"number": ${number},`)),
    headers: {
      'content-type': 'application/json',
      'x-github-event': 'pull_request',
      'x-github-delivery': `delivery-${number}`,
    },
  };
}
