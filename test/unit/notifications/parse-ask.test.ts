// What a request may ask of people, and how one that asks wrongly is refused.

import fc from 'fast-check';
import { AppError } from '../../../src/domain/errors.ts';
import { toAsk, toAskTimes } from '../../../src/notifications/parse-ask.ts';
import { parseNotificationRequest } from '../../../src/notifications/parse-notification.ts';
import { faultsOf, parse, pointersOf, SMALLEST } from './requests.ts';

const MINUTE_MS = 60_000;

const action = (fields: object = {}) => ({ id: 'approve', title: 'Approve', ...fields });
const detailOf = (fields: object) => faultsOf({ ...SMALLEST, ...fields }).map(({ detail }) => detail);
const link = { title: 'Runbook', url: 'https://wiki.contoso.com' };
const links = (count: number) => Array(count).fill(link);

test('a request that asks nothing has no ask', () => {
  expect(toAsk(parse({}))).toBeUndefined();
  expect(toAsk(parse({ acknowledge: false, actions: [] }))).toBeUndefined();
});

test('acknowledging and actions are what is asked, with only what was said of them', () => {
  const wish = parse({
    acknowledge: true,
    actions: [
      action({ style: 'positive', needed: 2 }),
      { id: 'reject', title: 'Reject', style: 'destructive', input: { kind: 'text', label: 'Why?', required: true } },
      { id: 'later', title: 'Later', input: { kind: 'choice', label: 'When?', choices: ['today', 'tomorrow'] } },
    ],
  });
  expect(toAsk(wish)).toEqual({
    canAcknowledge: true,
    actions: [
      { id: 'approve', title: 'Approve', style: 'positive', needed: 2 },
      {
        ...{ id: 'reject', title: 'Reject', style: 'destructive' },
        input: { kind: 'text', label: 'Why?', isRequired: true },
      },
      {
        ...{ id: 'later', title: 'Later' },
        input: { kind: 'choice', label: 'When?', isRequired: false, choices: ['today', 'tomorrow'] },
      },
    ],
  });
});

describe('it is asked again and of others', () => {
  const times = (fields: object) => toAskTimes(parse({ acknowledge: true, ...fields }), 1_000);

  test('never when nobody said so', () => {
    expect(times({})).toEqual({});
  });

  test('counted from when it arrives', () => {
    expect(times({ remind: 'PT30M' })).toEqual({ remindMs: 30 * MINUTE_MS, remindAtMs: 1_000 + 30 * MINUTE_MS });
    expect(times({ escalateTo: 'ana@contoso.com', escalateAfter: 'PT2M' })).toEqual({
      escalateTo: ['ana@contoso.com'],
      escalateAtMs: 1_000 + 2 * MINUTE_MS,
    });
  });

  test('others after an hour, or after two reminders', () => {
    expect(times({ escalateTo: ['ana@contoso.com'] }).escalateAtMs).toBe(1_000 + 60 * MINUTE_MS);
    expect(times({ escalateTo: ['ana@contoso.com'], remind: 'PT10M' }).escalateAtMs).toBe(1_000 + 20 * MINUTE_MS);
  });
});

describe('a fault tells its place', () => {
  test.each([
    [{ acknowledge: 'yes' }, ['/acknowledge']],
    [{ actions: 'yes' }, ['/actions']],
    [{ actions: Array(5).fill(action()) }, ['/actions']],
    [{ actions: [{ id: 'x' }] }, ['/actions/0/title']],
    [{ actions: [action({ id: ':acknowledge' })] }, ['/actions/0/id']],
    [{ actions: [action({ id: 'x'.repeat(65) })] }, ['/actions/0/id']],
    [{ actions: [action({ title: 'x'.repeat(41) })] }, ['/actions/0/title']],
    [{ actions: [action({ style: 'loud' })] }, ['/actions/0/style']],
    [{ actions: [action({ needed: 0 })] }, ['/actions/0/needed']],
    [{ actions: [action({ needed: 1.5 })] }, ['/actions/0/needed']],
    [{ actions: [action(), action()] }, ['/actions/1/id']],
    [{ actions: [action({ input: { kind: 'colour', label: 'x' } })] }, ['/actions/0/input/kind']],
    [{ actions: [action({ input: { kind: 'text' } })] }, ['/actions/0/input/label']],
    [{ actions: [action({ input: { kind: 'choice', label: 'x' } })] }, ['/actions/0/input/choices']],
    [{ actions: [action({ input: { kind: 'choice', label: 'x', choices: ['a'] } })] }, ['/actions/0/input/choices']],
    [{ actions: [action({ input: { kind: 'date', label: 'x', choices: ['a', 'b'] } })] }, ['/actions/0/input/choices']],
    [
      { actions: [action({ input: { kind: 'choice', label: 'x', choices: ['a', 'b', 'a'] } })] },
      ['/actions/0/input/choices/2'],
    ],
    [{ acknowledge: true, remind: 'PT59S' }, ['/remind']],
    [{ acknowledge: true, remind: 'P8D' }, ['/remind']],
    [{ remind: 'PT30M' }, ['/remind']],
    [{ actions: [], escalateTo: 'ana@contoso.com' }, ['/escalateTo']],
    [{ acknowledge: true, escalateTo: ['ana'] }, ['/escalateTo/0']],
    [{ acknowledge: true, escalateTo: [] }, ['/escalateTo']],
    [{ acknowledge: true, escalateAfter: 'PT30M' }, ['/escalateAfter']],
    [{ acknowledge: true, key: 'disk', state: 'resolved' }, ['/acknowledge']],
    [{ actions: [action()], key: 'disk', state: 'resolved' }, ['/actions']],
    [{ acknowledge: true, links: links(5) }, ['/links']],
  ])('%j', (fields, pointers) => {
    expect(pointersOf(fields)).toEqual(pointers);
  });

  test('and what was expected', () => {
    expect(detailOf({ remind: 'PT30M' })).toEqual([
      'Expected "acknowledge" or "actions" beside it: what are people asked?',
    ]);
    expect(detailOf({ actions: [action({ needed: 1.5 })] })).toEqual(['Expected a whole number, found a number']);
    expect(detailOf({ actions: [action({ needed: 0 })] })).toEqual(['Expected a whole number from 1 to 10000']);
    expect(detailOf({ acknowlegde: true })).toEqual(['Unknown field. Did you mean "acknowledge"?']);
  });
});

test('six buttons fit on a card, the menu among them', () => {
  const actions = ['a', 'b', 'c'].map((id) => action({ id }));
  expect(pointersOf({ acknowledge: true, actions, links: links(1) })).toEqual([]);
  expect(detailOf({ acknowledge: true, actions, links: links(2) })).toEqual([
    'Expected at most 1 link beside what is asked: with the menu, a card has room for 6 buttons',
  ]);
  expect(pointersOf({ links: links(6) })).toEqual([]);
});

test('a card of their own cannot ask, and is told so', () => {
  const card = { type: 'AdaptiveCard', version: '1.5', body: [{ type: 'TextBlock', text: 'Hi' }] };
  const faults = faultsOf({ to: SMALLEST.to, summary: 'Hi', card, acknowledge: true, remind: 'PT5M' });
  expect(faults.map(({ pointer }) => pointer)).toEqual(['/acknowledge', '/remind']);
  expect(faults[0]?.detail).toMatch(/do not come back to you/);
});

const field = fc.constantFrom('acknowledge', 'actions', 'remind', 'escalateTo', 'escalateAfter', 'links', 'state');

/** JSON that is often nearly right. */
const likely = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(...['a@b.c', 'PT30M', 'approve', 'text', 'choice', 'positive', ':', '', true, false, 1, 0, null]),
    fc.array(tie('value'), { maxLength: 6 }),
    fc.dictionary(
      fc.constantFrom('id', 'title', 'style', 'input', 'needed', 'kind', 'label', 'required', 'choices'),
      tie('value'),
    ),
  ),
})).value;

test('whatever is asked is taken, or refused with faults that point into it, and nothing else', () => {
  fc.assert(
    fc.property(fc.dictionary(field, fc.oneof(likely, fc.jsonValue({ maxDepth: 2 }))), (fields) => {
      try {
        const ask = toAsk(parseNotificationRequest({ ...SMALLEST, ...fields }));
        return ask === undefined || ask.canAcknowledge || ask.actions.length > 0;
      } catch (error) {
        return (
          error instanceof AppError &&
          error.code === 'invalid_request' &&
          error.faults.length > 0 &&
          error.faults.every(({ pointer }) => /^(\/([^~/]|~[01])*)+$/.test(pointer))
        );
      }
    }),
    { numRuns: 10_000 },
  );
});
