// Building the card of an event, beside writing the finished card as JSON.

import { buildMessage } from '../../src/teams/cards/message.ts';
import type { Benchmark, Row } from '../benchmark.ts';
import { LARGEST_EVENT, ORDINARY_EVENT } from '../samples.ts';
import { interleave, median, medianRatio } from '../statistics.ts';

const ROUNDS = 9;

export const cards: Benchmark = {
  name: 'cards',
  async run() {
    return [
      ...(await measureCard('ordinary event', ORDINARY_EVENT, 2_000)),
      ...(await measureCard('largest event', LARGEST_EVENT, 50)),
    ];
  },
};

async function measureCard(what: string, event: typeof ORDINARY_EVENT, count: number): Promise<readonly Row[]> {
  const card = buildMessage(event, { isReduced: false });
  const { build, stringify } = await interleave(ROUNDS, {
    build: () => timeEachMs(count, () => buildMessage(event, { isReduced: false })),
    stringify: () => timeEachMs(count, () => JSON.stringify(card)),
  });
  return [
    { measure: `card, ${what}`, value: median(build), unit: 'ms' },
    { measure: `card, ${what}: multiple of JSON.stringify`, value: medianRatio(build, stringify), unit: 'times' },
  ];
}

function timeEachMs(count: number, work: () => unknown): number {
  const startedAtMs = performance.now();
  for (let done = 0; done < count; done++) {
    work();
  }
  return (performance.now() - startedAtMs) / count;
}
