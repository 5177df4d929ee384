// What people have answered, as a message is to tell of it: read right before it goes out.

import type { AskView } from '../domain/ask.ts';
import type { MessageContent } from '../domain/notification.ts';
import type { ClaimedDelivery } from '../store/delivery-queue.ts';
import type { Statements } from '../store/store.ts';
import { type ReadOwnVote, readPoll } from './read-poll.ts';
import { readQuestion } from './read-question.ts';

/** What a message tells beside its own content, or in its place. */
export interface ReadAnswers {
  /** Of what the notification asks; absent when it asks nothing. */
  readonly asked?: AskView;
  /** Who has a view of their own, where many read the same card: `29:...`, at most 60. */
  readonly refreshFor?: readonly string[];
  /** In the place of the content that was stored: a poll with its votes, a question with its answer. */
  readonly content?: MessageContent;
}

/** What reading takes of other rooms. */
export interface AnswerPorts {
  /** Absent where nobody votes. */
  readonly readOwnVote?: ReadOwnVote;
}

/** Nothing is read for what asks nothing. */
export async function readAnswers(
  statements: Statements,
  claimed: ClaimedDelivery,
  { readOwnVote }: AnswerPorts,
): Promise<ReadAnswers> {
  const { content, notificationId } = claimed;
  if (content.kind === 'poll') {
    return readPoll(statements, { view: content.view, claimed, readOwnVote });
  }
  if (content.kind === 'question') {
    return readQuestion(statements, content.view, claimed);
  }
  if (content.kind === 'event' && content.ask) {
    return readAsked(statements, claimed, notificationId);
  }
  if (content.kind === 'reminder') {
    const remindsOf = await statements.asks.findIdOf(content.notification);
    return remindsOf === undefined ? {} : readAsked(statements, claimed, remindsOf);
  }
  return {};
}

/** Who has answered; and where many read it, which of them have a view of their own. */
async function readAsked(
  { asks }: Statements,
  { conversationId, isPersonal, target: { tenantId } }: ClaimedDelivery,
  notificationId: number,
): Promise<ReadAnswers> {
  const reader = { kind: 'chat', conversationId } as const;
  const asked = await asks.readView({ notificationId, tenantId, ...(isPersonal && { reader }) });
  const hasAnswers = asked !== undefined && asked.responses.length > 0;
  const refreshFor = hasAnswers && !isPersonal ? await asks.listRefreshed(notificationId, tenantId) : [];
  return { ...(asked && { asked }), ...(refreshFor.length > 0 && { refreshFor }) };
}
