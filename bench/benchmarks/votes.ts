// A poll in the channel of a large team: how long a vote waits for its answer, whether all are counted, and how often
// the card is edited meanwhile.

import { setTimeout } from 'node:timers/promises';
import { AppError } from '../../src/domain/errors.ts';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import type { Benchmark, Row } from '../benchmark.ts';
import type { Child } from '../child-process.ts';
import type { Engine } from '../engine.ts';
import { inTime } from '../in-time.ts';
import { atPace, repeat } from '../load.ts';
import type { Resources } from '../resources.ts';
import { openStage, type Stage } from '../stage.ts';
import { percentile } from '../statistics.ts';

const PEOPLE = 10_000;
/** 10 000 votes in a minute, and nobody twice. */
const VOTES_PER_SECOND = Math.floor(PEOPLE / 60);
/** Votes of a process that has just begun, each after the answer to another; they are not measured. */
const WARM_UP = { count: 1_000, concurrency: 8 } as const;
const STORM = { count: 4_000, concurrency: 64 } as const;
const MAX_ANSWER_MS = 300;
const MIN_EDIT_SECONDS = 3;
const PLACE = 'operations';
const CHOICES = ['Pizza', 'Sushi', 'Salad'];
const LOOK_MS = 250;
const PATIENCE_MS = 60_000;

/** All members of a team are known to the service, and vote at an even pace; then votes are changed as fast as that is answered. */
export const votes: Benchmark = {
  name: 'votes',
  async run(resources, { engines, seconds }) {
    const rows: Row[] = [];
    for (const engine of engines) {
      const measured = await measureEngine(resources, { engine, seconds: Math.min(seconds, 60) });
      rows.push(...measured.map((row) => ({ ...row, measure: `${engine.name}, ${row.measure}` })));
      await resources.release();
    }
    return rows;
  },
};

async function measureEngine(
  resources: Resources,
  { engine, seconds }: { readonly engine: Engine; readonly seconds: number },
): Promise<readonly Row[]> {
  const stage = await openStage(resources, { peopleCount: PEOPLE, knownCount: 0, tenantCount: 1, engine });
  const { sandbox } = stage;
  const service = await stage.startService();
  sandbox.setBotEndpoint(`${service.url}/api/messages`);
  await sandbox.people.install(PLACE);
  const poll = await inTime(askEverybody(stage, service), { ms: PATIENCE_MS, what: 'Expected a poll in the channel' });
  await inTime(untilMembersAreKnown(stage), { ms: PATIENCE_MS, what: 'Expected the members to be read' });
  const edits = watchEdits(sandbox);
  const warmUp = new Voting(sandbox, { ...poll, shift: 0 });
  await repeat(WARM_UP, () => warmUp.vote());
  const steady = new Voting(sandbox, { ...poll, shift: 1 });
  await atPace({ perSecond: VOTES_PER_SECOND, seconds }, () => steady.vote());
  const counted = await countVotes(stage, poll.id);
  // Another choice than before: the one that somebody has chosen is called differently on their card.
  const storm = new Voting(sandbox, { ...poll, shift: 2 });
  const stormStartMs = performance.now();
  await repeat(STORM, () => storm.vote());
  const stormSeconds = (performance.now() - stormStartMs) / 1_000;
  const countedAgain = await countVotes(stage, poll.id);
  const voters = (count: number) => Math.min(count, PEOPLE);
  return [
    {
      measure: `${VOTES_PER_SECOND} votes a second, answered, p99`,
      ...ms(steady.waits),
      bar: MAX_ANSWER_MS,
    },
    {
      measure: 'votes that were counted',
      value: (100 * counted) / voters(Math.max(steady.waits.length, WARM_UP.count)),
      unit: '%',
      floor: 100,
    },
    { measure: 'votes as fast as they are answered', value: STORM.count / stormSeconds, unit: 'req/s' },
    {
      measure: 'people who were counted after it',
      value: (100 * countedAgain) / voters(Math.max(steady.waits.length, STORM.count)),
      unit: '%',
      floor: 100,
    },
    {
      measure: 'shortest time between two edits of the card',
      value: edits.shortestSeconds(),
      unit: 's',
      floor: MIN_EDIT_SECONDS,
    },
  ];
}

const ms = (waits: readonly number[]) => ({ value: percentile(waits, 99), unit: 'ms' }) as const;

/** Asked again until the team is known. @returns the poll, and the message that has it */
async function askEverybody(
  { sandbox, apiKey }: Stage,
  { url }: Child,
): Promise<{ readonly id: string; readonly messageId: string }> {
  const conversation = sandbox.people.find(PLACE);
  const request = { to: `channel:${conversation.id}`, question: 'What is for lunch?', choices: CHOICES };
  let id: unknown;
  while (id === undefined) {
    await setTimeout(LOOK_MS);
    const response = await fetch(`${url}/api/v1/polls`, {
      method: 'POST',
      headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
      body: JSON.stringify(request),
    });
    id = Object(await response.json()).id;
  }
  for (;;) {
    const message = sandbox.conversations.messages(conversation).find(({ author }) => author === 'bot');
    if (message) {
      return { id: String(id), messageId: message.id };
    }
    await setTimeout(LOOK_MS);
  }
}

async function untilMembersAreKnown({ database }: Stage): Promise<void> {
  while ((await database.count('SELECT count(*) AS count FROM roster_member')) < PEOPLE) {
    await setTimeout(LOOK_MS);
  }
}

/** On which message, and how far into the list of choices. */
interface Voted {
  readonly messageId: string;
  readonly shift: number;
}

/** Each press is of the next person. */
class Voting {
  /** How long each was waited for, milliseconds. */
  readonly waits: number[] = [];
  readonly #sandbox: Sandbox;
  readonly #voted: Voted;
  #next = 0;

  constructor(sandbox: Sandbox, voted: Voted) {
    this.#sandbox = sandbox;
    this.#voted = voted;
  }

  async vote(): Promise<void> {
    const { messageId, shift } = this.#voted;
    const index = this.#next++;
    const press = { person: `p${index % PEOPLE}`, messageId, action: CHOICES[(index + shift) % CHOICES.length] ?? '' };
    const startMs = performance.now();
    const { status } = await this.#sandbox.people.pressIn(PLACE, press);
    if (status !== 200) {
      throw new AppError('internal', `Expected every vote to be answered 200, got ${status}`);
    }
    this.waits.push(performance.now() - startMs);
  }
}

async function countVotes({ database }: Stage, id: string): Promise<number> {
  const store = await database.openStore();
  try {
    const poll = await store.read.polls.find(id);
    return poll ? (await store.read.polls.countVotes(poll.id, CHOICES.length)).voters : 0;
  } finally {
    await store.close();
  }
}

function watchEdits(sandbox: Sandbox): { shortestSeconds(): number } {
  const instants: number[] = [];
  sandbox.events.subscribe(({ kind }) => {
    if (kind === 'edit') {
      instants.push(performance.now());
    }
  });
  const gaps = () => instants.slice(1).map((atMs, index) => (atMs - (instants[index] ?? 0)) / 1_000);
  return { shortestSeconds: () => Math.min(...gaps()) };
}
