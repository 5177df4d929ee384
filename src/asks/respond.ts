// Counts what somebody pressed, and shows what has been answered to whoever may see it.

import { ACKNOWLEDGE, type Ask } from '../domain/ask.ts';
import type { BotAnswer } from '../domain/bot-answer.ts';
import { assertNever } from '../domain/errors.ts';
import { viewOf } from '../domain/lifecycle.ts';
import type { EventContent } from '../domain/notification.ts';
import { isNotificationId } from '../domain/notification-id.ts';
import type { PressAnswer } from '../domain/press-answer.ts';
import type { AskState } from '../store/asking-schema.ts';
import { askLock, changesLock } from '../store/locks.ts';
import { readMentions } from '../store/read-mentions.ts';
import type { AskedNotification, PressedPlace } from '../store/statements/asks.ts';
import type { Statements } from '../store/store.ts';
import type { Pressed } from '../store/turn.ts';
import { type Choice, decideResponse, findAction, type ResponseStep } from './decide-response.ts';
import type { RespondPress } from './parse-ask-press.ts';
import { planShowing } from './when-to-show.ts';

/** Somebody who is known, and pressed. */
export type KnownPressed = Omit<Pressed, 'personId' | 'data'> & { readonly personId: number };

/** What was pressed, where whoever pressed may. */
interface Meant {
  readonly place: PressedPlace;
  readonly asked: AskedNotification;
  readonly content: EventContent & { readonly ask: Ask };
}

const NOT_YOURS: BotAnswer = { kind: 'notYours' };
const CLOSED: BotAnswer = { kind: 'askClosed' };

/** Writes down what was chosen; nobody else answers or changes the notification until the transaction ends. */
export async function respond(
  pressed: KnownPressed,
  { notification, action, entered }: RespondPress,
): Promise<BotAnswer> {
  const { tx, personId } = pressed;
  const place = await findPlace(pressed, notification);
  if (!place) {
    return NOT_YOURS;
  }
  await tx.locks.take(changesLock(place.notificationId));
  // Nobody is reminded meanwhile either: what ends the reminders is not to be lost.
  await tx.locks.take(askLock(place.notificationId));
  const meant = await readMeant(tx, place);
  if (!meant) {
    return NOT_YOURS;
  }
  const { asked, content } = meant;
  const { notificationId } = place;
  const isVote = findAction(content.ask, action)?.needed !== undefined;
  const step = decideResponse(
    {
      ask: content.ask,
      isClosed: isClosed(asked),
      decidedAction: asked.decidedAction,
      own: (await tx.asks.listOwn(notificationId, personId)).map(toChoice),
      others: isVote ? await tx.asks.countOthers(notificationId, action, personId) : 0,
    },
    { action, entered },
  );
  if (step.kind === 'count') {
    await write(pressed, meant, step);
  }
  return toAnswer(step, content.ask);
}

/** The notification as whoever asks is to see it. */
export async function show(pressed: KnownPressed, notification: string): Promise<PressAnswer> {
  const place = await findPlace(pressed, notification);
  const meant = place && (await readMeant(pressed.tx, place));
  if (!meant) {
    return { kind: 'sentence', answer: NOT_YOURS };
  }
  const { asked, content } = meant;
  if (asked.isRecalled || asked.isReplaced) {
    return { kind: 'sentence', answer: CLOSED };
  }
  const { tx, personId, event } = pressed;
  const { notificationId } = meant.place;
  const { tenantId } = event.conversation;
  const view = await tx.asks.readView({ notificationId, tenantId, reader: { kind: 'person', personId } });
  if (!view) {
    return { kind: 'sentence', answer: NOT_YOURS };
  }
  const lifecycle = asked.lifecycleState === null ? undefined : await tx.lifecycles.findOf(notificationId);
  const mentions = await readMentions(tx, content, { notificationId, tenantId });
  const about = lifecycle && { lifecycle: viewOf(lifecycle, false) };
  return { kind: 'ask', content, asked: view, acceptedAtMs: asked.acceptedAtMs, notification, mentions, ...about };
}

/**
 * Where whoever pressed may have the message. A 1:1 chat has to be their own, and to have got the notification or a
 * reminder of it; in a channel or group chat everybody may press what was posted there.
 */
async function findPlace(
  { tx: { asks }, conversationId, placeId }: KnownPressed,
  publicId: string,
): Promise<PressedPlace | undefined> {
  if (!isNotificationId(publicId)) {
    return undefined;
  }
  // A message of a channel is pressed in one of its threads.
  const conversationIds = [...new Set([conversationId, placeId])];
  return (await asks.findPlace(conversationIds, publicId)) ?? (await asks.findReminded(conversationIds, publicId));
}

async function readMeant(tx: Statements, place: PressedPlace): Promise<Meant | undefined> {
  const asked = await tx.asks.find(place.notificationId);
  const content = asked?.content;
  return asked && content?.kind === 'event' && content.ask
    ? { place, asked, content: { ...content, ask: content.ask } }
    : undefined;
}

function isClosed({ state, isRecalled, isReplaced, lifecycleState }: AskedNotification): boolean {
  return state === 'closed' || isRecalled || isReplaced || lifecycleState === 'resolved';
}

function toChoice({ action, input }: { readonly action: string; readonly input: string | null }): Choice {
  return { action, input: input === null ? null : JSON.parse(input) };
}

async function write(
  { tx, personId, nowMs }: KnownPressed,
  { place, asked }: Meant,
  step: Extract<ResponseStep, { kind: 'count' }>,
): Promise<void> {
  const { notificationId } = place;
  const { action } = step.choice;
  const input = step.choice.input === null ? null : JSON.stringify(step.choice.input);
  await tx.asks.deleteResponses(notificationId, personId, step.replaces);
  await tx.asks.saveResponse({ ...place, personId, action, input, nowMs });
  await tx.asks.setAnswered(notificationId, {
    state: nextState(asked.state, step.outcome),
    decidedAction: step.outcome === 'decided' ? action : asked.decidedAction,
    isAnswered: step.isAnswered,
    editDueAtMs: planShowing(asked, asked.editDueAtMs, nowMs),
  });
  await record(tx, { notificationId, nowMs, response: { personId, action, input } }, step.outcome);
}

function nextState(state: AskState, outcome: 'none' | 'acknowledged' | 'decided'): AskState {
  return outcome === 'none' ? state : outcome;
}

interface Recorded {
  readonly notificationId: number;
  readonly nowMs: number;
  readonly response: { readonly personId: number; readonly action: string; readonly input: string | null };
}

async function record({ statusEvents }: Statements, event: Recorded, outcome: string): Promise<void> {
  const type = event.response.action === ACKNOWLEDGE ? 'notification.acknowledged' : 'notification.responded';
  await statusEvents.record({ ...event, type });
  if (outcome === 'decided') {
    await statusEvents.record({ ...event, type: 'notification.decided', response: { ...event.response, input: null } });
  }
}

function toAnswer(step: ResponseStep, { actions }: Ask): BotAnswer {
  switch (step.kind) {
    case 'unknown_action':
      return NOT_YOURS;
    case 'closed':
      return CLOSED;
    case 'repeated':
      return { kind: 'alreadyDone' };
    case 'bad_input':
      return { kind: 'badInput', label: step.label };
    case 'count': {
      const title = actions.find(({ id }) => id === step.choice.action)?.title;
      return title === undefined ? { kind: 'acknowledged' } : { kind: 'responded', title };
    }
    default:
      return assertNever(step);
  }
}
