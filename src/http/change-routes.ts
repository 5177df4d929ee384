// Editing and recalling notifications.

import { jsonAnswer } from './answer.ts';
import type { Guard } from './guard.ts';
import { EDIT_NOTIFICATION, RECALL_NOTIFICATION } from './notification-operations.ts';
import { parseJson } from './parse-json.ts';
import { refuseQuery } from './query.ts';
import { readBody } from './read-body.ts';
import { checkJsonHead } from './request-head.ts';
import type { Route } from './route.ts';

/** The use cases behind these routes. All throw AppError `not_found` for what is another producer's. */
export interface ChangeUseCases {
  editNotification(input: {
    readonly producerId: number;
    readonly id: string;
    readonly json: unknown;
  }): Promise<object>;
  recallNotification(input: { readonly producerId: number; readonly id: string }): Promise<object>;
}

const PATH = '/api/v1/notifications/:id';

/** Both answer 202: it is written down, and carried to the chats from there. */
export function changeRoutes(
  deps: ChangeUseCases & { readonly guard: Guard },
  { maxBodyBytes }: { readonly maxBodyBytes: number },
): readonly Route[] {
  return [
    {
      method: 'PATCH',
      path: PATH,
      isProbe: false,
      operation: EDIT_NOTIFICATION,
      async handle(exchange, { id = '' }) {
        const { producerId } = await deps.guard.admitProducer(exchange, EDIT_NOTIFICATION.scopes);
        refuseQuery(exchange);
        checkJsonHead(exchange.request, maxBodyBytes);
        const json = parseJson(await readBody(exchange, maxBodyBytes));
        return jsonAnswer(202, await deps.editNotification({ producerId, id, json }));
      },
    },
    {
      method: 'DELETE',
      path: PATH,
      isProbe: false,
      operation: RECALL_NOTIFICATION,
      async handle(exchange, { id = '' }) {
        const { producerId } = await deps.guard.admitProducer(exchange, RECALL_NOTIFICATION.scopes);
        refuseQuery(exchange);
        return jsonAnswer(202, await deps.recallNotification({ producerId, id }));
      },
    },
  ];
}
