// What the fields of a request mean: a field that is not described here does not compile.

import { z } from 'zod';
import { describeFields } from '../domain/answer.ts';
import { NOTIFICATION_LIMITS as LIMITS } from '../domain/notification.ts';
import { RECIPIENT_FORMS } from '../domain/recipient.ts';
import { filled } from '../domain/request-fields.ts';
import { templateField } from './fill-template.ts';
import { requestFields } from './parse-notification.ts';

const { card, template: _template, ...eventFields } = requestFields;
const {
  text: _text,
  textFormat: _textFormat,
  facts: _facts,
  links: _links,
  images: _images,
  mentions: _mentions,
  acknowledge: _acknowledge,
  actions: _actions,
  remind: _remind,
  escalateTo: _escalateTo,
  escalateAfter: _escalateAfter,
  ...cardFields
} = eventFields;
const { title: _title, ...templateFields } = cardFields;

/** An event, of which the card is made. */
const notificationRequest = z
  .strictObject(eventFields)
  .meta({ id: 'NotificationRequest', description: 'What has happened, and who is to know.' });

/** A card of the producer's own making. */
const cardRequest = z
  .strictObject({
    ...cardFields,
    title: requestFields.title.optional(),
    summary: filled(LIMITS.maxSummaryLength),
    card: card.unwrap(),
  })
  .meta({ id: 'CardRequest', description: 'A card of your own making, and who is to see it.' });

/** A card that a template makes. */
const templateRequest = z
  .strictObject({ ...templateFields, summary: requestFields.summary.unwrap().optional(), template: templateField })
  .meta({
    id: 'FilledTemplateRequest',
    description: 'A template, what it is filled with, and who is to see its card.',
  });

/** All that may be sent. */
export const notificationRequests = z.union([notificationRequest, cardRequest, templateRequest]);

const TIME = 'an ISO 8601 duration from PT1M to P7D';

const SHARED = {
  to: `Who it is for: one or up to ${LIMITS.maxRecipients} of ${RECIPIENT_FORMS}.`,
  severity: 'Shown as word, colour and icon.',
  priority:
    "What goes first among all that waits. urgent before normal before bulk; of 20 places 3 are normal's and 1 is bulk's.",
  ttl: 'How long it is worth sending: an ISO 8601 duration from PT10S to P7D.',
  onUnknown:
    'What to do when nobody can know whether Teams posted it: send it again (it may be read twice), or hold it.',
  key: 'What you call the thing that it is about: later notifications with the same key change the same message.',
  state: 'The state of that thing: it needs somebody, somebody is on it, or it is over; open when absent.',
  occurredAt:
    'When it happened, with its offset; shown on the clock of each reader. Of one thing, what happened earlier than what is known already is not told.',
  at: 'When it is to arrive: an instant, or without an offset the local time of each person; at once when absent.',
  timeZone: 'Beside a local time: where people are whose own zone is not known; UTC when absent.',
} as const;

describeFields(notificationRequest, {
  ...SHARED,
  title: 'What has happened, in a line.',
  text: 'More about it. Line breaks are kept. Shown as the characters it is made of, unless `textFormat` says otherwise.',
  textFormat: 'How `text` is meant: plain, or markdown with bold, italic, lists, https links and code.',
  facts: 'Pairs of a name and a value, shown as a list.',
  links: 'Buttons that open an https address.',
  images: 'Pictures under the text, which Teams fetches from an https address; `alt` says what is to be seen.',
  mentions: 'Up to five people whom the card mentions, named as in `to`.',
  summary: 'The text of the toast and of the list of chats; the title when absent.',
  acknowledge: 'Whether there is a button by which people say that they have taken note.',
  actions: 'Buttons whose press comes back to you. With links, `acknowledge` and the menu there are at most six.',
  remind: `How long after it arrives, and after each reminder, people are reminded who have not answered: ${TIME}. Beside \`acknowledge\` or \`actions\`.`,
  escalateTo: 'Who is asked when nobody has answered or read it in time: forms of `to`.',
  escalateAfter: `When they are asked: ${TIME}; PT1H when absent, or twice \`remind\`.`,
});

describeFields(cardRequest, {
  ...SHARED,
  title: 'Shown where the card cannot be; the summary when absent.',
  summary: 'The text of the toast and of the list of chats.',
  card: 'An Adaptive Card up to version 1.5. The key needs the scope `cards`.',
});

describeFields(templateRequest, {
  ...SHARED,
  summary: 'The text of the toast and of the list of chats; that of the template when absent.',
  template: 'The template, and its data.',
});
