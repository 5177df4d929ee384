// The commands for topics: list, create, describe, delete, and who has subscribed.

import type { Command } from 'commander';
import type { Clock } from '../domain/clock.ts';
import { AppError } from '../domain/errors.ts';
import { PERSON_FORMS } from '../domain/recipient.ts';
import type { Store } from '../store/store.ts';
import { getTopic, listTopics, OPERATOR, putTopic, removeTopic, type TopicDeps } from '../topics/manage-topics.ts';
import { subscribePeople, unsubscribePeople } from '../topics/subscribers.ts';
import { type SubscriptionView, TOPIC_LIMITS } from '../topics/topic-requests.ts';

/** What the commands work with. */
export interface TopicCommandTools {
  /** Opens the database for `work`, beside a running service. */
  withStore<T>(work: (deps: { readonly store: Store; readonly clock: Clock }) => Promise<T>): Promise<T>;
  print(text: string): void;
  /** For what is no part of the result. */
  remark(text: string): void;
}

const PEOPLE = `whom: each ${PERSON_FORMS}`;

/** Adds them below `command`. */
export function addTopicCommands(command: Command, tools: TopicCommandTools): void {
  const { withStore, print } = tools;
  command
    .command('list')
    .description('list all topics by name, each with the number of its subscribers')
    .action(() => list(tools));
  command
    .command('create <name> <description>')
    .description('make a topic that people can subscribe to')
    .action((name: string, description: string) => create(tools, name, description));
  command
    .command('describe <name> <description>')
    .description('change what a topic says of itself')
    .action((name: string, description: string) => describe(tools, name, description));
  command
    .command('delete <name>')
    .description('delete a topic with its subscriptions')
    .action(async (name: string) => {
      await withStore((deps) => removeTopic(deps, { asker: OPERATOR, name }));
      print('Deleted.\n');
    });
  command
    .command('subscribe <name> <person...>')
    .description(`subscribe people; ${PEOPLE}`)
    .action((name: string, people: readonly string[]) => subscribe(tools, name, people));
  command
    .command('unsubscribe <name> <person...>')
    .description(`unsubscribe people; ${PEOPLE}`)
    .action((name: string, people: readonly string[]) => unsubscribe(tools, name, people));
}

async function list({ withStore, print }: TopicCommandTools): Promise<void> {
  const { topics } = await withStore((deps) => listTopics(deps));
  const lines = topics.map(({ name, subscribers, description }) => `${name}  ${subscribers}  ${description}\n`);
  print(lines.join('') || 'None.\n');
}

async function create({ withStore, print }: TopicCommandTools, name: string, description: string): Promise<void> {
  await withStore(async (deps) => {
    if (await isThere(deps, name)) {
      throw new AppError('already_exists', `There is a topic named "${name}" already. \`topic describe\` changes it`);
    }
    await putTopic(deps, { asker: OPERATOR, name, json: { description } });
  });
  print('Created.\n');
}

async function describe({ withStore, print }: TopicCommandTools, name: string, description: string): Promise<void> {
  await withStore(async (deps) => {
    await getTopic(deps, name);
    await putTopic(deps, { asker: OPERATOR, name, json: { description } });
  });
  print('Changed.\n');
}

async function isThere(deps: TopicDeps, name: string): Promise<boolean> {
  const { topics } = await listTopics(deps);
  return topics.some((topic) => topic.name === name.toLowerCase());
}

/** What came of several people. */
interface Tally {
  readonly changed: number;
  readonly same: number;
}

async function subscribe(tools: TopicCommandTools, name: string, people: readonly string[]): Promise<void> {
  const { changed, same } = await changeAll(tools, { change: subscribePeople, name, people });
  tools.print(`Subscribed ${changed}${same > 0 ? `, ${same} had subscribed already` : ''}.\n`);
}

async function unsubscribe(tools: TopicCommandTools, name: string, people: readonly string[]): Promise<void> {
  const { changed, same } = await changeAll(tools, { change: unsubscribePeople, name, people });
  tools.print(`Unsubscribed ${changed}${same > 0 ? `, ${same} had not subscribed` : ''}.\n`);
}

interface Wish {
  readonly change: typeof subscribePeople;
  readonly name: string;
  readonly people: readonly string[];
}

/** Who cannot be found is told; the others are changed all the same. */
function changeAll({ withStore, remark }: TopicCommandTools, { change, name, people }: Wish): Promise<Tally> {
  return withStore(async (deps) => {
    const views: SubscriptionView[] = [];
    for (let at = 0; at < people.length; at += TOPIC_LIMITS.maxPeople) {
      const json = { people: people.slice(at, at + TOPIC_LIMITS.maxPeople) };
      views.push(...(await change(deps, { asker: OPERATOR, name, json })).subscribers);
    }
    const found = views.filter(({ reason }) => reason === undefined);
    for (const { person, detail } of views.filter(({ reason }) => reason !== undefined)) {
      remark(`${person}: ${detail}\n`);
    }
    const changed = found.filter(({ isChanged }) => isChanged).length;
    return { changed, same: found.length - changed };
  });
}
