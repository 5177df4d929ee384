// Which votes count, and that what is counted is what people chose last.

import fc from 'fast-check';
import { countBallots, type Poll } from '../../../src/domain/poll.ts';
import { decideVote, type PressedVote } from '../../../src/polls/decide-vote.ts';

const SINGLE: Poll = { question: 'Lunch?', choices: ['Soup', 'Salad', 'Rice'], isSeveral: false, isAnonymous: false };
const SEVERAL: Poll = { ...SINGLE, isSeveral: true };
const decide = (poll: Poll, pressed: PressedVote) => decideVote({ poll, closedAtMs: null }, pressed, 0);

test.each([
  [SINGLE, { choice: 2 }, [2]],
  [SINGLE, { input: '1' }, [1]],
  [SEVERAL, { input: '2,0' }, [0, 2]],
  [SEVERAL, { input: '1,1' }, [1]],
  [SEVERAL, { choice: 0 }, [0]],
])('a vote is for what was chosen, in the order of the choices: %#', (poll, pressed, choices) => {
  expect(decide(poll, pressed)).toEqual({ kind: 'vote', choices });
});

test.each([
  [SINGLE, {}],
  [SINGLE, { choice: 3 }],
  [SINGLE, { choice: -1 }],
  [SINGLE, { choice: 0.5 }],
  [SINGLE, { choice: Number.NaN }],
  [SINGLE, { choice: '1' }],
  [SINGLE, { choice: null, input: '1' }],
  [SINGLE, { input: '0,1' }],
  [SEVERAL, { input: '' }],
  [SEVERAL, { input: '3' }],
  [SEVERAL, { input: '0,' }],
  [SEVERAL, { input: '0;1' }],
  [SEVERAL, { input: ['0'] }],
  [SEVERAL, { input: '0'.repeat(10_000) }],
])('nothing, too much, and what is not there is no vote: %#', (poll, pressed) => {
  expect(decide(poll, pressed)).toEqual({ kind: 'bad' });
});

test('from the instant at which it closes a poll takes no vote', () => {
  const poll = { ...SINGLE, closesAtMs: 1_000 };
  expect(decideVote({ poll, closedAtMs: null }, { choice: 0 }, 999)).toMatchObject({ kind: 'vote' });
  expect(decideVote({ poll, closedAtMs: null }, { choice: 0 }, 1_000)).toEqual({ kind: 'closed' });
  expect(decideVote({ poll: SINGLE, closedAtMs: 5 }, { choice: 0 }, 1)).toEqual({ kind: 'closed' });
});

const pressed: fc.Arbitrary<PressedVote> = fc.oneof(
  fc.record({ choice: fc.integer({ min: -1, max: 11 }) }),
  fc.record({ input: fc.array(fc.integer({ min: 0, max: 10 }), { maxLength: 5 }).map((all) => all.join(',')) }),
  fc.record({ choice: fc.anything(), input: fc.anything() }),
);
const event = fc.oneof(
  { weight: 20, arbitrary: fc.record({ kind: fc.constant('press' as const), person: fc.nat(5), pressed }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('repeat' as const), back: fc.nat(5) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.nat(500) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('close' as const) }) },
);
type Event = typeof event extends fc.Arbitrary<infer Value> ? Value : never;
type Press = Extract<Event, { kind: 'press' }>;

/** As the store keeps it: one ballot for each person, and when the poll was closed. */
function run(poll: Poll, events: readonly Event[]) {
  const ballots = new Map<number, readonly number[]>();
  const counted: { readonly person: number; readonly choices: readonly number[]; readonly isLate: boolean }[] = [];
  const presses: Press[] = [];
  let [nowMs, closedAtMs]: [number, number | null] = [0, null];
  for (const one of events) {
    if (one.kind === 'wait') {
      nowMs += one.ms;
    } else if (one.kind === 'close') {
      closedAtMs ??= nowMs;
    } else {
      const press = one.kind === 'press' ? one : presses.at(-1 - one.back);
      if (press) {
        presses.push(press);
        const decision = decideVote({ poll, closedAtMs }, press.pressed, nowMs);
        if (decision.kind === 'vote') {
          const isLate = closedAtMs !== null || nowMs >= (poll.closesAtMs ?? Number.POSITIVE_INFINITY);
          counted.push({ person: press.person, choices: decision.choices, isLate });
          ballots.set(press.person, decision.choices);
        }
      }
    }
  }
  return { ballots, counted };
}

test('whatever is pressed, changed, repeated and closed in whatever order, each person counts once, with their last vote', () => {
  const polls = fc
    .record({ choiceCount: fc.integer({ min: 2, max: 10 }), isSeveral: fc.boolean(), closesAtMs: fc.nat(1_500) })
    .map(({ choiceCount, ...fields }) => ({ ...SINGLE, choices: Array(choiceCount).fill('x'), ...fields }));
  fc.assert(
    fc.property(polls, fc.array(event, { maxLength: 40 }), (poll, events) => {
      const { ballots, counted } = run(poll, events);
      const { counts, voters } = countBallots(
        [...ballots.values()].map((choices) => ({ choices, count: 1 })),
        poll.choices.length,
      );
      const last = new Map(counted.map(({ person, choices }) => [person, choices]));
      expect(voters).toBe(last.size);
      expect(counts).toEqual(
        poll.choices.map(
          (_: string, choice: number) => [...last.values()].filter((own) => own.includes(choice)).length,
        ),
      );
      const chosen = [...last.values()].flat().length;
      expect(counts.reduce((sum, count) => sum + count, 0)).toBe(chosen);
      expect(poll.isSeveral || chosen === voters).toBe(true);
      expect(counted.some(({ isLate }) => isLate)).toBe(false);
      const isRight = (choices: readonly number[]) =>
        choices.every((choice, at) => choice in poll.choices && (at === 0 || choice > Number(choices[at - 1])));
      expect(counted.every(({ choices }) => isRight(choices))).toBe(true);
      expect(counted.some(({ choices }) => Object.is(choices[0], -0))).toBe(false);
    }),
    { numRuns: 10_000 },
  );
});

test('equal ballots count as many as they are', () => {
  const ballots = [
    { choices: [0, 2], count: 7 },
    { choices: [2], count: 5 },
  ];
  expect(countBallots(ballots, 3)).toEqual({ counts: [7, 0, 12], voters: 12 });
});
