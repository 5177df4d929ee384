// Whom a text mentions, and what Teams makes of it.

import fc from 'fast-check';
import { readMentions } from '../../../src/sandbox/mentions.ts';
import { Organisation } from '../../../src/sandbox/organisation.ts';

const organisation = new Organisation(20);
const BOT = { id: '28:bot', name: 'Bellhop' };

const read = (text: string) =>
  readMentions(text, (name) => {
    const person = organisation.findByName(name);
    return name.toLowerCase() === 'bellhop' ? BOT : person && { id: person.teamsUserId, name: person.name };
  });

test.each([
  ['@Bellhop help', '<at>Bellhop</at> help'],
  ['@bellhop tell @Ben the build', '<at>Bellhop</at> tell <at>Ben Albrecht</at> the build'],
  ['@Ben Albrecht, look', '<at>Ben Albrecht</at>, look'],
  ['@BEN ALBRECHT look', '<at>Ben Albrecht</at> look'],
  ['@Ben.', '<at>Ben Albrecht</at>.'],
  ["@chloe's and @Chloé's", "<at>Chloé Martin</at>'s and <at>Chloé Martin</at>'s"],
  ['@p7 and @Person 12', '<at>Person 7</at> and <at>Person 12</at>'],
  ['(@ana)', '(<at>Ana Torres</at>)'],
  ['@nobody, @Benny, @p99 and @Person 99', '@nobody, @Benny, @p99 and @Person 99'],
  ['mail ben@ben or @', 'mail ben@ben or @'],
  ['@ Ben', '@ Ben'],
])('"%s" reads "%s"', (written, text) => {
  expect(read(written).text).toBe(text);
});

test('who is mentioned twice is there twice, in the order of the text', () => {
  expect(read('@Ben @Bellhop @ben').mentions.map(({ name }) => name)).toEqual([
    'Ben Albrecht',
    'Bellhop',
    'Ben Albrecht',
  ]);
});

test('the HTML marks mentions in their order, and nothing that was written is markup in it', () => {
  expect(read('@Bellhop <b> & @Ben').html).toBe(
    '<span itemscope="" itemtype="http://schema.skype.com/Mention" itemid="0">Bellhop</span> &lt;b&gt; &amp; ' +
      '<span itemscope="" itemtype="http://schema.skype.com/Mention" itemid="1">Ben Albrecht</span>',
  );
});

test('whatever is written, mentions change nothing but their own marks', () => {
  const names = ['Ben', 'Ben Albrecht', 'Bellhop'];
  const word = fc.oneof(fc.constantFrom('@Ben', '@Ben Albrecht', '@Bellhop', '@', ' ', 'Ben', '@nobody'), fc.string());
  fc.assert(
    fc.property(fc.array(word), (words) => {
      const { text, mentions } = readMentions(words.join(''), (name) =>
        names.includes(name) ? { id: name, name } : undefined,
      );
      expect(text.replaceAll(/<at>(.*?)<\/at>/g, '@$1')).toBe(words.join(''));
      expect(text.match(/<at>/g) ?? []).toHaveLength(mentions.length);
    }),
    { numRuns: 10_000 },
  );
});
