// Chats as a Sender leaves them: what each shows, and which messages were taken away behind our back.

import type { Outcome } from '../../src/domain/delivery.ts';
import { type Script, type SenderRequest, succeed } from './scripted-sender.ts';

/** A message as its reader sees it. */
export interface ShownMessage {
  readonly activityId: string;
  readonly title: string;
  readonly state?: string;
  readonly isReplaced?: boolean;
  /** How often it has been edited. */
  readonly edits: number;
}

/** Keeps what every chat shows. `script` is for a ScriptedSender. */
export class Chats {
  readonly #messages = new Map<string, ShownMessage[]>();
  #posted = 0;

  /** What one chat shows, oldest first. */
  of(place: string): readonly ShownMessage[] {
    return this.#messages.get(place) ?? [];
  }

  /** Takes all messages of a chat away, as Teams sometimes does. */
  lose(place: string): void {
    this.#messages.set(place, []);
  }

  readonly script: Script = (request) => this.answer(request);

  answer(request: SenderRequest): Outcome {
    switch (request.operation) {
      case 'post': {
        this.#posted += 1;
        const activityId = String(this.#posted);
        this.#messages.set(request.place, [...this.of(request.place), shownOf(request, activityId, 0)]);
        return { kind: 'delivered', activityId };
      }
      case 'update':
        return this.#change(request, (message) => [shownOf(request, message.activityId, message.edits + 1)], 'edited');
      case 'delete':
        return this.#change(request, () => [], 'removed');
      case 'create_conversation':
        return succeed(request);
    }
  }

  #change(
    { place, activityId }: SenderRequest,
    change: (message: ShownMessage) => readonly ShownMessage[],
    kind: 'edited' | 'removed',
  ): Outcome {
    const messages = this.of(place);
    if (!messages.some((message) => message.activityId === activityId)) {
      return { kind: 'missing' };
    }
    const changed = messages.flatMap((message) => (message.activityId === activityId ? change(message) : [message]));
    this.#messages.set(place, changed);
    return { kind };
  }
}

function shownOf({ content, lifecycle }: SenderRequest, activityId: string, edits: number): ShownMessage {
  const title = content && 'title' in content ? content.title : '';
  return {
    activityId,
    title,
    ...(lifecycle && { state: lifecycle.state, ...(lifecycle.isReplaced && { isReplaced: true }) }),
    edits,
  };
}
