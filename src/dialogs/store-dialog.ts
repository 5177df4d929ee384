// The beginning and the end of a dialog: a person has one at a time, and the others wait for their turn.

import type { DialogDefinition, DialogEnd, DialogState, QuestionView } from '../domain/dialog.ts';
import { createDialogId, type DialogId } from '../domain/dialog-id.ts';
import { type JudgedMoment, judge } from '../domain/judge-preferences.ts';
import { existingZone } from '../domain/local-time.ts';
import { DEFER_REASONS, type Judgement, type Preferences } from '../domain/preferences.ts';
import { changeOne } from '../store/change-one.ts';
import { closeDialog } from '../store/close-dialog.ts';
import { dialogsLock } from '../store/locks.ts';
import { type BotVoice, queueAsBot } from '../store/queue-as-bot.ts';
import type { DialogRow } from '../store/statements/dialogs.ts';
import type { Statements } from '../store/store.ts';

/** Under whose name questions are asked. */
export interface DialogVoice extends BotVoice {
  /** IANA; where those are whose own zone nobody knows. */
  readonly defaultTimeZone: string;
}

/** A dialog to be stored. */
export interface NewDialog {
  /** The dialog keeps it as it is now. */
  readonly definition: DialogDefinition;
  /** Who is told of the answers. */
  readonly producerId: number;
  readonly personId: number;
  /** Row id of their 1:1 chat. */
  readonly conversationId: number;
  readonly voice: DialogVoice;
  readonly nowMs: number;
}

/** What became of it. */
export interface StoredDialog {
  readonly id: number;
  readonly publicId: DialogId;
  /** `failed` for somebody who wants no messages at all, `waiting` for somebody who wants none now. */
  readonly state: DialogState;
}

/** How a dialog ends that has not ended by itself. */
export interface EndingDialog {
  /** Row id. */
  readonly dialogId: number;
  readonly state: DialogEnd;
  readonly reason: string | null;
  /** Whether its person has seen nothing of it: then nothing is said of its end. */
  readonly isUnseen?: boolean;
  readonly voice: DialogVoice;
  readonly nowMs: number;
}

/** Where it stands before its first question, whoever asks it. */
export const NOT_BEGUN = '{}';

/** An end that is older than this is no news. */
const END_TTL_MS = 24 * 3_600_000;

/** What those who mute the questions of systems call them. */
const SOURCE = 'surveys';

/** Begins at once, unless another dialog of this person has not ended, or they want no messages now. The caller signals work after the commit. */
export async function storeDialog(tx: Statements, { voice, ...dialog }: NewDialog): Promise<StoredDialog> {
  const { personId, nowMs } = dialog;
  const publicId = createDialogId(nowMs, voice.randomBytes);
  await tx.locks.take(dialogsLock(personId));
  const id = await tx.dialogs.insert({ ...dialog, publicId, progress: NOT_BEGUN });
  await beginNext(tx, { personId, voice, nowMs });
  return { id, publicId, state: (await tx.dialogs.find(id))?.state ?? 'waiting' };
}

/**
 * Says in the chat that it is over, and begins the next one of this person. The caller signals work after the commit.
 *
 * @returns false when it had ended before
 */
export async function endDialog(tx: Statements, { voice, isUnseen, ...ending }: EndingDialog): Promise<boolean> {
  const found = await tx.dialogs.find(ending.dialogId);
  const personId = found?.personId ?? null;
  if (personId !== null) {
    await tx.locks.take(dialogsLock(personId));
  }
  const dialog = await closeDialog(tx, ending);
  if (!dialog) {
    return false;
  }
  const { nowMs } = ending;
  if (personId !== null) {
    await closeQuestion(tx, dialog, nowMs);
    if (dialog.begunAtMs !== null && isUnseen !== true) {
      await sayEnd(tx, dialog, { voice, nowMs });
    }
    await beginNext(tx, { personId, voice, nowMs });
  }
  return true;
}

async function sayEnd(tx: Statements, { definition, state, conversationId }: DialogRow, { voice, nowMs }: Moment) {
  const { title, thanks } = definition;
  const isThanked = state === 'completed' && thanks !== undefined;
  const content = { kind: 'dialogEnd', title, state, ...(isThanked && { thanks }) } as const;
  const manner = { priority: 'urgent', isQuiet: true, ttlMs: END_TTL_MS } as const;
  await queueAsBot(tx, { voice, content, conversationIds: [conversationId], nowMs, ...manner });
}

interface Moment {
  readonly voice: DialogVoice;
  readonly nowMs: number;
}

/** Somebody whose next dialog may begin. */
export interface NextDialog extends Moment {
  readonly personId: number;
}

/** Begins the one that has waited until now, if it still does. The caller signals work after the commit. */
export async function beginWaiting(tx: Statements, next: NextDialog): Promise<void> {
  await tx.locks.take(dialogsLock(next.personId));
  await beginNext(tx, next);
}

/** Under the lock of the dialogs of this person. */
async function beginNext(tx: Statements, { personId, ...moment }: NextDialog): Promise<void> {
  const open = await tx.dialogs.listOpen(personId);
  const isOneActive = open.some(({ state }) => state === 'active');
  if (open.length === 0 || isOneActive) {
    return;
  }
  const wishes = await readWishes(tx, { personId, ...moment });
  for (const dialog of open) {
    const judgement = judgeBeginning(dialog, wishes);
    if (judgement.kind === 'defer') {
      return tx.dialogs.postpone(dialog.id, judgement.reason, judgement.untilMs);
    }
    if (judgement.kind === 'suppress') {
      await closeDialog(tx, { dialogId: dialog.id, state: 'failed', reason: judgement.reason, nowMs: moment.nowMs });
    } else if (await begin(tx, dialog, moment)) {
      return;
    }
  }
}

/** What somebody has said of themselves, and when and where it is asked. */
interface Wishes {
  readonly preferences: Preferences;
  readonly moment: JudgedMoment;
}

async function readWishes(tx: Statements, { personId, voice, nowMs }: NextDialog): Promise<Wishes> {
  const timeZone = existingZone(await tx.preferences.findTimeZone(personId), voice.defaultTimeZone);
  return { preferences: await tx.preferences.get(personId), moment: { nowMs, timeZone } };
}

/** As a message. Pure. */
function judgeBeginning({ reason }: Pick<DialogRow, 'reason'>, { preferences, moment }: Wishes): Judgement {
  const deferredFor = DEFER_REASONS.find((one) => one === reason);
  return judge(preferences, { source: SOURCE, passesQuiet: false, deferredFor }, moment);
}

/** @returns false when there is nothing to ask */
async function begin(tx: Statements, dialog: DialogRow, { voice, nowMs }: Moment): Promise<boolean> {
  const { id, publicId, definition } = dialog;
  const { title, timeoutMs, questions } = definition;
  const [question] = questions;
  if (!question) {
    await closeDialog(tx, { dialogId: id, state: 'completed', reason: null, nowMs });
    return false;
  }
  const expiresAtMs = nowMs + timeoutMs;
  await tx.dialogs.begin(id, { questionId: question.id, nowMs, expiresAtMs });
  const view = { dialog: publicId, title, question, number: 1, canGoBack: false };
  await ask(tx, { ...dialog, expiresAtMs }, { view, isFirst: true, voice, nowMs });
  return true;
}

/** A question on its way to the chat. */
export interface AskedQuestion extends Moment {
  readonly view: QuestionView;
  /** The first one is news; whoever answers is waiting for the others. */
  readonly isFirst: boolean;
}

/** Queues a question; it is not asked any more when the time of its dialog is over. */
export async function ask(
  tx: Statements,
  dialog: Pick<DialogRow, 'id' | 'conversationId' | 'expiresAtMs' | 'askedId'>,
  { view, isFirst, voice, nowMs }: AskedQuestion,
): Promise<void> {
  const { id: dialogId, conversationId, expiresAtMs } = dialog;
  const content = { kind: 'question', view } as const;
  const manner = { priority: isFirst ? 'normal' : 'urgent', isQuiet: !isFirst, ttlMs: expiresAtMs - nowMs } as const;
  const notificationId = await queueAsBot(tx, { voice, content, conversationIds: [conversationId], nowMs, ...manner });
  await tx.dialogs.setAsked({ dialogId, notificationId });
  await closeQuestion(tx, dialog, nowMs);
}

/** Edits count for the pace of a chat: whoever answers fast is not to wait for the next question because of them. */
const CLOSING_DELAY_MS = 3_000;

/** The card of the question that was asked last loses its buttons. */
async function closeQuestion(
  tx: Statements,
  { askedId: notificationId, conversationId }: Pick<DialogRow, 'askedId' | 'conversationId'>,
  nowMs: number,
): Promise<void> {
  if (notificationId !== null) {
    const dueAtMs = nowMs + CLOSING_DELAY_MS;
    await changeOne(tx, { notificationId, conversationId, nowMs, dueAtMs, priority: 'bulk' });
  }
}
