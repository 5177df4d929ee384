// What a producer asks about its deliveries and does to them.

import type { Grant } from '../producers/grant.ts';
import { jsonAnswer } from './answer.ts';
import {
  CANCEL_DELIVERY,
  CANCEL_NOTIFICATION,
  LIST_UNDELIVERED,
  REDELIVER_DELIVERY,
  REDELIVER_NOTIFICATION,
} from './delivery-operations.ts';
import type { Guard } from './guard.ts';
import type { Operation } from './operation.ts';
import { readQuery, refuseQuery } from './query.ts';
import { readOptionalJson } from './read-json.ts';
import type { Route } from './route.ts';

/** Something of a producer, by its public id, and the JSON that came with the request. */
interface Change {
  readonly producerId: number;
  readonly id: string;
  readonly json: unknown;
}

/** The use cases behind these routes. All throw AppError `not_found` for what is another producer's. */
export interface DeliveryUseCases {
  /** What did not arrive, a page at a time. */
  listDeliveries(input: {
    readonly producerId: number;
    readonly query: Readonly<Record<string, string>>;
  }): Promise<unknown>;
  redeliverNotification(input: Change): Promise<object>;
  redeliverDelivery(input: Change): Promise<object>;
  cancelNotification(input: Change): Promise<object>;
  cancelDelivery(input: Change): Promise<object>;
}

type Dependencies = DeliveryUseCases & { readonly guard: Guard };
type Options = { readonly maxBodyBytes: number };

/** All of them; each refuses what another producer owns as if it did not exist. */
export function deliveryRoutes(deps: Dependencies, options: Options): readonly Route[] {
  const change = (path: string, operation: Operation, act: (input: Change) => Promise<object>): Route => ({
    method: 'POST',
    path,
    isProbe: false,
    operation,
    async handle(exchange, { id = '' }) {
      const { producerId }: Grant = await deps.guard.admitProducer(exchange, operation.scopes);
      refuseQuery(exchange);
      const json = await readOptionalJson(exchange, options.maxBodyBytes);
      return jsonAnswer(200, { id, ...(await act({ producerId, id, json })) });
    },
  });
  return [
    {
      method: 'GET',
      path: '/api/v1/deliveries',
      isProbe: false,
      operation: LIST_UNDELIVERED,
      async handle(exchange) {
        const { producerId } = await deps.guard.admitProducer(exchange, LIST_UNDELIVERED.scopes);
        return jsonAnswer(200, await deps.listDeliveries({ producerId, query: readQuery(exchange) }));
      },
    },
    change('/api/v1/notifications/:id/redeliver', REDELIVER_NOTIFICATION, (input) => deps.redeliverNotification(input)),
    change('/api/v1/deliveries/:id/redeliver', REDELIVER_DELIVERY, (input) => deps.redeliverDelivery(input)),
    change('/api/v1/notifications/:id/cancel', CANCEL_NOTIFICATION, (input) => deps.cancelNotification(input)),
    change('/api/v1/deliveries/:id/cancel', CANCEL_DELIVERY, (input) => deps.cancelDelivery(input)),
  ];
}
