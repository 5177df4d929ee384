// What expressions give, and which are refused. Microsoft's own engine is asked as well.

import { createRequire } from 'node:module';
import fc from 'fast-check';
import { faultsOf, resultOf, textOf } from './templates.ts';

/** Asked for at run time: its types are written for another compiler. */
const { Template } = createRequire(import.meta.url)('adaptivecards-templating') as {
  Template: new (card: object) => { expand(context: { $root: unknown }): { height?: unknown } };
};

const DATA = {
  name: 'Ana',
  count: 3,
  price: 1234.5,
  isLate: true,
  nothing: null,
  tags: ['a', 'b'],
  order: { id: 7, lines: [{ sku: 'x-1' }, { sku: 'x-2' }], 'ship to': 'Oslo' },
  when: '2026-03-09T17:04:05Z',
};

describe('an expression', () => {
  test.each<[string, unknown]>([
    ['name', 'Ana'],
    ['order.lines[1].sku', 'x-2'],
    ["order['ship to']", 'Oslo'],
    ['$root.order.id', 7],
    ['Order.ID', 7],
    ['count + 1 * 2', 5],
    ['(count + 1) * 2', 8],
    ['-count', -3],
    ['7 / 2', 3],
    ['7.0 / 2 == 3 || false', true],
    ['7 % 4', 3],
    ["name + '!'", 'Ana!'],
    ["'a' & name & count", 'aAna3'],
    ['count > 2 && !nothing', true],
    ['count >= 4 || isLate', true],
    ["name != 'Ben'", true],
    ["isLate ? 'late' : 'on time'", 'late'],
    ["nothing ?? 'none'", 'none'],
    ["if(exists(missing), 1, 'no')", 'no'],
    ["coalesce(missing, nothing, 'last')", 'last'],
    ['and(isLate, count == 3, true)', true],
    ['or(false, missing)', false],
    ['empty(tags)', false],
    ['length(name) + count(tags)', 5],
    ["join(tags, ', ')", 'a, b'],
    ["contains(tags, 'b') && contains(name, 'n')", true],
    ["startsWith(name, 'A') && endsWith(name, 'a')", true],
    ['toUpper(name)', 'ANA'],
    ["substring('Bellhop', 4)", 'hop'],
    ["substring('Bellhop', 0, 4)", 'Bell'],
    ["int('12') + float('0.5')", 12.5],
    ['round(price / 7, 2)', 176.36],
    ['string(order.lines[0])', '{"sku":"x-1"}'],
    ['formatNumber(price, 2)', '1,234.50'],
    ["formatNumber(price, 1, 'de-DE')", '1.234,5'],
    ["formatDateTime(when, 'dd.MM.yyyy HH:mm')", '09.03.2026 17:04'],
    ["formatDateTime(when, 'ddd d MMM, h:mm tt')", 'Mon 9 Mar, 5:04 PM'],
    ["formatDateTime(when, 'dddd', 'de-DE')", 'Montag'],
    ["formatDateTime('2026-03-09', 'yyyy')", '2026'],
    ["uriComponent('a b&c')", 'a%20b%26c'],
    [String.raw`'it\'s'`, "it's"],
  ])('%s gives %p', (expression, value) => {
    expect(resultOf(expression, DATA)).toEqual(value);
  });

  test.each([
    ['missing.deeper[3].still'],
    ['toUpper(missing)'],
    ['count / 0'],
    ['tags[7]'],
    ['tags[-1]'],
    ["tags['length']"],
    ['name.length'],
    ['round(name)'],
    ["formatDateTime('tomorrow')"],
    ['formatNumber(1, 99)'],
    ['substring(name, name)'],
    ['toString'],
    ['order.hasOwnProperty'],
    ['tags.map'],
  ])('%s gives nothing, and does no harm', (expression) => {
    expect(resultOf(expression, DATA)).toBeUndefined();
  });

  test.each([
    ['range(0, 1000000)'],
    ["replace(name, 'a', name)"],
    ["isMatch(name, '(a+)+$')"],
    ['newGuid()'],
    ['utcNow()'],
    ["json('{}')"],
    ['foreach(tags, x, x)'],
    ['select(tags, x, x)'],
    ["jPath(order, '..x')"],
    ["xPath(name, '//x')"],
    ['toString()'],
    ['hasOwnProperty(name)'],
    ['__proto__'],
    ['order.__proto__.polluted'],
    ["constructor.constructor('return process')()"],
    ['name.prototype'],
    ['order.lines.map(x)'],
    ["order['lines']('x')"],
    ['$host.theme'],
    ['name name'],
    ['if(a, b)'],
    ['not()'],
    ['1 +'],
    ['(1'],
    ['a.'],
    ['a[1'],
    ['`x`'],
    ['a; b'],
    ['a = 1'],
    [''],
    [`${'('.repeat(30)}1${')'.repeat(30)}`],
    ['!'.repeat(30).concat('a')],
    [`a${'.a'.repeat(30)}`],
    [`1${' + 1'.repeat(30)}`],
    [`'${'x'.repeat(1_000)}'`],
  ])('%s is refused, at its place and saying what is expected', (expression) => {
    const [fault] = faultsOf(() => textOf(`\${${expression}}`));
    expect(fault).toEqual({ pointer: '/card/body/0/text', detail: expect.stringMatching(/^Expected /) });
  });

  test('names that only look harmful inside of data are found nowhere but in the data', () => {
    const data = { order: JSON.parse('{"__proto__": {"secret": "no"}, "toString": "mine"}') };
    expect(resultOf('order.secret', data)).toBeUndefined();
    expect(resultOf('order.toString', data)).toBe('mine');
  });
});

/** Typed, so that nothing in them is an error: there Microsoft's engine shows the expression itself. */
const { number, truth, text } = fc.letrec<{ number: string; truth: string; text: string }>((tie) => {
  const [n, b, t] = [tie('number'), tie('truth'), tie('text')];
  const of = (form: string, ...parts: fc.Arbitrary<string>[]) =>
    fc.tuple(...parts).map((values) => values.reduce((done, value) => done.replace('_', value), form));
  const shallow = { depthSize: 'small', withCrossShrink: true, maxDepth: 4 } as const;
  return {
    number: fc.oneof(
      shallow,
      fc.constantFrom('n', 'm', 'o.k', 'list[1]', '$root.n', '2', '10', '0.5'),
      of('(_ + _)', n, n),
      of('(_ - _)', n, n),
      of('_ * _', fc.constantFrom('n', 'm', '3'), fc.constantFrom('o.k', '4')),
      of('length(_)', t),
      of('if(_, _, _)', b, n, n),
      of('floor(_)', n),
    ),
    truth: fc.oneof(
      shallow,
      fc.constantFrom('yes', 'no', 'true', 'exists(s)', 'exists(none)', 'empty(list)'),
      of('(_ == _)', n, n),
      of('(_ == _)', t, t),
      of('(_ != _)', n, t),
      of('(_ < _)', n, n),
      of('(_ >= _)', n, n),
      of('_ && _', b, b),
      of('(_ || _)', b, b),
      of('!_', fc.constantFrom('yes', 'no', 'none')),
      of('not(_)', b),
      of('contains(_, _)', t, t),
      of('startsWith(_, _)', t, t),
    ),
    text: fc.oneof(
      shallow,
      fc.constantFrom('s', 'o.t', "o['t']", 'list[0]', "'quoted'", '"double"', "''"),
      of('concat(_, _)', t, t),
      of('(_ + _)', t, n),
      of('toUpper(_)', t),
      of('toLower(_)', t),
      of('trim(_)', t),
      of('if(_, _, _)', b, t, t),
      of('coalesce(none, _)', t),
      of('substring(_, 0)', t),
      of('uriComponent(_)', t),
    ),
  };
});

/** A constant alone is made text there. */
function isNoConstant(expression: string): boolean {
  return !/^(?:[\d.]+|true)$/.test(expression);
}

test('an expression gives what it gives in the engine of Microsoft', () => {
  const data = fc.record({
    n: fc.integer({ min: -50, max: 50 }),
    m: fc.constantFrom(0.25, 2.5, 100),
    s: fc.constantFrom('', 'Ana', 'a b', 'ÄÖ', '*x*'),
    yes: fc.constant(true),
    no: fc.constant(false),
    none: fc.constant(null),
    o: fc.record({ k: fc.integer({ min: 0, max: 9 }), t: fc.constantFrom('in', 'out', '12') }),
    list: fc.tuple(fc.constantFrom('first', ''), fc.integer({ min: 0, max: 5 })),
  });
  fc.assert(
    fc.property(fc.oneof(number, truth, text).filter(isNoConstant), data, (expression, values) => {
      const card = new Template({ height: `\${${expression}}` }).expand({ $root: values });
      expect(resultOf(expression, values)).toEqual(card.height);
    }),
    { numRuns: 1_000 },
  );
});
