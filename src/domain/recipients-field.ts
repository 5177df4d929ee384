// The field that names whom something is for: one, or a list of them.

import { z } from 'zod';
import { NOTIFICATION_LIMITS as LIMITS } from './notification.ts';
import { parseRecipient, RECIPIENT_FORMS } from './recipient.ts';

const RECIPIENT_COUNT = `Expected 1 to ${LIMITS.maxRecipients} recipients`;

const recipient = z.string().refine((value) => parseRecipient(value) !== undefined, `Expected ${RECIPIENT_FORMS}`);

/** A new schema for each field: each has a description of its own. */
export const recipientsField = () =>
  z.union(
    [
      recipient.transform((one) => [one]),
      z.array(recipient).min(1, RECIPIENT_COUNT).max(LIMITS.maxRecipients, RECIPIENT_COUNT),
    ],
    `Expected a recipient or a list of them: ${RECIPIENT_FORMS}`,
  );
