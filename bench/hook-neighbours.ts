// Two senders: one far beyond its limit, and one within it that should not notice.

import { HOOK_LIMITS } from '../src/domain/hook.ts';
import { hmacOf } from '../test/support/hooks.ts';
import type { Row } from './benchmark.ts';
import { holdDeliveries } from './database.ts';
import { addHook, type MadeHook, pullRequest } from './hooks.ts';
import { atPace, Caller } from './load.ts';
import type { Resources } from './resources.ts';
import { openStage } from './stage.ts';
import { interleave, median, medianRatio, percentile } from './statistics.ts';

const PEOPLE = 100;
const ROUNDS = 5;
/** Of one round. */
const SECONDS = 4;
const CALM = { perSecond: 25, seconds: SECONDS } as const;
/** Requests a second that the other one may make, as hooks are made; it makes ten times as many. */
const LIMIT = HOOK_LIMITS.defaultRatePerMinute / 60;
const FLOOD = { perSecond: 10 * LIMIT, seconds: SECONDS } as const;

/** What one of them was answered in one round. */
interface Heard {
  readonly statuses: readonly number[];
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly elapsedS: number;
}

interface Round {
  readonly calm: Heard;
  readonly floods: readonly Heard[];
}

/** Both post the same payload, each to a hook of its own; deliveries are held back. */
export async function measureNeighbours(resources: Resources): Promise<readonly Row[]> {
  const { calm, flood } = await openSenders(resources);
  const { alone, beside } = await interleave(ROUNDS, {
    alone: async (): Promise<Round> => ({ calm: await listen(calm, CALM), floods: [] }),
    async beside(): Promise<Round> {
      await exhaust(flood);
      const [calmly, flooding] = await Promise.all([listen(calm, CALM), listen(flood, FLOOD)]);
      return { calm: calmly, floods: [flooding] };
    },
  });
  const statuses = [...alone, ...beside].flatMap((round) => round.calm.statuses);
  const floods = beside.flatMap((round) => round.floods);
  return [
    ...toDelayRows(
      'p50',
      [alone, beside].map((rounds) => rounds.map(({ calm: { p50Ms } }) => p50Ms)),
    ),
    ...toDelayRows(
      'p99',
      [alone, beside].map((rounds) => rounds.map(({ calm: { p99Ms } }) => p99Ms)),
      { bar: 2 },
    ),
    {
      ...{ measure: 'sender within its limit: answers other than 202', bar: 0 },
      ...{ value: statuses.filter((status) => status !== 202).length, unit: 'requests' },
    },
    ...toFloodRows(floods),
  ];
}

function toDelayRows(
  what: string,
  [quiet = [], disturbed = []]: readonly (readonly number[])[],
  bar: { readonly bar?: number } = {},
): readonly Row[] {
  const whose = 'sender within its limit';
  return [
    { measure: `${whose}, alone, ${what}`, value: median(quiet), unit: 'ms' },
    { measure: `${whose}, beside a flood, ${what}`, value: median(disturbed), unit: 'ms' },
    { measure: `${whose}, ${what}: multiple of alone`, value: medianRatio(disturbed, quiet), unit: 'times', ...bar },
  ];
}

function toFloodRows(rounds: readonly Heard[]): readonly Row[] {
  const elapsedS = rounds.reduce((sum, round) => sum + round.elapsedS, 0);
  const statuses = rounds.flatMap((round) => round.statuses);
  const accepted = statuses.filter((status) => status === 202).length;
  const share = accepted / elapsedS / LIMIT;
  return [
    { measure: 'sender beyond its limit: multiple of it', value: statuses.length / elapsedS / LIMIT, unit: 'times' },
    { measure: 'sender beyond its limit: accepted, off from it', value: 100 * Math.abs(share - 1), unit: '%', bar: 5 },
    {
      ...{ measure: 'sender beyond its limit: answers other than 202 and 429', bar: 0 },
      ...{ value: statuses.filter((status) => status !== 202 && status !== 429).length, unit: 'requests' },
    },
  ];
}

async function openSenders(resources: Resources) {
  const stage = await openStage(resources, { peopleCount: PEOPLE, tenantCount: PEOPLE });
  const store = await stage.database.openStore();
  const calm = await addHook(store, { source: 'github' });
  const flood = await addHook(store, { source: 'github', ratePerMinute: 60 * LIMIT });
  await store.close();
  await holdDeliveries(stage.database);
  const service = await stage.startService();
  return {
    calm: createSender(resources, { url: service.url, hooks: [calm], firstNumber: 1 }),
    flood: createSender(resources, { url: service.url, hooks: [flood], firstNumber: 1_000_000 }),
  };
}

/** Posts signed pull requests to these hooks in turn, to one person after the other. @param firstNumber of the first one */
export function createSender(
  resources: Resources,
  { url, hooks, firstNumber }: { url: string; hooks: readonly MadeHook[]; firstNumber: number },
): Caller {
  const hookOf = (index: number) => hooks[index % hooks.length];
  const payloadOf = (index: number) => pullRequest(firstNumber + index);
  return new Caller(resources, url, {
    headers: {},
    pathFor: (index) => `/hooks/${hookOf(index)?.id}?to=person${index % PEOPLE}@contoso.com`,
    body: (index) => payloadOf(index).body,
    headersFor(index) {
      const { body, headers } = payloadOf(index);
      return { ...headers, 'x-hub-signature-256': `sha256=${hmacOf(hookOf(index)?.secret ?? '', body)}` };
    },
  });
}

async function listen(sender: Caller, pace: Parameters<typeof atPace>[0]): Promise<Heard> {
  const statuses: number[] = [];
  const latenciesMs: number[] = [];
  const startedAtMs = performance.now();
  await atPace(pace, async () => {
    const sentAtMs = performance.now();
    statuses.push(await sender.send());
    latenciesMs.push(performance.now() - sentAtMs);
  });
  // The last one was sent an interval before the end.
  const elapsedS = Math.max(pace.seconds, (performance.now() - startedAtMs) / 1_000);
  return { statuses, p50Ms: median(latenciesMs), p99Ms: percentile(latenciesMs, 99), elapsedS };
}

/** A burst is allowed: the limit shows when that is gone. */
async function exhaust(sender: Caller): Promise<void> {
  while ((await sender.send()) === 202) {
    // One more.
  }
}
