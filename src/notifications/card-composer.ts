// The port through which this room sees the message that a content becomes: how large it is, and what it leaves out.

import { z } from 'zod';
import { type AnswerOf, quantity } from '../domain/answer.ts';
import type { LifecycleView } from '../domain/lifecycle.ts';
import type { NotificationMenu, ProducerContent } from '../domain/notification.ts';

/** How much of a content does not stand on its card. */
export const shortenedCard = z
  .object({
    characters: quantity.describe('UTF-16 units of the text.'),
    facts: quantity,
    links: quantity,
    images: quantity,
  })
  .describe('Present when the card leaves something out: how much of what.');
export type Shortened = AnswerOf<typeof shortenedCard>;

/** The message of a content, as it is sent to somebody of whom nothing is known. */
export interface ComposedMessage {
  /** The text of the toast. */
  readonly summary: string;
  /** An Adaptive Card. */
  readonly card: unknown;
  /** UTF-16 units of the whole message, which is what Teams counts. */
  readonly units: number;
  readonly maxUnits: number;
  readonly leftOut: Shortened;
}

/** What is known beside the content. */
export interface Circumstances {
  /** When it is accepted, epoch milliseconds; shown where the content does not say when it happened. */
  readonly acceptedAtMs?: number | undefined;
  /** The life of what it is about, if it has a key. */
  readonly lifecycle?: LifecycleView | undefined;
  /** The menu of a notification in a 1:1 chat. */
  readonly menu?: NotificationMenu | undefined;
  /** Public id of the notification, which the buttons of what it asks name; without it there are none. */
  readonly notification?: string | undefined;
}

/** Makes messages. Both are pure. */
export interface CardComposer {
  compose(content: ProducerContent, circumstances?: Circumstances): ComposedMessage;
  /** True only when nothing of the content can be left out; costs much less than composing. */
  isSurelyWhole(content: ProducerContent): boolean;
}
