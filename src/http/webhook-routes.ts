// A producer's status webhooks: where it wants to be told, and what it was told.

import type { WebhookManagement } from '../callbacks/manage-webhooks.ts';
import type { WebhookMessages } from '../callbacks/webhook-messages.ts';
import type { Answer } from './answer.ts';
import { jsonAnswer } from './answer.ts';
import type { Exchange } from './exchange.ts';
import type { Guard } from './guard.ts';
import { readQuery, refuseQuery } from './query.ts';
import { readOptionalJson } from './read-json.ts';
import type { Route } from './route.ts';

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
export function webhookRoutes({ webhooks, guard }: Dependencies, { maxBodyBytes }: Options): readonly Route[] {
  const route = (
    method: Route['method'],
    path: string,
    answer: (named: Named, exchange: Exchange) => Promise<Answer>,
  ): Route => ({
    method,
    path,
    isProbe: false,
    async handle(exchange, { id = '', message = '' }) {
      const { producerId } = await guard.admitProducer(exchange, ['manage']);
      return answer({ producerId, id, message }, exchange);
    },
  });
  const ask = (path: string, act: (named: Named) => Promise<unknown>) =>
    route('GET', path, async (named, exchange) => {
      refuseQuery(exchange);
      return jsonAnswer(200, await act(named));
    });
  const change = (
    method: Route['method'],
    path: string,
    act: (input: Named & { readonly json: unknown }) => Promise<Answer>,
  ) =>
    route(method, path, async (named, exchange) => {
      refuseQuery(exchange);
      return act({ ...named, json: await readOptionalJson(exchange, maxBodyBytes) });
    });
  return [
    change('POST', WEBHOOKS, async (input) => {
      const webhook = await webhooks.registerWebhook(input);
      return jsonAnswer(201, webhook, { Location: `${WEBHOOKS}/${webhook.id}` });
    }),
    ask(WEBHOOKS, (named) => webhooks.listWebhooks(named)),
    ask(WEBHOOK, (named) => webhooks.getWebhook(named)),
    change('PATCH', WEBHOOK, async (input) => jsonAnswer(200, await webhooks.changeWebhook(input))),
    route('DELETE', WEBHOOK, async (named, exchange) => {
      refuseQuery(exchange);
      await webhooks.removeWebhook(named);
      return { status: 204, body: '' };
    }),
    change('POST', `${WEBHOOK}/rotate`, async (input) => jsonAnswer(200, await webhooks.rotateSecret(input))),
    change('POST', `${WEBHOOK}/test`, async (input) => jsonAnswer(202, await webhooks.testWebhook(input))),
    change('POST', `${WEBHOOK}/replay`, async (input) => jsonAnswer(202, await webhooks.replayWebhook(input))),
    route('GET', `${WEBHOOK}/messages`, async (named, exchange) =>
      jsonAnswer(200, await webhooks.listMessages({ ...named, query: readQuery(exchange) })),
    ),
    change('POST', `${WEBHOOK}/messages/:message/resend`, async (input) =>
      jsonAnswer(202, await webhooks.resendMessage(input)),
    ),
  ];
}
