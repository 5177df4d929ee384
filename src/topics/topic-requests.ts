// What is asked about topics, and how it is answered.

import { z } from 'zod';
import { type AnswerOf, quantity, shownInstant } from '../domain/answer.ts';
import { isPerson, PERSON_FORMS, parseRecipient, UNRESOLVED_REASONS } from '../domain/recipient.ts';
import { filled } from '../domain/request-fields.ts';

export const TOPIC_LIMITS = {
  maxTopics: 1_000,
  maxDescriptionLength: 200,
  /** In one request. */
  maxPeople: 100,
} as const;

/** What a topic is made of, or changed to. */
export const topicRequest = z
  .strictObject({
    description: filled(TOPIC_LIMITS.maxDescriptionLength)
      .refine((text) => !/[\p{Cc}\p{Zl}\p{Zp}]/u.test(text), 'Expected one line')
      .describe('What comes by it, in a line: people choose by it.'),
  })
  .meta({ id: 'TopicRequest', description: 'What a topic is about.' });

const PEOPLE_COUNT = `Expected 1 to ${TOPIC_LIMITS.maxPeople} people`;

const person = z.string().refine((text) => {
  const named = parseRecipient(text);
  return named !== undefined && isPerson(named);
}, `Expected ${PERSON_FORMS}`);

/** People who are to subscribe. */
export const peopleRequest = z
  .strictObject({
    people: z
      .array(person)
      .min(1, PEOPLE_COUNT)
      .max(TOPIC_LIMITS.maxPeople, PEOPLE_COUNT)
      .describe(`Each ${PERSON_FORMS}.`),
  })
  .meta({ id: 'SubscribersRequest', description: 'People who are to subscribe.' });

/** A topic, in an answer. */
export const topicView = z
  .object({
    name: z.string().meta({ examples: ['deploys'] }),
    description: z.string(),
    subscribers: quantity.describe('How many people have subscribed, of all tenants.'),
    createdAt: shownInstant,
    updatedAt: shownInstant,
  })
  .meta({ id: 'Topic', description: 'Something that people subscribe to.' });
export type TopicView = AnswerOf<typeof topicView>;

/** All of them, in an answer. */
export const topicList = z
  .object({ topics: z.array(topicView) })
  .meta({ id: 'TopicList', description: 'All topics, by name.' });
export type TopicList = AnswerOf<typeof topicList>;

/** What became of one person, in an answer. */
export const subscriptionView = z
  .object({
    person: z.string().describe('As you wrote it.'),
    isSubscribed: z.boolean(),
    isChanged: z.boolean().describe('False when it was so already, and when nothing could be done.'),
    reason: z.enum(UNRESOLVED_REASONS).optional().describe('Why nothing could be done.'),
    detail: z.string().optional().describe('What to do, in a sentence.'),
  })
  .meta({ id: 'TopicSubscription', description: 'Whether a person has subscribed to a topic.' });
export type SubscriptionView = AnswerOf<typeof subscriptionView>;

/** The same of several, in an answer. */
export const subscriptionList = z
  .object({ subscribers: z.array(subscriptionView) })
  .meta({ id: 'TopicSubscriptions', description: 'One for each of the people, in their order.' });
export type SubscriptionList = AnswerOf<typeof subscriptionList>;
