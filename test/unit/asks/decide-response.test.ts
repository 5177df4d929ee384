// What presses mean, whoever presses what in whatever order.

import fc from 'fast-check';
import { type Choice, decideResponse, type ResponseStep, type Situation } from '../../../src/asks/decide-response.ts';
import { ACKNOWLEDGE, type Ask, type AskedAction } from '../../../src/domain/ask.ts';

const APPROVE: AskedAction = { id: 'approve', title: 'Approve', needed: 2 };
const REJECT: AskedAction = { id: 'reject', title: 'Reject', needed: 1 };
const LATER: AskedAction = { id: 'later', title: 'Later', input: { kind: 'text', label: 'When', isRequired: false } };
const ASK: Ask = { canAcknowledge: true, actions: [APPROVE, REJECT, LATER] };
const OPEN: Situation = { ask: ASK, isClosed: false, decidedAction: null, own: [], others: 0 };

const decide = (action: string, change: Partial<Situation> = {}, entered?: unknown) =>
  decideResponse({ ...OPEN, ...change }, { action, entered });

describe('a press', () => {
  test('of what is not offered means nothing', () => {
    expect(decide('explode')).toEqual({ kind: 'unknown_action' });
    expect(decide(ACKNOWLEDGE, { ask: { ...ASK, canAcknowledge: false } })).toEqual({ kind: 'unknown_action' });
  });

  test('acknowledges, and nobody has to be reminded any more', () => {
    expect(decide(ACKNOWLEDGE)).toEqual({
      kind: 'count',
      choice: { action: ACKNOWLEDGE, input: null },
      replaces: [],
      outcome: 'acknowledged',
      isAnswered: true,
    });
  });

  test('decides with the last vote that is needed', () => {
    expect(decide('approve')).toMatchObject({ outcome: 'none', isAnswered: false });
    expect(decide('approve', { others: 1 })).toMatchObject({ outcome: 'decided', isAnswered: true });
    expect(decide('reject')).toMatchObject({ outcome: 'decided' });
  });

  test('takes a vote back for another one, and leaves what decides nothing', () => {
    const own = [ACKNOWLEDGE, 'later', 'approve'].map((action) => ({ action, input: null }));
    expect(decide('reject', { own })).toMatchObject({ replaces: ['approve'] });
    expect(decide('later', { own }, 'at noon')).toMatchObject({ replaces: [], choice: { input: 'at noon' } });
  });

  test('twice has no second effect; another input takes the place of the first', () => {
    const own: readonly Choice[] = [{ action: 'later', input: 'at noon' }];
    expect(decide('later', { own }, ' at noon ')).toEqual({ kind: 'repeated' });
    expect(decide('later', { own }, 'at one')).toMatchObject({ kind: 'count', choice: { input: 'at one' } });
    expect(decide('later', { own }, '')).toMatchObject({ kind: 'count', choice: { input: null } });
  });

  test('with something else than what was asked for is refused by its label', () => {
    expect(decide('later', {}, 'x'.repeat(10_000))).toEqual({ kind: 'bad_input', label: 'When' });
  });

  test('counts for nothing once it is decided or over; who was counted hears that it was', () => {
    for (const action of [ACKNOWLEDGE, 'approve', 'later']) {
      expect(decide(action, { decidedAction: 'reject' })).toEqual({ kind: 'closed' });
      expect(decide(action, { isClosed: true })).toEqual({ kind: 'closed' });
    }
    const own = [{ action: 'reject', input: null }];
    expect(decide('reject', { decidedAction: 'reject', own })).toEqual({ kind: 'repeated' });
    expect(decide('reject', { isClosed: true, own })).toEqual({ kind: 'closed' });
  });

  test('of any kind ends the reminders where it can neither be acknowledged nor decided', () => {
    const isAnswered = (ask: Ask) => decide('later', { ask });
    expect(isAnswered({ canAcknowledge: false, actions: [LATER] })).toMatchObject({
      outcome: 'none',
      isAnswered: true,
    });
    expect(isAnswered({ canAcknowledge: true, actions: [LATER] })).toMatchObject({ isAnswered: false });
    expect(isAnswered({ canAcknowledge: false, actions: [LATER, APPROVE] })).toMatchObject({ isAnswered: false });
  });
});

describe('whoever presses what, in whatever order and however often', () => {
  interface Row extends Choice {
    readonly person: number;
  }

  /** What is kept, as the store keeps it. */
  class Ledger {
    rows: readonly Row[] = [];
    decidedAction: string | null = null;
    readonly ask: Ask;

    constructor(ask: Ask) {
      this.ask = ask;
    }

    press(person: number, action: string, entered: unknown): ResponseStep {
      const mine = this.rows.filter((row) => row.person === person);
      const others = this.rows.filter((row) => row.person !== person && row.action === action).length;
      const { ask, decidedAction } = this;
      const own = mine.map(({ action: chosen, input }) => ({ action: chosen, input }));
      const step = decideResponse({ ask, isClosed: false, decidedAction, own, others }, { action, entered });
      if (step.kind === 'count') {
        const gone = [...step.replaces, step.choice.action];
        const kept = this.rows.filter((row) => row.person !== person || !gone.includes(row.action));
        this.rows = [...kept, { person, ...step.choice }];
        this.decidedAction = step.outcome === 'decided' ? action : decidedAction;
      }
      return step;
    }

    count(action: string): number {
      return this.rows.filter((row) => row.action === action).length;
    }
  }

  const ids = ['a', 'b', 'c', 'd'];
  const actions = fc.array(
    fc.record(
      {
        needed: fc.integer({ min: 1, max: 4 }),
        input: fc.record({
          kind: fc.constantFrom('text', 'number', 'date', 'choice'),
          label: fc.constant('Label'),
          isRequired: fc.boolean(),
          choices: fc.constant(['x', 'y']),
        }),
      },
      { requiredKeys: [] },
    ),
    { maxLength: 4 },
  );
  const asks = fc.record({ canAcknowledge: fc.boolean(), actions }).map(
    (ask): Ask => ({
      ...ask,
      actions: ask.actions.map(({ needed, input }, index) => ({
        id: ids[index] ?? '',
        title: `Title ${index}`,
        ...(needed !== undefined && { needed }),
        ...(input && { input }),
      })),
    }),
  );
  const presses = fc.array(
    fc.tuple(
      fc.nat(5),
      fc.oneof({ weight: 9, arbitrary: fc.constantFrom(ACKNOWLEDGE, ...ids) }, fc.string()),
      fc.oneof(
        { weight: 4, arbitrary: fc.constantFrom(undefined, '', 'x', 'y', '7', 7, '2026-11-28') },
        fc.anything(),
        fc.string(),
      ),
    ),
    { maxLength: 30 },
  );

  /** What does not hold after a press. */
  function* faultsOf(ledger: Ledger, press: readonly [number, string, unknown]) {
    const { ask } = ledger;
    const votes = ask.actions.filter(({ needed }) => needed !== undefined).map(({ id }) => id);
    const before = { rows: ledger.rows, decidedAction: ledger.decidedAction };
    const step = ledger.press(...press);
    const { rows, decidedAction } = ledger;
    if (new Set(rows.map((row) => `${row.person} ${row.action}`)).size !== rows.length) {
      yield 'somebody counts twice for an action';
    }
    const voters = rows.filter((row) => votes.includes(row.action)).map((row) => row.person);
    if (new Set(voters).size !== voters.length) {
      yield 'somebody has two votes';
    }
    if (!rows.every((row) => row.action === ACKNOWLEDGE || ask.actions.some(({ id }) => id === row.action))) {
      yield 'what is not offered counts';
    }
    const full = ask.actions.filter(({ id, needed }) => needed !== undefined && ledger.count(id) >= needed);
    if (full.map(({ id }) => id).join() !== (decidedAction ?? '')) {
      yield 'it is not decided by what enough people chose';
    }
    if (full.some(({ id, needed }) => ledger.count(id) !== needed)) {
      yield 'more were counted than were needed';
    }
    const isSame = rows === before.rows && decidedAction === before.decidedAction;
    if (!isSame && (before.decidedAction !== null || step.kind !== 'count')) {
      yield 'something changed that does not count';
    }
    const again = ledger.press(...press);
    if (again.kind !== (step.kind === 'count' ? 'repeated' : step.kind) || ledger.rows !== rows) {
      yield 'the same once more has a second effect';
    }
  }

  test('everybody counts once for an action, has one vote, and it is decided by as many as are needed and then never changes', () => {
    fc.assert(
      fc.property(asks, presses, (ask, all) => {
        const ledger = new Ledger(ask);
        expect(all.flatMap((press) => [...faultsOf(ledger, press)])).toEqual([]);
      }),
      { numRuns: 10_000 },
    );
  });
});
