// What was sent to a webhook: trying it out, listing, and sending again.

import type { Clock } from '../domain/clock.ts';
import { AppError } from '../domain/errors.ts';
import { parseRequest } from '../domain/parse-request.ts';
import { parseQuery, type Query } from '../domain/request-query.ts';
import type { EventPlace } from '../store/statements/status-events.ts';
import type { WebhookRow } from '../store/statements/webhook-endpoints.ts';
import type { MessageRow } from '../store/statements/webhook-messages.ts';
import type { Store } from '../store/store.ts';
import { requireWebhook, type WebhookRequest } from './manage-webhooks.ts';
import { type MessageId, parseMessageId, toMessageId } from './message-body.ts';
import { ATTEMPT_ERRORS } from './outcome.ts';
import { type MessageView, messageQuery } from './webhook-answers.ts';
import type { WebhookSchemas } from './webhook-requests.ts';

/** What it takes. */
export interface MessageDeps {
  readonly store: Store;
  readonly clock: Clock;
}

/** All throw AppError `not_found` for what is unknown or another producer's, `invalid_request` for what is wrong. */
export interface WebhookMessages {
  /** Sends a `webhook.test`. @throws AppError `conflict` while the webhook is disabled */
  testWebhook(request: WebhookRequest): Promise<{ readonly message: MessageId }>;
  /** Sends again all that happened in a time. @throws AppError `conflict` while the webhook is disabled */
  replayWebhook(request: WebhookRequest): Promise<{ readonly queued: number }>;
  listMessages(
    request: Omit<WebhookRequest, 'json'> & { readonly query: Query },
  ): Promise<{ readonly messages: readonly MessageView[]; readonly nextCursor: string | null }>;
  /** @throws AppError `conflict` while the webhook is disabled */
  resendMessage(request: WebhookRequest & { readonly message: string }): Promise<{ readonly message: string }>;
}

/** Binds them to the store. */
export function createWebhookMessages(deps: MessageDeps & { readonly schemas: WebhookSchemas }): WebhookMessages {
  const { store, clock, schemas } = deps;
  return {
    async testWebhook({ json, ...named }) {
      parseRequest(schemas.nothing, json, 'request');
      const eventId = await store.write(async (tx) => {
        const webhook = requireEnabled(await requireWebhook(tx, named));
        const event = await tx.statusEvents.insertTest(webhook.producerId, clock.nowMs());
        await tx.webhookMessages.insert([{ endpointId: webhook.id, eventId: event.id }], clock.nowMs());
        return event.publicId;
      });
      store.signalWork();
      return { message: toMessageId(eventId) };
    },
    async replayWebhook({ json, ...named }) {
      const { since: sinceMs, until: untilMs } = parseRequest(schemas.replay, json, 'request');
      return { queued: await replayEvents(deps, named, { sinceMs, untilMs }) };
    },
    async listMessages({ query, ...named }) {
      const { id } = await requireWebhook(store.read, named);
      const { state, cursor: before, limit } = parseQuery(messageQuery, query);
      const found = await store.read.webhookMessages.list(id, { state, before, limit: limit + 1 });
      const rows = found.slice(0, limit);
      const last = rows.at(-1);
      return { messages: rows.map(toView), nextCursor: found.length > limit && last ? String(last.eventId) : null };
    },
    async resendMessage({ json, message, ...named }) {
      parseRequest(schemas.nothing, json, 'request');
      await store.write(async (tx) => {
        const { id: endpointId } = requireEnabled(await requireWebhook(tx, named));
        const eventId = await tx.webhookMessages.findEventId(endpointId, parseMessageId(message) ?? '');
        if (eventId === undefined) {
          throw new AppError('not_found', 'There is no message with this id');
        }
        await tx.webhookMessages.requeue([{ endpointId, eventId }], clock.nowMs());
      });
      store.signalWork();
      return { message };
    },
  };
}

/** How many messages share one transaction. */
const BATCH = 200;

/**
 * Queues again all events of a time that the webhook wants, from the first on, whatever became of them. Whoever has
 * them already knows them by their ids.
 *
 * @param named.producerId whose webhook it has to be; anybody's when absent
 * @param range.untilMs now when absent, so that what happens meanwhile is not told twice
 * @returns how many
 */
export async function replayEvents(
  { store, clock }: MessageDeps,
  named: { readonly id: string; readonly producerId?: number },
  range: { readonly sinceMs: number; readonly untilMs?: number | undefined },
): Promise<number> {
  const webhook = requireEnabled(await requireWebhook(store.read, named));
  const { producerId, events: types } = webhook;
  const { sinceMs, untilMs = clock.nowMs() + 1 } = range;
  const wanted = { producerId, sinceMs, untilMs, ...(types && { types }) };
  let queued = 0;
  let after: EventPlace | undefined;
  do {
    const places: readonly EventPlace[] = await store.read.statusEvents.listRange(
      { ...wanted, ...(after && { after }) },
      BATCH,
    );
    const keys = places.map(({ id }) => ({ endpointId: webhook.id, eventId: id }));
    await store.write((tx) => tx.webhookMessages.requeue(keys, clock.nowMs()));
    queued += keys.length;
    after = places.length === BATCH ? places.at(-1) : undefined;
    store.signalWork();
  } while (after);
  return queued;
}

function requireEnabled(webhook: WebhookRow): WebhookRow {
  if (webhook.disabledAtMs !== null) {
    throw new AppError('conflict', 'This webhook is disabled, so nothing is sent to it. Enable it first');
  }
  return webhook;
}

const DETAILS: ReadonlyMap<string, string> = new Map(Object.entries(ATTEMPT_ERRORS));

function toView(row: MessageRow): MessageView {
  const { error: code } = row;
  return {
    id: toMessageId(row.eventPublicId),
    type: row.type,
    notification: row.notificationPublicId,
    dialog: row.dialogPublicId,
    state: row.state,
    attempts: row.attempts,
    reason: code === null ? null : { code, detail: DETAILS.get(code) ?? code },
    httpStatus: row.httpStatus,
    answer: row.answer,
    createdAt: new Date(row.createdAtMs).toISOString(),
    updatedAt: new Date(row.updatedAtMs).toISOString(),
    nextAttemptAt: row.state === 'queued' ? new Date(row.dueAtMs).toISOString() : null,
  };
}
