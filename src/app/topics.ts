// Topics as producers manage them by the API.

import type { TopicUseCases } from '../http/topic-routes.ts';
import { getTopic, listTopics, putTopic, removeTopic, type TopicDeps } from '../topics/manage-topics.ts';
import { subscribePeople, unsubscribePeople } from '../topics/subscribers.ts';

/** Binds the use cases to the store. */
export function createTopics(deps: TopicDeps): TopicUseCases {
  return {
    listTopics: () => listTopics(deps),
    getTopic: ({ name }) => getTopic(deps, name),
    putTopic: (input) => putTopic(deps, input),
    removeTopic: (named) => removeTopic(deps, named),
    subscribePeople: (input) => subscribePeople(deps, input),
    unsubscribePeople: (input) => unsubscribePeople(deps, input),
  };
}
