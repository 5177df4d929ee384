// How it stands with a question of a dialog, as its message is to show it.

import type { QuestionView } from '../domain/dialog.ts';
import type { MessageContent } from '../domain/notification.ts';
import type { ClaimedDelivery } from '../store/delivery-queue.ts';
import type { Statements } from '../store/store.ts';

/** Nothing while its answer is waited for; then the question with what was answered, and without its buttons. */
export async function readQuestion(
  { dialogs }: Statements,
  { dialog: publicId, title, question }: QuestionView,
  { id: deliveryId }: Pick<ClaimedDelivery, 'id'>,
): Promise<{ readonly content?: MessageContent }> {
  if (await dialogs.isAsking(deliveryId)) {
    return {};
  }
  const { answers = {} } = (await dialogs.findByPublicId(publicId)) ?? {};
  const answer = Object.hasOwn(answers, question.id) ? answers[question.id] : undefined;
  return { content: { kind: 'answered', view: { title, question, ...(answer !== undefined && { answer }) } } };
}
