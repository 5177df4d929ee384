// Statements on conversations that the bot begins.

import type { Kysely } from 'kysely';
import type { DialogAnswers, DialogDefinition, DialogEnd, DialogState } from '../../domain/dialog.ts';
import { atMost } from '../at-most.ts';
import type { Schema } from '../schema.ts';
import { createAskedQuestionStatements } from './asked-questions.ts';
import { createDialogTimeStatements, IS_ACTIVE, IS_OPEN } from './dialog-times.ts';
import { createOldDialogStatements } from './old-dialogs.ts';

/** A dialog that is to be. */
export interface NewDialog {
  readonly publicId: string;
  readonly producerId: number;
  readonly personId: number;
  readonly conversationId: number;
  readonly definition: DialogDefinition;
  /** Where it stands before its first question. */
  readonly progress: string;
  readonly nowMs: number;
}

/** A dialog as it stands. */
export interface DialogRow {
  readonly id: number;
  readonly publicId: string;
  readonly producerId: number;
  /** Null once their data was erased. */
  readonly personId: number | null;
  readonly conversationId: number;
  readonly definition: DialogDefinition;
  readonly state: DialogState;
  /** Why it ended, or a `DeferReason` while it waits for a time; null where the state says it all. */
  readonly reason: string | null;
  /** Of the question that waits for its answer; null when none does. */
  readonly questionId: string | null;
  /** Of the one who asks the questions; nobody else reads it. */
  readonly progress: string;
  readonly answers: DialogAnswers;
  readonly createdAtMs: number;
  /** Of one that waits because its person wants no messages until then; else null. */
  readonly beginsAtMs: number | null;
  readonly begunAtMs: number | null;
  /** Of one that waits: when it would be over, had it begun at once. */
  readonly expiresAtMs: number;
  readonly endedAtMs: number | null;
  /** Row id of the notification that asks the newest question; null before there is one. */
  readonly askedId: number | null;
}

/** Its first question goes out. */
export interface DialogBeginning {
  readonly questionId: string;
  readonly nowMs: number;
  readonly expiresAtMs: number;
}

/** Where a dialog stands after an answer. */
export interface DialogMove {
  /** Null when no question is left. */
  readonly questionId: string | null;
  readonly progress: string;
  readonly answers: DialogAnswers;
}

/** How a dialog ended. */
export interface DialogEnding {
  readonly dialogId: number;
  readonly state: DialogEnd;
  /** Null where the state says it all. */
  readonly reason: string | null;
  readonly nowMs: number;
}

/** Binds them to one connection. */
export function createDialogStatements(db: Kysely<Schema>) {
  return {
    ...findingStatements(db),
    ...turnStatements(db),
    ...createDialogTimeStatements(db),
    ...createOldDialogStatements(db),
    ...createAskedQuestionStatements(db),
  };
}

/** Which dialogs there are. */
function findingStatements(db: Kysely<Schema>) {
  const rows = selectRows(db);
  return {
    async find(id: number): Promise<DialogRow | undefined> {
      const row = await rows.where('id', '=', id).executeTakeFirst();
      return row && toDialog(row);
    },

    async findByPublicId(publicId: string): Promise<DialogRow | undefined> {
      const row = await rows.where('public_id', '=', publicId).executeTakeFirst();
      return row && toDialog(row);
    },

    /** The one whose question waits for an answer of this person. */
    async findActive(personId: number): Promise<DialogRow | undefined> {
      const row = await rows
        .where('person_id', '=', personId)
        .where(IS_OPEN)
        .where(IS_ACTIVE)
        .orderBy('id')
        .limit(atMost(1))
        .executeTakeFirst();
      return row && toDialog(row);
    },

    /** Those of a person that have not ended, oldest first. */
    async listOpen(personId: number): Promise<readonly DialogRow[]> {
      const open = await rows.where('person_id', '=', personId).where(IS_OPEN).orderBy('id').execute();
      return open.map(toDialog);
    },

    /** All of a person, oldest first, behind `after`. */
    async listOfPerson(personId: number, after: number, limit: number): Promise<readonly DialogRow[]> {
      const all = await rows
        .where('person_id', '=', personId)
        .where('id', '>', after)
        .orderBy('id')
        .limit(atMost(limit))
        .execute();
      return all.map(toDialog);
    },
  };
}

/** How dialogs go on. */
function turnStatements(db: Kysely<Schema>) {
  return {
    /** It waits. @returns its row id */
    async insert({ publicId, producerId, personId, conversationId, ...dialog }: NewDialog): Promise<number> {
      const { definition, progress, nowMs } = dialog;
      const row = await db
        .insertInto('dialog')
        .values({
          public_id: publicId,
          producer_id: producerId,
          person_id: personId,
          conversation_id: conversationId,
          definition: JSON.stringify(definition),
          state: 'waiting',
          progress,
          answers: '{}',
          created_at_ms: nowMs,
          expires_at_ms: nowMs + definition.timeoutMs,
        })
        .returning('id')
        .executeTakeFirstOrThrow();
      return row.id;
    },

    async begin(id: number, { questionId, nowMs, expiresAtMs }: DialogBeginning): Promise<void> {
      await db
        .updateTable('dialog')
        .set({
          ...{ state: 'active', reason: null, question_id: questionId, begins_at_ms: null },
          ...{ begun_at_ms: nowMs, expires_at_ms: expiresAtMs },
        })
        .where('id', '=', id)
        .where('state', '=', 'waiting')
        .execute();
    },

    /** Where it stands now. */
    async move(id: number, { questionId, progress, answers }: DialogMove): Promise<void> {
      await db
        .updateTable('dialog')
        .set({ question_id: questionId, progress, answers: JSON.stringify(answers) })
        .where('id', '=', id)
        .where(IS_ACTIVE)
        .execute();
    },

    /** @returns the dialog as it ended; undefined when it had ended before */
    async end({ dialogId, state, reason, nowMs }: DialogEnding): Promise<DialogRow | undefined> {
      const row = await db
        .updateTable('dialog')
        .set({ state, reason, question_id: null, begins_at_ms: null, is_outgoing: 0, ended_at_ms: nowMs })
        .where('id', '=', dialogId)
        .where(IS_OPEN)
        .returning(COLUMNS)
        .executeTakeFirst();
      return row && toDialog(row);
    },
  };
}

const COLUMNS = [
  'id',
  'public_id as publicId',
  'producer_id as producerId',
  'person_id as personId',
  'conversation_id as conversationId',
  'definition',
  'state',
  'reason',
  'question_id as questionId',
  'progress',
  'answers',
  'created_at_ms as createdAtMs',
  'begins_at_ms as beginsAtMs',
  'begun_at_ms as begunAtMs',
  'expires_at_ms as expiresAtMs',
  'ended_at_ms as endedAtMs',
  'asked_id as askedId',
] as const;

function selectRows(db: Kysely<Schema>) {
  return db.selectFrom('dialog').select(COLUMNS);
}

type StoredDialog = Omit<DialogRow, 'definition' | 'answers'> & {
  readonly definition: string;
  readonly answers: string;
};

function toDialog({ definition, answers, ...row }: StoredDialog): DialogRow {
  return { ...row, definition: JSON.parse(definition), answers: JSON.parse(answers) };
}
