// The parts of an export that tell what a person themselves said: to others, in answer to what they were asked, and by
// reactions to messages.

import { toInstant } from '../domain/answer.ts';
import { toDeliveryId } from '../domain/delivery-id.ts';
import type { DialogRow } from '../store/statements/dialogs.ts';
import type { Statements } from '../store/store.ts';
import type { KnownPerson } from './find-person.ts';

/** Rows in memory at the same time. */
const AT_ONCE = 200;

/** What comes from the person, as members of an object behind others. */
export async function* writeOwn(statements: Statements, person: KnownPerson | undefined): AsyncGenerator<string> {
  yield ',"told":[';
  yield* writeTold(statements, person);
  yield '],"dialogs":[';
  yield* writeDialogs(statements, person);
  yield '],"responses":[';
  yield* writeResponses(statements, person);
  yield '],"reactions":[';
  yield* writeReactions(statements, person);
  yield ']';
}

/** What they had others told, as long as that is kept. */
function writeTold({ tells }: Statements, person: KnownPerson | undefined) {
  return writeItems(person, async (personId, after) => {
    const rows = await tells.listBySender(personId, after, AT_ONCE);
    const items = rows.map(({ notificationPublicId, toldAtMs, content }) => ({
      notification: notificationPublicId,
      toldAt: toInstant(toldAtMs),
      content: JSON.parse(content),
    }));
    return { items, last: rows.at(-1)?.id };
  });
}

/** What they were asked one question after the other, and what they answered, as long as that is kept. */
function writeDialogs({ dialogs }: Statements, person: KnownPerson | undefined) {
  return writeItems(person, async (personId, after) => {
    const rows = await dialogs.listOfPerson(personId, after, AT_ONCE);
    return { items: rows.map(toExported), last: rows.at(-1)?.id };
  });
}

function toExported({ publicId, definition, state, reason, answers, ...dialog }: DialogRow) {
  const { createdAtMs, begunAtMs, endedAtMs } = dialog;
  return {
    id: publicId,
    title: definition.title,
    questions: definition.questions,
    answers,
    state,
    reason,
    createdAt: toInstant(createdAtMs),
    begunAt: begunAtMs === null ? null : toInstant(begunAtMs),
    endedAt: endedAtMs === null ? null : toInstant(endedAtMs),
  };
}

/** What they answered, with what they entered as long as that is kept. */
function writeResponses({ personalAnswers }: Statements, person: KnownPerson | undefined) {
  return writeItems(person, async (personId, after) => {
    const rows = await personalAnswers.listResponsesOf(personId, after, AT_ONCE);
    const items = rows.map(({ notificationPublicId, producerName, action, input, respondedAtMs }) => ({
      notification: notificationPublicId,
      producer: producerName,
      action,
      input: input === null ? null : JSON.parse(input),
      respondedAt: toInstant(respondedAtMs),
    }));
    return { items, last: rows.at(-1)?.id };
  });
}

/** How they reacted. */
function writeReactions({ personalAnswers }: Statements, person: KnownPerson | undefined) {
  return writeItems(person, async (personId, after) => {
    const rows = await personalAnswers.listReactionsOf(personId, after, AT_ONCE);
    const items = rows.map(({ deliveryId, notificationPublicId, type, reactedAtMs }) => ({
      delivery: toDeliveryId(deliveryId),
      notification: notificationPublicId,
      type,
      reactedAt: toInstant(reactedAtMs),
    }));
    return { items, last: rows.at(-1)?.deliveryId };
  });
}

/** Some rows, and where they end; undefined when there are no more. */
interface Part {
  readonly items: readonly object[];
  readonly last: number | undefined;
}

async function* writeItems(
  person: KnownPerson | undefined,
  readPart: (personId: number, after: number) => Promise<Part>,
): AsyncGenerator<string> {
  let after: number | undefined = person && 0;
  while (person !== undefined && after !== undefined) {
    const { items, last }: Part = await readPart(person.id, after);
    yield `${after > 0 && items.length > 0 ? ',' : ''}${items.map((item) => JSON.stringify(item)).join(',\n')}`;
    after = last;
  }
}
