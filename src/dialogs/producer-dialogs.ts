// What producers do with dialogs, by the names under which the API calls it.

import { z } from 'zod';
import type { AnswerOf } from '../domain/answer.ts';
import { DIALOG_STATES } from '../domain/dialog.ts';
import { CANCELLED_BY_PRODUCER } from '../domain/dialog-reason.ts';
import { AppError } from '../domain/errors.ts';
import { parseRequest } from '../domain/parse-request.ts';
import { cursor, pageLimit, parseQuery, type Query } from '../domain/request-query.ts';
import type { DefinitionKey } from '../store/statements/dialog-definitions.ts';
import type { ShownDialog } from '../store/statements/dialog-requests.ts';
import type { Statements } from '../store/store.ts';
import { type BeginDeps, createBeginDialog } from './begin-dialog.ts';
import { getDefinition, listDefinitions, putDefinition, removeDefinition } from './definitions.ts';
import { type DialogView, type dialogList, toDialogView } from './dialog-view.ts';
import type { DialogRules } from './parse-dialog.ts';
import { endDialog } from './store-dialog.ts';

/** A dialog, by its public id. */
interface Named {
  readonly producerId: number;
  readonly id: string;
}

/** What may be asked for. */
export const dialogListQuery = z.strictObject({
  state: z.enum(DIALOG_STATES).optional().describe('Only those in this state.'),
  cursor: cursor(parsePlace).describe('The `nextCursor` of the page before.'),
  limit: pageLimit(200, 50).describe('Dialogs in a page.'),
});

/** The body of a request that says it all by its path. */
const nothing = z.strictObject({});

/** Binds them to one store. */
export function createProducerDialogs(deps: BeginDeps, rules: DialogRules) {
  return {
    beginDialog: createBeginDialog(deps, rules),
    getDialog: async (named: Named) => toDialogView(await requireDialog(deps.store.read, named)),
    listDialogs: (input: { readonly producerId: number; readonly query: Query }) => listDialogs(deps, input),
    cancelDialog({ json, ...named }: Named & { readonly json: unknown }) {
      parseRequest(nothing, json, 'request');
      return cancelDialog(deps, named);
    },
    putDefinition: ({ json, ...key }: DefinitionKey & { readonly json: unknown }) => putDefinition(deps, key, json),
    listDefinitions: ({ producerId }: { readonly producerId: number }) => listDefinitions(deps, producerId),
    getDefinition: (key: DefinitionKey) => getDefinition(deps, key),
    removeDefinition: (key: DefinitionKey) => removeDefinition(deps, key),
  };
}

/** @throws AppError `invalid_request` */
async function listDialogs(
  { store }: Pick<BeginDeps, 'store'>,
  { producerId, query }: { readonly producerId: number; readonly query: Query },
): Promise<AnswerOf<typeof dialogList>> {
  const { state, cursor: before, limit } = parseQuery(dialogListQuery, query);
  const found = await store.read.dialogRequests.list({ producerId, state, before }, limit + 1);
  const rows = found.slice(0, limit);
  const last = found.length > limit ? rows.at(-1) : undefined;
  return { dialogs: rows.map(toDialogView), nextCursor: last ? String(last.id) : null };
}

/** Of one that has ended it only tells how. @throws AppError `not_found`, also for that of another producer */
async function cancelDialog({ store, clock, voice }: BeginDeps, named: Named): Promise<DialogView> {
  const view = await store.write(async (tx) => {
    const { id: dialogId } = await requireDialog(tx, named);
    await endDialog(tx, { dialogId, state: 'cancelled', reason: CANCELLED_BY_PRODUCER, voice, nowMs: clock.nowMs() });
    return toDialogView(await tx.dialogRequests.getShown(dialogId));
  });
  store.signalWork();
  return view;
}

async function requireDialog({ dialogRequests }: Statements, { producerId, id }: Named): Promise<ShownDialog> {
  const row = await dialogRequests.findShown(producerId, id);
  if (!row) {
    throw new AppError('not_found', 'There is no dialog with this id');
  }
  return row;
}

function parsePlace(text: string): number | undefined {
  return /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}
