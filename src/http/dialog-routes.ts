// What a producer does with dialogs, and with the definitions that it begins them by.

import type { Query } from '../domain/request-query.ts';
import type { Grant } from '../producers/grant.ts';
import { jsonAnswer } from './answer.ts';
import {
  BEGIN_DIALOG,
  CANCEL_DIALOG,
  GET_DEFINITION,
  GET_DIALOG,
  LIST_DEFINITIONS,
  LIST_DIALOGS,
  PUT_DEFINITION,
  REMOVE_DEFINITION,
} from './dialog-operations.ts';
import type { Guard } from './guard.ts';
import { createOwnedRoutes } from './owned-routes.ts';
import { parseJson } from './parse-json.ts';
import { readQuery, refuseQuery } from './query.ts';
import { readBody } from './read-body.ts';
import { checkJsonHead, readIdempotencyKey } from './request-head.ts';
import type { Route } from './route.ts';

interface Dialog {
  readonly producerId: number;
  readonly id: string;
}

interface Definition {
  readonly producerId: number;
  readonly name: string;
}

/** The use cases behind these routes. All but the lists, `begin` and `putDefinition` throw AppError `not_found`. */
export interface DialogUseCases {
  /** @param input.body the very bytes of `json`, which tell a repeated request from another one with the same key */
  beginDialog(input: {
    readonly grant: Grant;
    readonly json: unknown;
    readonly body: Buffer;
    readonly idempotencyKey: string | undefined;
  }): Promise<{ readonly dialog: { readonly id: string }; readonly isReplay: boolean }>;
  getDialog(named: Dialog): Promise<object>;
  listDialogs(input: { readonly producerId: number; readonly query: Query }): Promise<object>;
  cancelDialog(input: Dialog & { readonly json: unknown }): Promise<object>;
  putDefinition(
    input: Definition & { readonly json: unknown },
  ): Promise<{ readonly isNew: boolean; readonly definition: object }>;
  listDefinitions(owner: { readonly producerId: number }): Promise<object>;
  getDefinition(named: Definition): Promise<object>;
  removeDefinition(named: Definition): Promise<void>;
}

interface Dependencies {
  readonly dialogs: DialogUseCases;
  readonly guard: Guard;
}
type Options = { readonly maxBodyBytes: number };

const DIALOGS = '/api/v1/dialogs';
const DIALOG = `${DIALOGS}/:id`;
const DEFINITIONS = '/api/v1/dialog-definitions';
const DEFINITION = `${DEFINITIONS}/:name`;

/** All of them. */
export function dialogRoutes(deps: Dependencies, options: Options): readonly Route[] {
  const { dialogs, guard } = deps;
  const { route, ask, change } = createOwnedRoutes(guard, options, ({ producerId }, { id = '' }) => ({
    producerId,
    id,
  }));
  return [
    beginRoute(deps, options),
    route({ method: 'GET', path: DIALOGS, operation: LIST_DIALOGS }, async ({ producerId }, exchange) =>
      jsonAnswer(200, await dialogs.listDialogs({ producerId, query: readQuery(exchange) })),
    ),
    ask(DIALOG, GET_DIALOG, (named) => dialogs.getDialog(named)),
    change({ method: 'POST', path: `${DIALOG}/cancel`, operation: CANCEL_DIALOG }, async (input) =>
      jsonAnswer(200, await dialogs.cancelDialog(input)),
    ),
    ...definitionRoutes(deps, options),
  ];
}

function beginRoute({ dialogs, guard }: Dependencies, { maxBodyBytes }: Options): Route {
  return {
    method: 'POST',
    path: DIALOGS,
    isProbe: false,
    operation: BEGIN_DIALOG,
    async handle(exchange) {
      const grant = await guard.admitProducer(exchange, BEGIN_DIALOG.scopes);
      refuseQuery(exchange);
      const idempotencyKey = readIdempotencyKey(exchange.request);
      checkJsonHead(exchange.request, maxBodyBytes);
      const body = await readBody(exchange, maxBodyBytes);
      const { dialog, isReplay } = await dialogs.beginDialog({ grant, json: parseJson(body), body, idempotencyKey });
      return jsonAnswer(202, dialog, {
        Location: `${DIALOGS}/${dialog.id}`,
        ...(isReplay && { 'Idempotency-Replayed': 'true' }),
      });
    },
  };
}

function definitionRoutes({ dialogs, guard }: Dependencies, options: Options): readonly Route[] {
  const { ask, change, remove } = createOwnedRoutes(guard, options, ({ producerId }, { name = '' }) => ({
    producerId,
    name,
  }));
  return [
    ask(DEFINITIONS, LIST_DEFINITIONS, (owner) => dialogs.listDefinitions(owner)),
    ask(DEFINITION, GET_DEFINITION, (named) => dialogs.getDefinition(named)),
    change({ method: 'PUT', path: DEFINITION, operation: PUT_DEFINITION }, async (input) => {
      const { isNew, definition } = await dialogs.putDefinition(input);
      const location = `${DEFINITIONS}/${encodeURIComponent(input.name)}`;
      return jsonAnswer(isNew ? 201 : 200, definition, isNew ? { Location: location } : {});
    }),
    remove(DEFINITION, REMOVE_DEFINITION, (named) => dialogs.removeDefinition(named)),
  ];
}
