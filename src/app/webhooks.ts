// Status webhooks, put together: what producers ask for, and who sends.

import { createWebhookManagement, type WebhookManagement } from '../callbacks/manage-webhooks.ts';
import { createTransport } from '../callbacks/transport.ts';
import { WebhookMaintenance } from '../callbacks/webhook-maintenance.ts';
import { createWebhookMessages, type WebhookMessages } from '../callbacks/webhook-messages.ts';
import { createWebhookSchemas } from '../callbacks/webhook-requests.ts';
import { createWebhookSecrets } from '../callbacks/webhook-secrets.ts';
import { WebhookSender } from '../callbacks/webhook-sender.ts';
import { createSealer } from '../domain/seal.ts';
import type { Rooms } from './ground.ts';

/** What the edge and the process need of them. */
export interface Webhooks {
  readonly useCases: WebhookManagement & WebhookMessages;
  start(): void;
  /** Ends what is still under way after the grace. Idempotent. */
  stop(graceMs: number): Promise<void>;
}

/** Opens nothing before `start()`. */
export function createWebhooks(rooms: Rooms): Webhooks {
  const { config } = rooms;
  // A stand-in for Teams is for development on this machine; receivers may then be there too.
  const policy = { isLoopbackAllowed: config.teams.standInTokenUrl !== undefined };
  const secrets = createWebhookSecrets(createSealer(rooms, config.sealingKeys));
  const schemas = createWebhookSchemas(policy);
  const transport = createTransport(rooms, policy);
  const sender = new WebhookSender({ ...rooms, transport, secrets });
  const maintenance = new WebhookMaintenance({ ...rooms, secrets });
  return {
    useCases: {
      ...createWebhookManagement({ ...rooms, secrets, schemas }),
      ...createWebhookMessages({ ...rooms, schemas }),
    },
    start() {
      sender.start();
      maintenance.start();
    },
    async stop(graceMs) {
      await Promise.all([sender.stop(graceMs), maintenance.stop()]);
      await transport.close();
    },
  };
}
