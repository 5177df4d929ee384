// What is to be told, and to whom, however it is written.

import fc from 'fast-check';
import type { HeardMention } from '../../../src/domain/inbound-event.ts';
import { MAX_TELL_LENGTH, parseTell, startsAsTell, toPlainName } from '../../../src/tells/parse-tell.ts';

const mention = (name: string, id = `29:${name}`): HeardMention => ({ text: `<at>${name}</at>`, id, name });

const BEN = mention('Ben');
const CLARA = mention('Clara Íñigo');
const TAGS = `${BEN.text} ${CLARA.text}`;

const read = (text: string, mentions: readonly HeardMention[] = [BEN, CLARA]) => parseTell(text, mentions);
const told = (ids: readonly string[], text: string) => ({ kind: 'tell', people: ids.map((id) => ({ id })), text });

test.each([
  ['tell <at>Ben</at> the build is broken', ['29:Ben'], 'the build is broken'],
  ['TELL   <at>Ben</at>: the build is broken', ['29:Ben'], 'the build is broken'],
  ['tell<at>Ben</at>the build', ['29:Ben'], 'the build'],
  ['tell: <at>Ben</at>, the build', ['29:Ben'], 'the build'],
  [`tell ${TAGS} both`, ['29:Ben', '29:Clara Íñigo'], 'both'],
  ['tell <at>Ben</at>, <at>Clara Íñigo</at> both', ['29:Ben', '29:Clara Íñigo'], 'both'],
  ['tell <at>Ben</at>,and <at>Clara Íñigo</at> both', ['29:Ben', '29:Clara Íñigo'], 'both'],
  ['tell <at>Ben</at> & <at>Clara Íñigo</at> both', ['29:Ben', '29:Clara Íñigo'], 'both'],
  ['tell <at>Clara Íñigo</at> and <at>Ben</at> both', ['29:Clara Íñigo', '29:Ben'], 'both'],
  ['tell <at>Ben</at> <at>Ben</at> once', ['29:Ben'], 'once'],
  ['tell <at>Ben</at> and run', ['29:Ben'], 'and run'],
  ['tell <at>Ben</at> andante', ['29:Ben'], 'andante'],
  ['tell <at>Ben</at>\nline one\n  line two\r\n', ['29:Ben'], 'line one\n  line two'],
  ['sag <at>Ben</at>, der Build ist rot', ['29:Ben'], 'der Build ist rot'],
  [`Sage <at>Ben</at> und <at>Clara Íñigo</at> es`, ['29:Ben', '29:Clara Íñigo'], 'es'],
  ['dile a <at>Ben</at> que va', ['29:Ben'], 'que va'],
  ['di <at>Ben</at> y <at>Clara Íñigo</at> hola', ['29:Ben', '29:Clara Íñigo'], 'hola'],
  ['dis à <at>Ben</at> et <at>Clara Íñigo</at> bonjour', ['29:Ben', '29:Clara Íñigo'], 'bonjour'],
  ['伝えて <at>Ben</at>、<at>Clara Íñigo</at> ビルドが壊れた', ['29:Ben', '29:Clara Íñigo'], 'ビルドが壊れた'],
  ['أخبر <at>Ben</at> و <at>Clara Íñigo</at> انتهى', ['29:Ben', '29:Clara Íñigo'], 'انتهى'],
])('%s', (text, ids, said) => {
  expect(startsAsTell(text)).toBe(true);
  expect(read(text)).toMatchObject(told(ids, said));
});

test.each(['tell', 'tell <at>Ben</at>', `tell ${TAGS}`, 'tell the build', 'tell @Ben x', 'tell x <at>Ben</at> y'])(
  '"%s" does not say to whom, or not what',
  (text) => {
    expect(startsAsTell(text)).toBe(true);
    expect(read(text)).toEqual({ kind: 'usage' });
  },
);

test.each(['', 'help', 'telling <at>Ben</at> x', 'tell_ x', 'please tell <at>Ben</at> x', 'distance', 'Sagen wir'])(
  '"%s" is something else',
  (text) => {
    expect(startsAsTell(text)).toBe(false);
  },
);

test('somebody who is mentioned in what is told is a name in it, and is not told', () => {
  expect(read('tell <at>Ben</at> that <at>Clara Íñigo</at> and <at id="3">Dora</at> are here')).toMatchObject(
    told(['29:Ben'], 'that Clara Íñigo and Dora are here'),
  );
});

test('two people of one name are both told', () => {
  const other = mention('Ben', '29:other');
  expect(parseTell('tell <at>Ben</at> <at>Ben</at> hi', [BEN, other])).toMatchObject(
    told(['29:Ben', '29:other'], 'hi'),
  );
});

test('the text stays as it was written, but for what is invisible', () => {
  expect(read('tell <at>Ben</at> **a** [b](c) \u202eexe\u0000 {{x}} <b>')).toMatchObject({
    text: '**a** [b](c) exe {{x}} <b>',
  });
});

test('a text of the greatest length is taken, and a longer one is not', () => {
  const text = 'x'.repeat(MAX_TELL_LENGTH);
  expect(read(`tell <at>Ben</at> ${text}`)).toMatchObject({ text });
  expect(read(`tell <at>Ben</at> ${text}x`)).toEqual({ kind: 'tooLong' });
  expect(read(`tell ${'<at>Ben</at>'.repeat(10_000)}`)).toEqual({ kind: 'tooLong' });
});

test('a name is one line, without mentions, and not endless', () => {
  expect(toPlainName(' <at>Ben</at>\n\u202e Smith ')).toBe('Ben Smith');
  expect(toPlainName('x'.repeat(1_000))).toHaveLength(100);
});

const NAMES = ['Ben', 'Clara Íñigo', 'x</at>', '<at>', 'and', '\u202eDora', ''];
const heard = fc.array(
  fc
    .record({ name: fc.constantFrom(...NAMES), id: fc.constantFrom('29:1', '29:2', '29:3', '29:4') })
    .map(({ name, id }) => mention(name, id)),
  { maxLength: 12 },
);
const piece = fc.oneof(
  fc.constantFrom(...NAMES.map((name) => `<at>${name}</at>`)),
  fc.constantFrom(
    ' ',
    ', ',
    ' and ',
    '&',
    '\n',
    '<',
    '</',
    '<at',
    '</at',
    '<at id="0">',
    '>',
    '<<at>at>',
    'at',
    '/',
    ':',
  ),
  fc.string({ unit: 'grapheme', maxLength: 6 }),
);
const written = fc
  .tuple(fc.constantFrom('tell ', 'Sag', 'dis à ', '', '伝えて'), fc.array(piece, { maxLength: 30 }))
  .map(([word, pieces]) => word + pieces.join(''));

test('whatever is written, it is read without a fault, and what comes of it mentions nobody', () => {
  fc.assert(
    fc.property(written, heard, (text, mentions) => {
      const parsed = parseTell(text, mentions);
      if (parsed.kind === 'tell') {
        expect(JSON.stringify(parsed)).not.toMatch(/<\/?at\b/i);
        expect(parsed.text.length).toBeGreaterThan(0);
        expect(parsed.text.length).toBeLessThanOrEqual(MAX_TELL_LENGTH);
        expect(new Set(parsed.people.map(({ id }) => id)).size).toBe(parsed.people.length);
        expect(mentions.map(({ id }) => id)).toEqual(expect.arrayContaining(parsed.people.map(({ id }) => id)));
      }
    }),
    { numRuns: 20_000 },
  );
});

test('everybody who is mentioned before the text is told, in any order and however they are joined', () => {
  const people = fc.uniqueArray(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 9 });
  const joint = fc.constantFrom(' ', ', ', ' and ', ' & ', '', ' und ', '、', ' , and ');
  fc.assert(
    fc.property(
      people,
      fc.array(joint, { minLength: 9, maxLength: 9 }),
      fc.boolean(),
      (numbers, joints, isNamedAlike) => {
        const mentions = numbers.map((number) => mention(isNamedAlike ? 'Ben' : `Person ${number}`, `29:${number}`));
        const list = mentions.map(({ text }, at) => `${at > 0 ? joints[at - 1] : ''}${text}`).join('');
        expect(parseTell(`tell ${list} it is done`, mentions)).toMatchObject(
          told(
            mentions.map(({ id }) => id),
            'it is done',
          ),
        );
      },
    ),
    { numRuns: 10_000 },
  );
});

test('a hostile text of the greatest length is read at once', () => {
  const begin = performance.now();
  for (const unit of ['<', '</', '<at ', '/', ' and', ',', '<at><', ' ', '<at>Ben</at>']) {
    parseTell(`tell ${unit.repeat(6_000 / unit.length - 5)}`, [BEN]);
    startsAsTell(unit.repeat(100_000));
  }
  expect(performance.now() - begin).toBeLessThan(2_000);
});
