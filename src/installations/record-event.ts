// What an activity changes: who is known, where they can be reached, and what the bot has to answer.

import { createHash } from 'node:crypto';
import type { Clock } from '../domain/clock.ts';
import type { ConversationReference } from '../domain/conversation.ts';
import type { InboundEvent } from '../domain/inbound-event.ts';
import { applyInstallationSign, type Installation, type InstallationSign } from '../domain/installation.ts';
import { forgetPerson } from '../store/forget-person.ts';
import type { InstallationRow } from '../store/statements/installations.ts';
import type { Statements, Store } from '../store/store.ts';
import type { Logger } from '../telemetry/logger.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import { answerMessage, type BotVoice, queueBotMessage } from './bot-messages.ts';
import type { InboundUseCases } from './inbound-use-cases.ts';

/** What recording events takes. */
export interface RecordEventDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly voice: BotVoice;
}

export interface RecordEventOptions {
  readonly appId: string;
  /** Distance of two send slots of a tenant, microseconds. */
  readonly laneIntervalUs: number;
}

/**
 * Gives the use cases behind the endpoint of Teams. Each event is recorded in one durable transaction. Whatever order
 * events come in, and however often, the same events end in the same state; a repetition has no effect.
 *
 * Both throw AppError `store_unavailable`: then nothing was recorded and Teams should send the activity again.
 */
export function createInboundUseCases(deps: RecordEventDeps, options: RecordEventOptions): InboundUseCases {
  const record = createRecord(deps, options);
  return {
    record,
    async answerAction(event) {
      await record(event);
      return 'retiredButton';
    },
  };
}

function createRecord(deps: RecordEventDeps, options: RecordEventOptions): InboundUseCases['record'] {
  return async (event) => {
    const result = await deps.store.write(async (tx) => {
      const nowMs = deps.clock.nowMs();
      const isNew = await tx.activities.remember(digestOf(event.conversation.conversationId, event.activityId), nowMs);
      if (isNew) {
        await apply({ tx, event, nowMs, voice: deps.voice, options });
      }
      return isNew ? 'new' : 'repeated';
    });
    deps.metrics.activities.inc({ kind: event.kind, result });
    deps.logger.info({ kind: event.kind, scope: event.scope, result }, 'activity recorded');
    deps.store.signalWork();
    return result;
  };
}

interface Recording {
  readonly tx: Statements;
  readonly event: InboundEvent;
  readonly nowMs: number;
  readonly voice: BotVoice;
  readonly options: RecordEventOptions;
}

async function apply(recording: Recording): Promise<void> {
  const { tx, event } = recording;
  const digest = subjectDigest(event);
  const sign = signOf(event);
  if (digest === undefined || sign === undefined) {
    return;
  }
  await tx.locks.take(`installation ${digest}`);
  const current = await tx.installations.find(digest);
  const next = applyInstallationSign(current, sign);
  if (next.state === 'removed') {
    await recordRemoval(recording, digest, { current, next });
    return;
  }
  const isFresh = current === undefined || sign.atMs >= current.changedAtMs;
  const home = isFresh ? await recordPresence(recording, digest, { current, next }) : current.conversationId;
  if (home !== null && event.kind === 'message') {
    const conversationId = await placeOfAnswer(recording, home);
    await answerMessage({ ...recording, conversationId, text: event.text, value: event.value });
  }
}

/** In a channel the answer goes where the question was asked: into its thread. */
async function placeOfAnswer(recording: Recording, home: number): Promise<number> {
  const { conversation, threadId } = recording.event;
  return threadId === undefined ? home : recordConversation(recording, { ...conversation, conversationId: threadId });
}

interface Change {
  readonly current: InstallationRow | undefined;
  readonly next: Installation;
}

/** Nothing is sent any more, and what is known of the person goes. The state stays, to know late signs as late. */
async function recordRemoval(
  { tx, event, nowMs }: Recording,
  digest: string,
  { current, next }: Change,
): Promise<void> {
  if (current && current.conversationId !== null) {
    const { conversationId, personId } = current;
    await forgetPerson(tx, { conversationId, personId, reason: 'uninstalled', nowMs });
  }
  const subject = { tenantId: event.conversation.tenantId, scope: event.scope, digest };
  await tx.installations.save(subject, next, { conversationId: null, personId: null, name: null });
}

/** @returns the row of the conversation in which the scope is reached */
async function recordPresence(recording: Recording, digest: string, { current, next }: Change): Promise<number> {
  const { tx, event, nowMs, voice } = recording;
  const { tenantId } = event.conversation;
  const personId = await recordPerson(recording);
  const conversationId = await recordConversation(recording, event.conversation, personId);
  const installationId = await tx.installations.save({ tenantId, scope: event.scope, digest }, next, {
    // A team is reached where it was installed, whatever channel somebody writes in.
    conversationId: event.scope === 'team' ? (current?.conversationId ?? conversationId) : conversationId,
    personId: personId ?? null,
    name: event.team?.name ?? null,
  });
  if (event.scope === 'personal' && next.generation > (current?.welcomedGeneration ?? 0)) {
    await tx.installations.setWelcomed(installationId, next.generation);
    await queueBotMessage({ tx, conversationId, nowMs, voice, content: { kind: 'welcome' } });
    if (personId !== undefined) {
      await tx.lookups.request(personId, nowMs);
    }
  }
  return conversationId;
}

async function recordPerson({ tx, event, nowMs }: Recording): Promise<number | undefined> {
  if (!event.from) {
    return undefined;
  }
  const known = await tx.people.findId(event.from);
  if (known !== undefined) {
    await tx.people.refresh(known, event.from, nowMs);
    return event.scope === 'personal' ? known : undefined;
  }
  return event.scope === 'personal' ? tx.people.insert(event.from, nowMs) : undefined;
}

/** @returns the row of the conversation, added or brought up to date */
async function recordConversation(
  { tx, nowMs, options }: Recording,
  reference: ConversationReference,
  personId?: number,
): Promise<number> {
  // A person has one chat with the bot, whatever Teams calls it today.
  const known =
    (personId === undefined ? undefined : await tx.conversations.findByPerson(personId)) ??
    (await tx.conversations.findByReference(reference));
  if (known) {
    await tx.conversations.update(known.id, reference, nowMs);
    if (personId !== undefined && known.personId !== personId) {
      await tx.conversations.setPerson(known.id, personId);
    }
    return known.id;
  }
  const laneId = await tx.lanes.ensure({
    appId: options.appId,
    tenantId: reference.tenantId,
    intervalUs: options.laneIntervalUs,
  });
  return (await tx.conversations.insert(reference, { laneId, ...(personId !== undefined && { personId }) }, nowMs)).id;
}

/** What the event tells of the installation; undefined when it tells nothing. */
function signOf(event: InboundEvent): InstallationSign | undefined {
  switch (event.kind) {
    case 'installed':
    case 'removed':
      return { kind: event.kind, atMs: event.atMs };
    case 'message':
    case 'action':
      return { kind: 'seen', atMs: event.atMs };
    case 'other':
      return undefined;
  }
}

/** Names the scope: the person of a personal installation, the team, or the group chat. */
function subjectDigest(event: InboundEvent): string | undefined {
  const { tenantId, conversationId } = event.conversation;
  switch (event.scope) {
    case 'personal': {
      const person = event.from?.aadObjectId ?? event.from?.teamsUserId;
      return person && digestOf(tenantId, event.scope, person);
    }
    case 'team':
      return digestOf(tenantId, event.scope, event.team?.id ?? conversationId);
    case 'groupChat':
      return digestOf(tenantId, event.scope, conversationId);
  }
}

function digestOf(...parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url');
}
