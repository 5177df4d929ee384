// How it stands with a question of a dialog, as its message is to show it.

import { type QuestionView, toAnsweredView } from '../domain/dialog.ts';
import type { MessageContent } from '../domain/notification.ts';
import type { ClaimedDelivery } from '../store/delivery-queue.ts';
import type { Statements } from '../store/store.ts';

/** Nothing while its answer is waited for; then the question with what was answered, and without its buttons. */
export async function readQuestion(
  { dialogs }: Statements,
  view: QuestionView,
  { id: deliveryId }: Pick<ClaimedDelivery, 'id'>,
): Promise<{ readonly content?: MessageContent }> {
  if (await dialogs.isAsking(deliveryId)) {
    return {};
  }
  const { answers = {} } = (await dialogs.findByPublicId(view.dialog)) ?? {};
  return { content: { kind: 'answered', view: toAnsweredView(view, answers) } };
}
