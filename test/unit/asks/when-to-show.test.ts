// When cards are edited to show who has answered.

import fc from 'fast-check';
import { decideShowing, planShowing } from '../../../src/asks/when-to-show.ts';

const NOW = 1_000_000;

describe('an answer is to be seen', () => {
  test('at once where no card was edited for a while', () => {
    expect(planShowing({ editedAtMs: 0 }, null, NOW)).toBe(NOW);
    expect(planShowing({ editedAtMs: NOW - 3_000 }, null, NOW)).toBe(NOW);
  });

  test('three seconds after the last edit', () => {
    expect(planShowing({ editedAtMs: NOW - 1_000 }, null, NOW)).toBe(NOW + 2_000);
  });

  test('with what is planned before that, and before what is planned for later', () => {
    expect(planShowing({ editedAtMs: NOW - 1_000 }, NOW + 500, NOW)).toBe(NOW + 500);
    expect(planShowing({ editedAtMs: NOW - 1_000 }, NOW + 60_000, NOW)).toBe(NOW + 2_000);
  });

  test('at once when the clock was set back behind the last edit', () => {
    expect(planShowing({ editedAtMs: NOW + 3_600_000 }, null, NOW)).toBe(NOW);
  });
});

describe('all cards are edited', () => {
  test.each([
    [1, 3_000],
    [30, 3_000],
    [100, 10_000],
    [10_000, 1_000_000],
  ])('of %d recipients every %d ms at most', (deliveries, intervalMs) => {
    const shown = (agoMs: number) => ({ editedAtMs: NOW - agoMs, shownAtMs: NOW - agoMs });
    expect(decideShowing(shown(intervalMs), deliveries, NOW)).toEqual({ kind: 'all' });
    expect(decideShowing(shown(1), deliveries, NOW)).toEqual({
      kind: 'pressed',
      nextAtMs: NOW - 1 + Math.max(intervalMs, 3_001),
    });
  });

  test('once in a while however many answers come: ten edits a second at the most, and no card twice in three seconds', () => {
    const storm = fc.record({ deliveries: fc.integer({ min: 1, max: 20_000 }), gaps: fc.array(fc.nat(4_000)) });
    fc.assert(
      fc.property(storm, ({ deliveries, gaps }) => {
        let nowMs = NOW;
        let shown = { editedAtMs: 0, shownAtMs: 0 };
        let dueAtMs: number | null = null;
        const rounds: { readonly atMs: number; readonly kind: string }[] = [];
        const work = (untilMs: number) => {
          while (dueAtMs !== null && dueAtMs <= untilMs) {
            const atMs: number = dueAtMs;
            const showing = decideShowing(shown, deliveries, atMs);
            rounds.push({ atMs, kind: showing.kind });
            const isAll = showing.kind === 'all';
            shown = { editedAtMs: atMs, shownAtMs: isAll ? atMs : shown.shownAtMs };
            dueAtMs = showing.kind === 'all' ? null : showing.nextAtMs;
          }
        };
        for (const gap of gaps) {
          nowMs += gap;
          work(nowMs);
          dueAtMs = planShowing(shown, dueAtMs, nowMs);
        }
        work(Number.MAX_SAFE_INTEGER);
        const between = (some: typeof rounds) =>
          some.slice(1).map(({ atMs }, index) => atMs - (some[index]?.atMs ?? 0));
        expect(Math.min(...between(rounds), 3_000)).toBe(3_000);
        const all = rounds.filter(({ kind }) => kind === 'all');
        const intervalMs = Math.max(3_000, deliveries * 100);
        expect(Math.min(...between(all), intervalMs)).toBe(intervalMs);
        expect(rounds.at(-1)?.kind).toBe(gaps.length > 0 ? 'all' : undefined);
      }),
    );
  });
});
