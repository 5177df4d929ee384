// Lists that a producer reads page by page.

import type { Query } from '../domain/request-query.ts';
import { jsonAnswer } from './answer.ts';
import type { Guard } from './guard.ts';
import { LIST_DELIVERIES_OF, LIST_NOTIFICATIONS, LIST_RESPONSES_TO } from './notification-operations.ts';
import { readQuery } from './query.ts';
import type { Route } from './route.ts';

/** The use cases behind these routes. */
export interface ListUseCases {
  listNotifications(input: { readonly producerId: number; readonly query: Query }): Promise<unknown>;
  /** @throws AppError `not_found`, also for a notification of another producer */
  listDeliveriesOf(input: {
    readonly producerId: number;
    readonly id: string;
    readonly query: Query;
  }): Promise<unknown>;
  /** @throws AppError `not_found`, also for a notification of another producer */
  listResponsesTo(input: { readonly producerId: number; readonly id: string; readonly query: Query }): Promise<unknown>;
}

/** All of them. */
export function listRoutes(deps: ListUseCases & { readonly guard: Guard }): readonly Route[] {
  return [
    {
      method: 'GET',
      path: '/api/v1/notifications',
      isProbe: false,
      operation: LIST_NOTIFICATIONS,
      async handle(exchange) {
        const { producerId } = await deps.guard.admitProducer(exchange, LIST_NOTIFICATIONS.scopes);
        return jsonAnswer(200, await deps.listNotifications({ producerId, query: readQuery(exchange) }));
      },
    },
    {
      method: 'GET',
      path: '/api/v1/notifications/:id/deliveries',
      isProbe: false,
      operation: LIST_DELIVERIES_OF,
      async handle(exchange, { id = '' }) {
        const { producerId } = await deps.guard.admitProducer(exchange, LIST_DELIVERIES_OF.scopes);
        return jsonAnswer(200, await deps.listDeliveriesOf({ producerId, id, query: readQuery(exchange) }));
      },
    },
    {
      method: 'GET',
      path: '/api/v1/notifications/:id/responses',
      isProbe: false,
      operation: LIST_RESPONSES_TO,
      async handle(exchange, { id = '' }) {
        const { producerId } = await deps.guard.admitProducer(exchange, LIST_RESPONSES_TO.scopes);
        return jsonAnswer(200, await deps.listResponsesTo({ producerId, id, query: readQuery(exchange) }));
      },
    },
  ];
}
