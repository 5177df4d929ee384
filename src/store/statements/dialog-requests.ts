// Statements on the requests that begin dialogs, and on the lists that their producers read.

import { type Kysely, sql } from 'kysely';
import type { DialogAnswers, DialogState } from '../../domain/dialog.ts';
import { atMost } from '../at-most.ts';
import type { Schema } from '../schema.ts';

/** The request that began a dialog. */
export interface DialogRequest {
  readonly producerId: number;
  /** The producer's own, of one event. */
  readonly key: string;
  readonly requestSha256: Uint8Array;
  /** Row id. */
  readonly dialogId: number;
}

/** Which dialogs of a producer, newest first. */
export interface DialogPage {
  readonly producerId: number;
  readonly state?: DialogState | undefined;
  /** The row that the page goes on behind. */
  readonly before?: number | undefined;
}

/** A dialog as its producer may see it. */
export interface ShownDialog {
  readonly id: number;
  readonly publicId: string;
  /** As `to` names them; null once their data was erased. */
  readonly person: string | null;
  readonly title: string;
  readonly state: DialogState;
  readonly reason: string | null;
  /** The id of the one that waits for its answer. */
  readonly question: string | null;
  readonly answers: DialogAnswers;
  readonly createdAtMs: number;
  /** Of one that waits because its person wants no messages until then; else null. */
  readonly beginsAtMs: number | null;
  readonly begunAtMs: number | null;
  readonly endedAtMs: number | null;
}

/** Binds them to one connection. */
export function createDialogRequestStatements(db: Kysely<Schema>) {
  return {
    async insert({ producerId, key, requestSha256, dialogId }: DialogRequest): Promise<void> {
      await db
        .insertInto('dialog_request')
        .values({ producer_id: producerId, key, request_sha256: requestSha256, dialog_id: dialogId })
        .execute();
    },

    async find(producerId: number, key: string): Promise<DialogRequest | undefined> {
      return db
        .selectFrom('dialog_request')
        .select(['producer_id as producerId', 'key', 'request_sha256 as requestSha256', 'dialog_id as dialogId'])
        .where('producer_id', '=', producerId)
        .where('key', '=', key)
        .executeTakeFirst();
    },

    /** @returns undefined also for the dialog of another producer */
    async findShown(producerId: number, publicId: string): Promise<ShownDialog | undefined> {
      const row = await selectShown(db)
        .where('dialog.producer_id', '=', producerId)
        .where('dialog.public_id', '=', publicId)
        .executeTakeFirst();
      return row && toShown(row);
    },

    /** By row id. */
    async getShown(id: number): Promise<ShownDialog> {
      return toShown(await selectShown(db).where('dialog.id', '=', id).executeTakeFirstOrThrow());
    },

    async list({ producerId, state, before }: DialogPage, limit: number): Promise<readonly ShownDialog[]> {
      const rows = await selectShown(db)
        .where('dialog.producer_id', '=', producerId)
        .$if(state !== undefined, (query) => query.where('dialog.state', '=', state ?? 'active'))
        .$if(before !== undefined, (query) => query.where('dialog.id', '<', before ?? 0))
        .orderBy('dialog.id', 'desc')
        .limit(atMost(limit))
        .execute();
      return rows.map(toShown);
    },
  };
}

/** The columns of a dialog that its producer may see, with the ids of the person. */
export function selectShown(db: Kysely<Schema>) {
  return db
    .selectFrom('dialog')
    .leftJoin('person', 'person.id', 'dialog.person_id')
    .select([
      'dialog.id as id',
      'dialog.public_id as publicId',
      'dialog.definition as definition',
      'dialog.state as state',
      'dialog.reason as reason',
      'dialog.question_id as question',
      'dialog.answers as answers',
      'dialog.created_at_ms as createdAtMs',
      'dialog.begins_at_ms as beginsAtMs',
      'dialog.begun_at_ms as begunAtMs',
      'dialog.ended_at_ms as endedAtMs',
    ])
    .select(personName.as('person'));
}

/** The surest name that there is of them. */
export const personName = sql<
  string | null
>`CASE WHEN person.aad_object_id IS NULL THEN person.teams_user_id ELSE 'aad:' || person.aad_object_id END`;

type StoredRow = Omit<ShownDialog, 'answers' | 'title'> & { readonly definition: string; readonly answers: string };

function toShown({ definition, answers, ...row }: StoredRow): ShownDialog {
  return { ...row, title: JSON.parse(definition).title, answers: JSON.parse(answers) };
}
