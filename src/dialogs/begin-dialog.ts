// Beginning a dialog with one person: once per idempotency key, on disk before it is answered.

import { createHash } from 'node:crypto';
import type { Clock } from '../domain/clock.ts';
import { DIALOG_LIMITS, type DialogDefinition } from '../domain/dialog.ts';
import { AppError } from '../domain/errors.ts';
import { faultyRequest } from '../domain/parse-request.ts';
import { UNRESOLVED_DETAIL, type UnresolvedRecipient } from '../domain/recipient.ts';
import type { Statements, Store } from '../store/store.ts';
import { findDefinition } from './definitions.ts';
import { type DialogView, toDialogView } from './dialog-view.ts';
import { toDefinition } from './parse-definition.ts';
import { type DialogRules, type DialogWish, parseDialogRequest } from './parse-dialog.ts';
import { type DialogVoice, storeDialog } from './store-dialog.ts';

/** Who asks, and what the key they used allows. */
export interface DialogAsker {
  readonly producerId: number;
  readonly tenantId?: string;
  /** Forms of `to`, or `*@domain`; empty for everybody. */
  readonly recipients: readonly string[];
}

/** Finds the 1:1 chat of somebody who may be written to. */
export type FindChat = (
  statements: Statements,
  person: string,
  asker: Omit<DialogAsker, 'producerId'>,
) => Promise<{ readonly conversationId: number } | UnresolvedRecipient>;

/** What beginning takes. */
export interface BeginDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly voice: DialogVoice;
  readonly findChat: FindChat;
}

export interface BeginInput {
  readonly asker: DialogAsker;
  readonly json: unknown;
  /** The bytes of `json`: the same idempotency key with other bytes is refused. */
  readonly body: Uint8Array;
  readonly idempotencyKey: string | undefined;
}

export interface BegunDialog {
  readonly dialog: DialogView;
  /** True when an earlier request with the same idempotency key is answered once more, with what is known now. */
  readonly isReplay: boolean;
}

/**
 * Gives the function that begins dialogs.
 *
 * @throws AppError `invalid_request`, `no_recipient`, `backlog_full`, `idempotency_key_reused`, `store_unavailable`
 */
export function createBeginDialog(deps: BeginDeps, rules: DialogRules): (input: BeginInput) => Promise<BegunDialog> {
  const { store } = deps;
  return async (input) => {
    // Before it is read: a retry gets its answer also when its definition has changed meanwhile.
    const replay = await findReplay(store.read, input);
    if (replay) {
      return replay;
    }
    const wish = parseDialogRequest(input.json, rules);
    const definition = await requireDefinition(store.read, input.asker.producerId, wish);
    const begun = await store.write((tx) => beginOnce(deps, tx, { input, wish, definition }));
    store.signalWork();
    return begun;
  };
}

interface Beginning {
  readonly input: BeginInput;
  readonly wish: DialogWish;
  readonly definition: DialogDefinition;
}

async function beginOnce({ clock, voice, findChat }: BeginDeps, tx: Statements, beginning: Beginning) {
  const { input, wish, definition } = beginning;
  const { asker, idempotencyKey: key, body } = input;
  const { producerId } = asker;
  if (key !== undefined) {
    await tx.locks.take(`idempotency key of dialog ${producerId} ${key}`);
  }
  // Looked for once more: of two requests at the same time the second one finds the first one here.
  const replay = await findReplay(tx, input);
  if (replay) {
    return replay;
  }
  const found = await requirePerson(tx, findChat, { wish, asker });
  const { id } = await storeDialog(tx, { ...found, definition, producerId, voice, nowMs: clock.nowMs() });
  if (key !== undefined) {
    await tx.dialogRequests.insert({ producerId, key, requestSha256: digestOf(body), dialogId: id });
  }
  return { dialog: toDialogView(await tx.dialogRequests.getShown(id)), isReplay: false };
}

/** @throws AppError `idempotency_key_reused` when the key was used for other bytes */
async function findReplay(
  { dialogRequests }: Statements,
  { asker, idempotencyKey: key, body }: BeginInput,
): Promise<BegunDialog | undefined> {
  const earlier = key === undefined ? undefined : await dialogRequests.find(asker.producerId, key);
  if (!earlier) {
    return undefined;
  }
  if (Buffer.compare(earlier.requestSha256, digestOf(body)) !== 0) {
    throw new AppError(
      'idempotency_key_reused',
      'This Idempotency-Key was used for another request. Use a new key for each dialog, and the same bytes for a retry',
    );
  }
  return { dialog: toDialogView(await dialogRequests.getShown(earlier.dialogId)), isReplay: true };
}

async function requireDefinition(
  statements: Statements,
  producerId: number,
  { dialog }: DialogWish,
): Promise<DialogDefinition> {
  if (typeof dialog !== 'string') {
    return toDefinition(dialog);
  }
  const row = await findDefinition(statements, { producerId, name: dialog });
  if (!row) {
    throw faultyRequest('dialog', [{ pointer: '/dialog', detail: 'There is no dialog definition of this name' }]);
  }
  return toDefinition(JSON.parse(row.definition));
}

/** How long somebody is told to wait with another dialog for a person who has many. */
const BACKLOG_RETRY_MS = 60_000;

type Addressed = Pick<Beginning, 'wish'> & Pick<BeginInput, 'asker'>;

async function requirePerson(tx: Statements, findChat: FindChat, { wish, asker }: Addressed) {
  const { person, tenantId } = wish;
  const isElsewhere = tenantId !== undefined && asker.tenantId !== undefined && tenantId !== asker.tenantId;
  const chat = isElsewhere
    ? { recipient: person, reason: 'unknown' as const, detail: UNRESOLVED_DETAIL.unknown }
    : await findChat(tx, person, { ...asker, ...(tenantId !== undefined && { tenantId }) });
  if ('reason' in chat) {
    throw unreached(chat);
  }
  const { conversationId } = chat;
  const personId = (await tx.people.findByConversation(conversationId))?.personId;
  if (personId === undefined) {
    throw new AppError('internal', 'A 1:1 chat was found that is nobody’s');
  }
  if ((await tx.dialogs.listOpen(personId)).length >= DIALOG_LIMITS.maxOpen) {
    throw unreached({ recipient: person, reason: 'overloaded', detail: UNRESOLVED_DETAIL.overloaded });
  }
  return { conversationId, personId };
}

function unreached(unresolved: UnresolvedRecipient): AppError {
  const details = { unresolved: [unresolved] };
  return unresolved.reason === 'overloaded'
    ? new AppError('backlog_full', 'Too much waits for this person. Try again later', {
        details,
        retryAfterMs: BACKLOG_RETRY_MS,
      })
    : new AppError('no_recipient', 'This person cannot be reached; nothing was begun', { details });
}

function digestOf(body: Uint8Array): Uint8Array {
  return createHash('sha256').update(body).digest();
}
