// A producer's status webhooks: where it wants to be told, and what it was told.

import type { WebhookManagement } from '../callbacks/manage-webhooks.ts';
import type { WebhookMessages } from '../callbacks/webhook-messages.ts';
import { jsonAnswer } from './answer.ts';
import type { Guard } from './guard.ts';
import type { Operation } from './operation.ts';
import { createOwnedRoutes } from './owned-routes.ts';
import { readQuery } from './query.ts';
import type { Route } from './route.ts';
import {
  CHANGE_WEBHOOK,
  GET_WEBHOOK,
  LIST_MESSAGES,
  LIST_WEBHOOKS,
  REGISTER_WEBHOOK,
  REMOVE_WEBHOOK,
  REPLAY_WEBHOOK,
  RESEND_MESSAGE,
  ROTATE_SECRET,
  TEST_WEBHOOK,
} from './webhook-operations.ts';

/** The use cases behind these routes. */
export type WebhookUseCases = WebhookManagement & WebhookMessages;

interface Dependencies {
  readonly webhooks: WebhookUseCases;
  readonly guard: Guard;
}
type Options = { readonly maxBodyBytes: number };

/** Whose webhook, which one, and which of its messages. */
interface Named {
  readonly producerId: number;
  readonly id: string;
  readonly message: string;
}

const WEBHOOKS = '/api/v1/webhooks';
const WEBHOOK = `${WEBHOOKS}/:id`;

/** All of them; each refuses what another producer owns as if it did not exist. */
export function webhookRoutes({ webhooks, guard }: Dependencies, options: Options): readonly Route[] {
  const { route, ask, change, remove } = createOwnedRoutes<Named>(
    guard,
    options,
    ({ producerId }, { id = '', message = '' }) => ({ producerId, id, message }),
  );
  const post = (path: string, operation: Operation) => ({ method: 'POST', path, operation }) as const;
  return [
    change(post(WEBHOOKS, REGISTER_WEBHOOK), async (input) => {
      const webhook = await webhooks.registerWebhook(input);
      return jsonAnswer(201, webhook, { Location: `${WEBHOOKS}/${webhook.id}` });
    }),
    ask(WEBHOOKS, LIST_WEBHOOKS, (named) => webhooks.listWebhooks(named)),
    ask(WEBHOOK, GET_WEBHOOK, (named) => webhooks.getWebhook(named)),
    change({ method: 'PATCH', path: WEBHOOK, operation: CHANGE_WEBHOOK }, async (input) =>
      jsonAnswer(200, await webhooks.changeWebhook(input)),
    ),
    remove(WEBHOOK, REMOVE_WEBHOOK, (named) => webhooks.removeWebhook(named)),
    change(post(`${WEBHOOK}/rotate`, ROTATE_SECRET), async (input) =>
      jsonAnswer(200, await webhooks.rotateSecret(input)),
    ),
    change(post(`${WEBHOOK}/test`, TEST_WEBHOOK), async (input) => jsonAnswer(202, await webhooks.testWebhook(input))),
    change(post(`${WEBHOOK}/replay`, REPLAY_WEBHOOK), async (input) =>
      jsonAnswer(202, await webhooks.replayWebhook(input)),
    ),
    route({ method: 'GET', path: `${WEBHOOK}/messages`, operation: LIST_MESSAGES }, async (named, exchange) =>
      jsonAnswer(200, await webhooks.listMessages({ ...named, query: readQuery(exchange) })),
    ),
    change(post(`${WEBHOOK}/messages/:message/resend`, RESEND_MESSAGE), async (input) =>
      jsonAnswer(202, await webhooks.resendMessage(input)),
    ),
  ];
}
