// Subscribing people to topics on their behalf, and taking them out again.

import { parseRequest } from '../domain/parse-request.ts';
import { explainUnresolved, isCovered, isPerson, parseRecipient, type UnresolvedReason } from '../domain/recipient.ts';
import { NAMES_LOCK } from '../store/locks.ts';
import type { Statements } from '../store/store.ts';
import { type NamedTopic, requireTopic, type TopicAsker, type TopicDeps } from './manage-topics.ts';
import { peopleRequest, type SubscriptionList, type SubscriptionView } from './topic-requests.ts';

/** A topic, and people of whom the JSON of a request tells: `{"people": [...]}`. */
export type NamedPeople = NamedTopic & { readonly json: unknown };

/**
 * Subscribes people; who cannot be is answered with the reason.
 *
 * @throws AppError `invalid_request`, `not_found` for an unknown topic
 */
export function subscribePeople(deps: TopicDeps, named: NamedPeople): Promise<SubscriptionList> {
  return changeAll(deps, named, true);
}

/** The other way round. @throws AppError as `subscribePeople` does */
export function unsubscribePeople(deps: TopicDeps, named: NamedPeople): Promise<SubscriptionList> {
  return changeAll(deps, named, false);
}

async function changeAll(
  { store, clock }: TopicDeps,
  { asker, name, json }: NamedPeople,
  isSubscribed: boolean,
): Promise<SubscriptionList> {
  const { people } = parseRequest(peopleRequest, json, 'request');
  const subscribers = await store.write(async (tx) => {
    // Nobody is erased meanwhile.
    await tx.locks.share(NAMES_LOCK);
    const { id } = await requireTopic(tx, name);
    const views: SubscriptionView[] = [];
    for (const person of people) {
      const found = await findPersonId(tx, asker, person);
      if (typeof found === 'string') {
        const detail = explainUnresolved(found, parseRecipient(person));
        views.push({ person, isSubscribed: false, isChanged: false, reason: found, detail });
      } else {
        const isChanged = isSubscribed
          ? await tx.topics.subscribe(id, found, clock.nowMs())
          : await tx.topics.unsubscribe(id, found);
        views.push({ person, isSubscribed, isChanged });
      }
    }
    return views;
  });
  return { subscribers };
}

async function findPersonId(
  { people }: Statements,
  { tenantId, recipients }: TopicAsker,
  text: string,
): Promise<number | UnresolvedReason> {
  const recipient = parseRecipient(text);
  if (!recipient || !isPerson(recipient)) {
    return 'unknown';
  }
  if (recipients.length > 0 && !recipients.some((allowed) => isCovered(recipient, allowed))) {
    return 'not_allowed';
  }
  const [person, another] = await people.findReachable(recipient, tenantId);
  return person && another ? 'ambiguous' : (person?.personId ?? 'unknown');
}
