// What became of a delivery, attempt by attempt, as its producer sees it.

import { z } from 'zod';
import { type AnswerOf, shownInstant, toInstant } from '../domain/answer.ts';
import { toDeliveryId } from '../domain/delivery-id.ts';
import { explainFailure } from '../domain/failure-reason.ts';
import { DEFER_REASONS } from '../domain/preferences.ts';
import type { AttemptRow } from '../store/statements/attempts.ts';
import type { DeliveryRow } from '../store/statements/shown-deliveries.ts';
import { CHANGE_OPERATIONS, CHANGE_STATES, SHOWN_STATES, toShown } from './shown-state.ts';

/** A state as producers know it. */
export const shownState = z
  .enum(SHOWN_STATES)
  .meta({ id: 'DeliveryState', description: 'How far a delivery has come.' });

/** Why something did not arrive. */
export const failure = z.object({
  code: z.string().describe('A stable code, such as blocked_by_user.'),
  detail: z.string().describe('What happened and what to do, in a sentence.'),
});

/** The name of a person as a producer wrote it. */
export const namedRecipient = z
  .string()
  .nullable()
  .describe('As the producer wrote it; null for a member of a broadcast and once the data of the person was erased.');

const attemptStatus = z
  .object({
    number: z.int().min(1),
    operation: z.string().describe('What was asked of Teams: post, create_conversation, and so on.'),
    startedAt: shownInstant,
    finishedAt: shownInstant.nullable(),
    outcome: z
      .string()
      .nullable()
      .describe(
        'delivered, created, throttled, transient, unknown, gone, rejected, tooLarge or postponed; null under way.',
      ),
    reason: z.string().nullable().describe('Why it was no success: one of the reason codes.'),
    httpStatus: z.int().nullable().describe("The status of Teams' answer."),
    requestId: z.string().describe("Bellhop's id of this attempt; it stands in the logs too."),
    correlationId: z.string().nullable().describe("Microsoft's id of it, for their support."),
  })
  .meta({ id: 'Attempt', description: 'One request to Teams.' });

/** A delivery in an answer. */
export const deliveryStatus = z
  .object({
    id: z.string().meta({ examples: ['dlv_4711'] }),
    recipient: namedRecipient,
    state: shownState,
    change: z
      .object({ operation: z.enum(CHANGE_OPERATIONS), state: z.enum(CHANGE_STATES) })
      .optional()
      .describe('What is being done to a message that is in the chat, or could not be done.'),
    updatedAt: shownInstant,
    dueAt: shownInstant.optional().describe('When it is due; present until then, where that was asked for.'),
    deferredUntil: shownInstant
      .optional()
      .describe(
        'When it is sent; present while it waits for the quiet hours of the person to end, or for their digest.',
      ),
    readAt: shownInstant
      .optional()
      .describe('When its reader had read it, as Teams told; left out while Teams has not, which it need not ever do.'),
    reason: failure.optional().describe('Why it is not sent (yet), or that a digest told of it.'),
    attempts: z.array(attemptStatus).describe('In order, the first one included.'),
  })
  .meta({ id: 'Delivery', description: 'A notification on its way to one person.' });

export type AttemptStatus = AnswerOf<typeof attemptStatus>;
export type DeliveryStatus = AnswerOf<typeof deliveryStatus>;

/** @param attempts those of this delivery, and maybe of others */
export function toDeliveryStatus(row: DeliveryRow, attempts: readonly AttemptRow[], nowMs: number): DeliveryStatus {
  const { id, recipient, state, operation, isShown, scheduledAtMs, readAtMs, reason } = row;
  return {
    id: toDeliveryId(id),
    recipient,
    ...toShown({ state, change: isShown && operation !== 'post' ? operation : null }),
    updatedAt: toInstant(row.updatedAtMs),
    ...(state === 'queued' && scheduledAtMs !== null && scheduledAtMs > nowMs && { dueAt: toInstant(scheduledAtMs) }),
    ...(isDeferred(row) && { deferredUntil: toInstant(row.dueAtMs) }),
    ...(readAtMs !== null && { readAt: toInstant(readAtMs) }),
    ...(reason !== null &&
      (state !== 'sent' || reason === 'in_digest') && { reason: { code: reason, detail: explainFailure(reason) } }),
    attempts: attempts.filter((attempt) => attempt.deliveryId === row.id).map(toAttemptStatus),
  };
}

function isDeferred({ state, reason }: DeliveryRow): boolean {
  return state === 'queued' && DEFER_REASONS.some((one) => one === reason);
}

function toAttemptStatus(row: AttemptRow): AttemptStatus {
  const { number, operation, outcome, reason, httpStatus, requestId, correlationId } = row;
  return {
    number,
    operation,
    startedAt: toInstant(row.startedAtMs),
    finishedAt: row.finishedAtMs === null ? null : toInstant(row.finishedAtMs),
    outcome,
    reason,
    httpStatus,
    requestId,
    correlationId,
  };
}
