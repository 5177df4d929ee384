// What operators do with topics. Names of people stand in bodies, because addresses are written into logs.

import type { TopicAsker } from '../topics/manage-topics.ts';
import { jsonAnswer } from './answer.ts';
import type { Guard } from './guard.ts';
import { createOwnedRoutes } from './owned-routes.ts';
import type { Route } from './route.ts';
import {
  ADD_SUBSCRIBERS,
  GET_TOPIC,
  LIST_TOPICS,
  PUT_TOPIC,
  REMOVE_SUBSCRIBERS,
  REMOVE_TOPIC,
} from './topic-operations.ts';

interface Named {
  readonly asker: TopicAsker;
  readonly name: string;
}
type WithJson = Named & { readonly json: unknown };

/** The use cases behind these routes; all but the list and `putTopic` throw AppError `not_found`. */
export interface TopicUseCases {
  listTopics(): Promise<object>;
  getTopic(named: Named): Promise<object>;
  putTopic(input: WithJson): Promise<{ readonly isNew: boolean; readonly topic: { readonly name: string } }>;
  removeTopic(named: Named): Promise<void>;
  subscribePeople(input: WithJson): Promise<object>;
  unsubscribePeople(input: WithJson): Promise<object>;
}

const TOPICS = '/api/v1/topics';
const TOPIC = `${TOPICS}/:name`;
const SUBSCRIBERS = `${TOPIC}/subscribers`;

/** All of them; they need the scope `manage`. */
export function topicRoutes(
  { topics, guard }: { readonly topics: TopicUseCases; readonly guard: Guard },
  options: { readonly maxBodyBytes: number },
): readonly Route[] {
  const { ask, change, remove } = createOwnedRoutes(guard, options, ({ tenantId, recipients }, { name = '' }) => ({
    asker: { tenantId, recipients },
    name,
  }));
  return [
    ask(TOPICS, LIST_TOPICS, () => topics.listTopics()),
    ask(TOPIC, GET_TOPIC, (named) => topics.getTopic(named)),
    change({ method: 'PUT', path: TOPIC, operation: PUT_TOPIC }, async (input) => {
      const { isNew, topic } = await topics.putTopic(input);
      return jsonAnswer(isNew ? 201 : 200, topic, isNew ? { Location: `${TOPICS}/${topic.name}` } : {});
    }),
    remove(TOPIC, REMOVE_TOPIC, (named) => topics.removeTopic(named)),
    change({ method: 'POST', path: SUBSCRIBERS, operation: ADD_SUBSCRIBERS }, async (input) =>
      jsonAnswer(200, await topics.subscribePeople(input)),
    ),
    change({ method: 'POST', path: `${SUBSCRIBERS}/remove`, operation: REMOVE_SUBSCRIBERS }, async (input) =>
      jsonAnswer(200, await topics.unsubscribePeople(input)),
    ),
  ];
}
