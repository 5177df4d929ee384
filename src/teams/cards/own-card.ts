// A card of the producer's own making, as it was accepted.

import { clip, toLine } from '../../domain/literal.ts';
import type { CardContent } from '../../domain/notification.ts';
import type { CardActivity } from './card-activity.ts';

const MAX_SUMMARY_LENGTH = 256;

/** The message around it. What the card may hold was checked before it was accepted. */
export function buildOwnCard({ card, summary }: CardContent): CardActivity {
  return {
    type: 'message',
    summary: clip(toLine(summary), MAX_SUMMARY_LENGTH),
    attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', content: card }],
  };
}
