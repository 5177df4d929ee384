// The operations on topics as they are described.

import { TOPIC_NAME_FORM } from '../domain/recipient.ts';
import { peopleRequest, subscriptionList, topicList, topicRequest, topicView } from '../topics/topic-requests.ts';
import type { Operation } from './operation.ts';

const TOPIC = { topic: 'Topics', scopes: ['manage'] } as const;
const PATH = { name: `Name of the topic: ${TOPIC_NAME_FORM}; in any case.` };
const NAMED = { ...TOPIC, path: PATH } as const;
const BELONGS = 'A topic belongs to the whole installation: a producer that is limited to a tenant may not change it.';

export const LIST_TOPICS: Operation = {
  ...TOPIC,
  id: 'listTopics',
  summary: 'List all topics',
  description: 'They belong to no producer.',
  answers: { 200: { description: 'All of them, by name.', schema: topicList } },
};

export const GET_TOPIC: Operation = {
  ...NAMED,
  id: 'getTopic',
  summary: 'Read a topic',
  answers: { 200: { description: 'With the number of its subscribers.', schema: topicView } },
};

export const PUT_TOPIC: Operation = {
  ...NAMED,
  id: 'putTopic',
  summary: 'Make a topic, or describe it anew',
  description: BELONGS,
  request: { schema: topicRequest, example: { description: 'Every deployment to production' } },
  answers: {
    200: { description: 'It was described anew.', schema: topicView },
    201: { description: 'It is new.', schema: topicView, headers: { Location: 'Where it is.' } },
  },
};

export const REMOVE_TOPIC: Operation = {
  ...NAMED,
  id: 'removeTopic',
  summary: 'Delete a topic',
  description: `With its subscriptions. What has gone out to some of them reaches nobody else. ${BELONGS}`,
  answers: { 204: { description: 'It is deleted.' } },
};

export const ADD_SUBSCRIBERS: Operation = {
  ...NAMED,
  id: 'addSubscribers',
  summary: 'Subscribe up to 100 people',
  description: 'They can unsubscribe by themselves at any time.',
  request: { schema: peopleRequest, example: { people: ['ana@contoso.com', 'ben@contoso.com'] } },
  answers: { 200: { description: 'What became of each.', schema: subscriptionList } },
};

export const REMOVE_SUBSCRIBERS: Operation = {
  ...NAMED,
  id: 'removeSubscribers',
  summary: 'Unsubscribe up to 100 people',
  request: { schema: peopleRequest, example: { people: ['ana@contoso.com'] } },
  answers: { 200: { description: 'What became of each.', schema: subscriptionList } },
};
