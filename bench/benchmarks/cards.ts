// Building cards, beside writing the finished card as JSON.

import type { EventContent } from '../../src/domain/notification.ts';
import { composeMessage, type MessageOptions } from '../../src/teams/cards/message.ts';
import { createTimeWriters } from '../../src/teams/cards/time-text.ts';
import type { Benchmark, Row } from '../benchmark.ts';
import { LARGEST_EVENT, MARKDOWN_EVENT, ORDINARY_EVENT, ORDINARY_LIFE } from '../samples.ts';
import { interleave, median, medianRatio, timeEachMs } from '../statistics.ts';

const ROUNDS = 9;
/** Milliseconds. */
const ORDINARY_BAR = 0.2;

/** One reader; who sends keeps the writers of times, too. */
const READER: MessageOptions = {
  ...{ locale: 'de-DE', timeZone: 'Europe/Berlin' },
  acceptedAtMs: Date.UTC(2026, 10, 28),
  isReduced: false,
};

export const cards: Benchmark = {
  name: 'cards',
  async run() {
    return [
      ...(await measureCard('ordinary event', { event: ORDINARY_EVENT, count: 2_000, bar: ORDINARY_BAR })),
      ...(await measureCard('event in markdown', { event: MARKDOWN_EVENT, count: 1_000 })),
      ...(await measureCard('event with a history', { event: ORDINARY_EVENT, count: 2_000, lifecycle: ORDINARY_LIFE })),
      ...(await measureCard('largest event', { event: LARGEST_EVENT, count: 50 })),
      ...(await measureCard('largest event in markdown', {
        event: { ...LARGEST_EVENT, textFormat: 'markdown' },
        count: 20,
      })),
    ];
  },
};

interface CardCase extends Pick<MessageOptions, 'lifecycle'> {
  readonly event: EventContent;
  readonly count: number;
  readonly bar?: number;
}

async function measureCard(what: string, { event, count, lifecycle, bar }: CardCase): Promise<readonly Row[]> {
  const timeWriters = createTimeWriters();
  const options = { ...READER, lifecycle };
  const card = composeMessage(event, options, timeWriters).activity;
  const { build, stringify } = await interleave(ROUNDS, {
    build: () => timeEachMs(count, () => composeMessage(event, options, timeWriters)),
    stringify: () => timeEachMs(count, () => JSON.stringify(card)),
  });
  return [
    { measure: `card, ${what}`, value: median(build), unit: 'ms', ...(bar !== undefined && { bar }) },
    { measure: `card, ${what}: multiple of JSON.stringify`, value: medianRatio(build, stringify), unit: 'times' },
  ];
}
