// What an activity changes: who is known, where they can be reached, and what the bot has to answer.

import type { Clock } from '../domain/clock.ts';
import { assertNever } from '../domain/errors.ts';
import type { InboundEvent } from '../domain/inbound-event.ts';
import { applyInstallationSign, type InstallationSign } from '../domain/installation.ts';
import { digestOf } from '../domain/installation-subject.ts';
import type { PressAnswer } from '../domain/press-answer.ts';
import { installationLock, presenceLock } from '../store/locks.ts';
import type { HeardInPlace } from '../store/statements/activities.ts';
import type { InstallationRow } from '../store/statements/installations.ts';
import type { Store } from '../store/store.ts';
import type { Logger } from '../telemetry/logger.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import { type BotVoice, queueBotMessage } from './bot-messages.ts';
import type { Converse } from './converse.ts';
import type { InboundUseCases } from './inbound-use-cases.ts';
import { look } from './look.ts';
import { type Recognised, recognise } from './recognise.ts';
import { recordMembers } from './record-members.ts';
import { recordPersonal } from './record-personal.ts';
import { recordPlaceChange } from './record-place.ts';
import { recordPresence } from './record-presence.ts';
import { recordRemoval } from './record-removal.ts';
import {
  type Change,
  type RecordEventOptions,
  type Recording,
  recordConversation,
  subjectDigest,
} from './recording.ts';

/** What recording events takes. */
export interface RecordEventDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly voice: BotVoice;
  readonly converse: Converse;
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
    async record(event) {
      return (await record(event)).result;
    },
    async answerAction(event) {
      const looked = await look(deps, event);
      if (looked) {
        note(deps, event, 'looked');
        return looked;
      }
      const { result, pressed } = await record(event);
      // The card was pressed twice, or Teams sent the press twice: what it did stays done.
      const repeated: PressAnswer = { kind: 'sentence', answer: { kind: 'alreadyDone' } };
      return result === 'repeated' ? repeated : (pressed ?? { kind: 'retiredButton' });
    },
  };
}

/** By which an activity is remembered. Pure. */
export function digestOfActivity({ conversation, activityId }: InboundEvent): string {
  return digestOf(conversation.conversationId, activityId);
}

/** What came of an event. */
interface Recorded {
  readonly result: 'new' | 'repeated';
  /** What a pressed button is answered. */
  readonly pressed?: PressAnswer | undefined;
}

function createRecord(deps: RecordEventDeps, options: RecordEventOptions): (event: InboundEvent) => Promise<Recorded> {
  return async (event) => {
    const recorded = await deps.store.write(async (tx): Promise<Recorded> => {
      const nowMs = deps.clock.nowMs();
      const isNew = await tx.activities.remember(digestOfActivity(event), nowMs, heardInPlace(event));
      return isNew
        ? { result: 'new', pressed: await apply({ tx, event, nowMs, options, ...deps }) }
        : { result: 'repeated' };
    });
    note(deps, event, recorded.result);
    deps.store.signalWork();
    return recorded;
  };
}

/** @param result `looked`: it was answered, and there was nothing to be written down */
function note(
  { metrics, logger }: RecordEventDeps,
  { kind, scope }: InboundEvent,
  result: Recorded['result'] | 'looked',
): void {
  metrics.activities.inc({ kind, result });
  logger.info({ kind, scope, result }, 'activity recorded');
}

/** @returns what a pressed button is answered */
async function apply(recording: Recording): Promise<PressAnswer | undefined> {
  const { event } = recording;
  switch (event.kind) {
    case 'installed':
    case 'removed':
      return recordSign(recording, { kind: event.kind, atMs: event.atMs });
    case 'message':
    case 'action':
      return recordSign(recording, { kind: 'seen', atMs: event.atMs });
    case 'members':
      await recordMembers({ ...recording, event });
      return undefined;
    case 'place':
      if (event.change === 'teamHardDeleted') {
        return recordSign(recording, { kind: 'removed', atMs: event.atMs });
      }
      await recordPlaceChange({ ...recording, event });
      return undefined;
    case 'read':
    case 'reaction':
      await recordNotice({ ...recording, event });
      return undefined;
    case 'other':
      return undefined;
    default:
      return assertNever(event);
  }
}

/** @returns what a pressed button is answered */
async function recordSign(recording: Recording, sign: InstallationSign): Promise<PressAnswer | undefined> {
  const { tx, event } = recording;
  const digest = subjectDigest(event);
  if (digest === undefined) {
    return undefined;
  }
  // What is written may be for others, who are made known by it: whoever writes waits, and only whoever presses need not.
  if (event.scope !== 'personal' && event.kind === 'action') {
    const recognised = await recognise(recording, digest);
    return recognised ? converse(recording, recognised) : applySign(recording, digest, sign);
  }
  if (event.scope !== 'personal' && sign.kind === 'removed') {
    await tx.locks.take(presenceLock(digest));
  }
  return applySign(recording, digest, sign);
}

async function applySign(
  recording: Recording,
  digest: string,
  sign: InstallationSign,
): Promise<PressAnswer | undefined> {
  const { tx, event } = recording;
  await tx.locks.take(installationLock(digest));
  const current = await findInstallation(recording, digest);
  const next = applyInstallationSign(current, sign);
  const isFresh = current === undefined || sign.atMs >= current.changedAtMs;
  const change: Change = { digest, current, next, isFresh };
  if (next.state === 'removed') {
    await recordRemoval(recording, change);
    return undefined;
  }
  const home = await (event.scope === 'personal'
    ? recordPersonal(recording, change)
    : recordPresence(recording, change));
  return home === null ? undefined : converse(recording, home);
}

/** In a place, whoever presses and is recognised leaves the installation as it is, but not what decides its state. */
async function findInstallation({ tx, event }: Recording, digest: string): Promise<InstallationRow | undefined> {
  const known = await tx.installations.find(digest);
  if (!known || event.scope === 'personal') {
    return known;
  }
  const heardAtMs = await tx.activities.lastHeardAtMs(digest, digestOfActivity(event));
  return { ...known, changedAtMs: Math.max(known.changedAtMs, heardAtMs) };
}

/** @returns undefined for everything but a press in a place: that leaves its installation as it is */
function heardInPlace(event: InboundEvent): HeardInPlace | undefined {
  const isPress = event.scope !== 'personal' && event.kind === 'action';
  const placeDigest = isPress ? subjectDigest(event) : undefined;
  return placeDigest === undefined ? undefined : { placeDigest, atMs: event.atMs };
}

/** Whoever is not known by now is not made known by it. */
async function recordNotice(
  recording: Recording & { readonly event: Extract<InboundEvent, { kind: 'read' | 'reaction' }> },
): Promise<void> {
  const { tx, event, nowMs } = recording;
  const conversation = await tx.conversations.findByReference(event.conversation);
  if (conversation) {
    const personId = event.from && (await tx.people.findId(event.from));
    const at = { conversationId: conversation.id, placeId: conversation.id };
    await recording.converse.notice({ tx, nowMs, event, personId, ...at });
  }
}

/**
 * @param speaker who is heard and where an answer goes; or, to be found out, the row of the conversation alone
 * @returns what a pressed button is answered; what a written word is answered is queued
 */
async function converse(recording: Recording, speaker: Recognised | number): Promise<PressAnswer | undefined> {
  const { tx, event, nowMs } = recording;
  if (event.kind !== 'message' && event.kind !== 'action') {
    return undefined;
  }
  const heard = { tx, nowMs, ...(typeof speaker === 'number' ? await findSpeaker(recording, speaker) : speaker) };
  if (event.kind === 'action') {
    return recording.converse.press({ ...heard, event });
  }
  const content = await recording.converse.hear({ ...heard, event });
  if (content) {
    await queueBotMessage({ ...recording, conversationId: heard.conversationId, content });
  }
  return undefined;
}

async function findSpeaker(recording: Recording, home: number) {
  const { tx, event } = recording;
  const personId = event.from && (await tx.people.findId(event.from));
  return { personId, conversationId: await placeOfAnswer(recording, home), placeId: home };
}

/** In a channel the answer goes where the question was asked: into its thread. */
async function placeOfAnswer(recording: Recording, home: number): Promise<number> {
  const { conversation, threadId } = recording.event;
  return threadId === undefined
    ? home
    : recordConversation(recording, { ...conversation, conversationId: threadId }, { isFresh: true });
}
