// What the messages of webhooks say.

import type { Kysely } from 'kysely';
import type { DialogAnswers, DialogState } from '../../domain/dialog.ts';
import type { Poll, PollResult } from '../../domain/poll.ts';
import type { Schema } from '../schema.ts';
import { personName } from './dialog-requests.ts';

/** The event as its receiver is told it. */
export interface MessageEvent {
  readonly publicId: string;
  readonly type: string;
  readonly notificationPublicId: string | null;
  /** The producer's key of the thing that the notification is about. */
  readonly key: string | null;
  readonly deliveryId: number | null;
  /** As the producer wrote it, today: null once the person was erased. */
  readonly recipient: string | null;
  readonly reason: string | null;
  readonly dialogPublicId: string | null;
  /** Null once it is not kept any more. */
  readonly dialog: ToldDialog | null;
  /** What somebody answered: who that is, as they are known today, null once they were erased. */
  readonly person: AnsweringPerson | null;
  readonly action: string | null;
  /** JSON of what they entered. */
  readonly input: string | null;
  readonly atMs: number;
  /** Set for the end of a poll, as long as that is kept. */
  readonly poll?: ClosedPoll | undefined;
}

/** A poll that was closed. */
export interface ClosedPoll {
  readonly publicId: string;
  readonly poll: Poll;
  readonly result: PollResult;
}

/** A dialog that ended, as the receiver is told of it. */
export interface ToldDialog {
  readonly title: string;
  readonly state: DialogState;
  /** As `to` names them; null, and without answers, once their data was erased. */
  readonly person: string | null;
  readonly answers: DialogAnswers;
}

/** Who answered. */
export interface AnsweringPerson {
  readonly name: string | null;
  readonly email: string | null;
  readonly aadObjectId: string | null;
}

/** By row id. */
export async function listEvents(
  db: Kysely<Schema>,
  ids: readonly number[],
): Promise<ReadonlyMap<number, MessageEvent>> {
  const rows = ids.length === 0 ? [] : await selectEvents(db).where('status_event.id', 'in', ids).execute();
  return new Map(
    rows.map(({ id, pollPublicId, poll, result, definition, state, answers, recipientName, ...others }) => {
      const { personId, name, email, aadObjectId, ...event } = others;
      const about = {
        person: personId === null ? null : { name, email, aadObjectId },
        poll: toClosedPoll({ pollPublicId, poll, result }),
        dialog: toToldDialog({ definition, state, answers, person: recipientName }),
      };
      return [id, { ...event, ...about }];
    }),
  );
}

function selectEvents(db: Kysely<Schema>) {
  return joinEvents(db)
    .select([
      'status_event.id as id',
      'status_event.public_id as publicId',
      'type',
      'notification_public_id as notificationPublicId',
      'lifecycle.key as key',
      'delivery_id as deliveryId',
      'delivery.recipient as recipient',
      'status_event.reason as reason',
      'at_ms as atMs',
    ])
    .select(['status_event.action as action', 'status_event.input as input', 'person.id as personId'])
    .select(['person.name as name', 'person.email as email', 'person.aad_object_id as aadObjectId'])
    .select(['poll.public_id as pollPublicId', 'poll.poll as poll', 'poll.result as result'])
    .select(['dialog_public_id as dialogPublicId', 'dialog.definition as definition', 'dialog.state as state'])
    .select(['dialog.answers as answers', personName.as('recipientName')]);
}

function joinEvents(db: Kysely<Schema>) {
  return (
    db
      .selectFrom('status_event')
      // SQLite gives row ids out again: by its public id, what stands there now is known to be what the event is about.
      .leftJoin('notification', (join) =>
        join
          .onRef('notification.id', '=', 'status_event.notification_id')
          .onRef('notification.public_id', '=', 'status_event.notification_public_id'),
      )
      .leftJoin('delivery', (join) =>
        join
          .onRef('delivery.id', '=', 'status_event.delivery_id')
          .onRef('delivery.notification_id', '=', 'notification.id'),
      )
      .leftJoin('lifecycle', 'lifecycle.id', 'notification.lifecycle_id')
      .leftJoin('poll', (join) =>
        join.onRef('poll.notification_id', '=', 'notification.id').on('status_event.type', '=', 'poll.closed'),
      )
      .leftJoin('dialog', 'dialog.public_id', 'status_event.dialog_public_id')
      // Who answered, or who was asked in a dialog.
      .leftJoin('person', (join) =>
        join.on(({ eb, fn }) => eb('person.id', '=', fn.coalesce('status_event.person_id', 'dialog.person_id'))),
      )
  );
}

type PollColumns = { readonly [Column in 'pollPublicId' | 'poll' | 'result']: string | null };

function toClosedPoll({ pollPublicId: publicId, poll, result }: PollColumns): ClosedPoll | undefined {
  return publicId === null || poll === null || result === null
    ? undefined
    : { publicId, poll: JSON.parse(poll), result: JSON.parse(result) };
}

type DialogColumns = { readonly [Column in 'definition' | 'answers' | 'person']: string | null } & {
  readonly state: DialogState | null;
};

function toToldDialog({ definition, state, answers, person }: DialogColumns): ToldDialog | null {
  return definition === null || state === null || answers === null
    ? null
    : { title: JSON.parse(definition).title, state, person, answers: JSON.parse(answers) };
}
