// A producer's status webhooks: where it wants to be told, and what it was told.

import type { WebhookManagement } from '../callbacks/manage-webhooks.ts';
import type { WebhookMessages } from '../callbacks/webhook-messages.ts';
import type { Answer } from './answer.ts';
import { jsonAnswer } from './answer.ts';
import type { Exchange } from './exchange.ts';
import type { Guard } from './guard.ts';
import type { Operation } from './operation.ts';
import { readQuery, refuseQuery } from './query.ts';
import { readOptionalJson } from './read-json.ts';
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

type Place = Pick<Route, 'method' | 'path'> & { readonly operation: Operation };

const WEBHOOKS = '/api/v1/webhooks';
const WEBHOOK = `${WEBHOOKS}/:id`;

/** All of them; each refuses what another producer owns as if it did not exist. */
export function webhookRoutes({ webhooks, guard }: Dependencies, { maxBodyBytes }: Options): readonly Route[] {
  const route = (place: Place, answer: (named: Named, exchange: Exchange) => Promise<Answer>): Route => ({
    ...place,
    isProbe: false,
    async handle(exchange, { id = '', message = '' }) {
      const { producerId } = await guard.admitProducer(exchange, place.operation.scopes);
      return answer({ producerId, id, message }, exchange);
    },
  });
  const ask = (path: string, operation: Operation, act: (named: Named) => Promise<unknown>) =>
    route({ method: 'GET', path, operation }, async (named, exchange) => {
      refuseQuery(exchange);
      return jsonAnswer(200, await act(named));
    });
  const change = (place: Place, act: (input: Named & { readonly json: unknown }) => Promise<Answer>) =>
    route(place, async (named, exchange) => {
      refuseQuery(exchange);
      return act({ ...named, json: await readOptionalJson(exchange, maxBodyBytes) });
    });
  const post = (path: string, operation: Operation): Place => ({ method: 'POST', path, operation });
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
    route({ method: 'DELETE', path: WEBHOOK, operation: REMOVE_WEBHOOK }, async (named, exchange) => {
      refuseQuery(exchange);
      await webhooks.removeWebhook(named);
      return { status: 204, body: '' };
    }),
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
