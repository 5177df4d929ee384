// Each field of a request: what it may hold, its bounds, and its default.

import { parse, pointersOf } from './requests.ts';

test('who and what is enough; everything else has a default', () => {
  expect(parse({})).toEqual({
    to: ['ana@contoso.com'],
    title: 'Deploy finished',
    textFormat: 'plain',
    severity: 'info',
    facts: [],
    links: [],
    images: [],
    priority: 'normal',
    ttl: 24 * 3_600_000,
    onUnknown: 'resend',
    mentions: [],
    acknowledge: false,
    actions: [],
  });
});

test('a full request is taken as it is written', () => {
  const request = {
    to: ['ana@contoso.com', 'everyone'],
    title: ' Deploy *finished* ',
    text: 'line 1\nline 2 <at>you</at>',
    textFormat: 'markdown',
    severity: 'critical',
    facts: [{ name: 'Service', value: '' }],
    links: [{ title: 'View run', url: 'https://ci.example/1?a=b#c' }],
    images: [{ url: 'https://ci.example/1.png', alt: 'Load of api' }],
    summary: 'api is live',
    priority: 'urgent',
    onUnknown: 'hold',
  };
  expect(parse({ ...request, ttl: 'PT2H' })).toMatchObject({ ...request, ttl: 7_200_000 });
});

describe('to', () => {
  test('is one recipient or up to a hundred', () => {
    const many = (count: number) => Array.from({ length: count }, (_, at) => `person${at}@contoso.com`);
    expect(parse({ to: 'everyone' }).to).toEqual(['everyone']);
    expect(parse({ to: many(100) }).to).toHaveLength(100);
    expect(pointersOf({ to: many(101) })).toEqual(['/to']);
    expect(pointersOf({ to: [] })).toEqual(['/to']);
  });

  test('is wrong at each entry that is no recipient', () => {
    expect(pointersOf({ to: ['ana@contoso.com', 'ana', 5, '', null] })).toEqual(['/to/1', '/to/2', '/to/3', '/to/4']);
    expect(pointersOf({ to: 'ana' })).toEqual(['/to']);
    expect(pointersOf({ to: 5 })).toEqual(['/to']);
    expect(pointersOf({ to: { 0: 'ana@contoso.com' } })).toEqual(['/to']);
    expect(pointersOf({ to: undefined })).toEqual(['/to']);
  });
});

const filler = (length: number) => 'x'.repeat(length);

describe('texts', () => {
  test.each([
    ['title', 256],
    ['text', 16_384],
    ['summary', 256],
  ])('%s has at most %i characters', (field, max) => {
    expect(parse({ [field]: filler(max) })).toHaveProperty(field, filler(max));
    expect(pointersOf({ [field]: filler(max + 1) })).toEqual([`/${field}`]);
  });

  test.each(['title', 'summary'])('%s says something', (field) => {
    expect(pointersOf({ [field]: '' })).toEqual([`/${field}`]);
    expect(pointersOf({ [field]: ' \n\t\u00a0' })).toEqual([`/${field}`]);
  });

  test('text may be empty', () => {
    expect(parse({ text: '' }).text).toBe('');
  });

  test('no text holds half of a character', () => {
    const half = 'a\ud83d';
    const everywhere = {
      to: [`${half}@contoso.com`],
      title: half,
      text: half,
      summary: half,
      facts: [{ name: half, value: half }],
      links: [{ title: half, url: `https://ci.example/${half}` }],
      images: [{ alt: half, url: `https://ci.example/${half}` }],
    };
    const places = ['/to/0', '/title', '/text', '/facts/0/name', '/facts/0/value', '/links/0/title', '/links/0/url'];
    const others = ['/images/0/alt', '/images/0/url', '/summary'];
    expect([...pointersOf(everywhere)].sort()).toEqual([...places, ...others].sort());
    expect(parse({ title: 'a\ud83d\ude00' }).title).toBe('a😀');
  });

  test.each([null, 5, true, ['x'], { a: 1 }])('a text is never %j', (value) => {
    expect(pointersOf({ title: value, text: value, summary: value })).toEqual(['/title', '/text', '/summary']);
  });
});

describe('words of a list', () => {
  test.each([
    ['severity', ['info', 'success', 'warning', 'error', 'critical']],
    ['priority', ['urgent', 'normal', 'bulk']],
    ['onUnknown', ['resend', 'hold']],
    ['textFormat', ['plain', 'markdown']],
  ])('%s is one of %j', (field, words) => {
    for (const word of words) {
      expect(parse({ [field]: word })).toHaveProperty(field, word);
    }
    for (const other of ['', 'other', words[0]?.toUpperCase(), null, 0, [words[0]]]) {
      expect(pointersOf({ [field]: other })).toEqual([`/${field}`]);
    }
  });
});

describe('facts', () => {
  const fact = { name: 'Service', value: 'api' };

  test('are up to thirty', () => {
    expect(parse({ facts: Array(30).fill(fact) }).facts).toHaveLength(30);
    expect(pointersOf({ facts: Array(31).fill(fact) })).toEqual(['/facts']);
  });

  test('have a name of 1 to 128 characters and a value of at most 1024', () => {
    expect(parse({ facts: [{ name: filler(128), value: filler(1_024) }] }).facts).toHaveLength(1);
    const wrong = [
      { name: filler(129), value: 'x' },
      { name: ' ', value: 'x' },
      { name: 'x', value: filler(1_025) },
    ];
    expect(pointersOf({ facts: wrong })).toEqual(['/facts/0/name', '/facts/1/name', '/facts/2/value']);
    expect(pointersOf({ facts: [{ name: 'x' }, 5, { ...fact, value: 5 }] })).toEqual([
      '/facts/0/value',
      '/facts/1',
      '/facts/2/value',
    ]);
    expect(pointersOf({ facts: fact })).toEqual(['/facts']);
  });
});

describe('links', () => {
  const link = { title: 'View run', url: 'https://ci.example/1' };

  test('are up to six, with a title of 1 to 64 characters and an address of at most 2048', () => {
    const url = `https://ci.example/${filler(2_048 - 'https://ci.example/'.length)}`;
    expect(parse({ links: Array(6).fill({ title: filler(64), url }) }).links).toHaveLength(6);
    expect(pointersOf({ links: Array(7).fill(link) })).toEqual(['/links']);
    const wrong = [{ ...link, title: '' }, { ...link, title: filler(65) }, { ...link, url: `${url}x` }, { title: 'x' }];
    expect(pointersOf({ links: wrong })).toEqual(['/links/0/title', '/links/1/title', '/links/2/url', '/links/3/url']);
  });

  test.each([
    'https://ci.example',
    'HTTPS://CI.example/1',
    'https://ci.example:8443/a%20b?q=x@y#z',
    'https://[2001:db8::1]/',
    'https://bücher.example/ß',
  ])('lead to %s', (url) => {
    expect(parse({ links: [{ title: 'x', url }] }).links[0]?.url).toBe(url);
  });

  test.each([
    '',
    'ci.example',
    '/1',
    '//ci.example/1',
    'https:',
    'https://',
    'https:ci.example',
    'https:///ci.example',
    'http://ci.example/',
    'javascript:alert(1)',
    'data:text/html,x',
    'mailto:ana@contoso.com',
    'msteams://x',
    'https://user@ci.example/',
    'https://user:password@ci.example/',
    'https://teams.microsoft.com\\@evil.example/',
    'https://ci.example\\x',
    'https://ci.example/\u0000',
    'https://ci.example/\n',
    'https://ci.exa\tmple/',
    ' https://ci.example/',
    'https://ci.example/ ',
    'https://ci.example/a b',
    'https://ci.example/\u007f',
    'https://ci.example/\u0085',
    'https://ci.example/\u00a0',
    'https://ci.example/\u2028',
    'https://ci.example:99999/',
  ])('do not lead to %j', (url) => {
    expect(pointersOf({ links: [{ title: 'x', url }] })).toEqual(['/links/0/url']);
  });
});

describe('images', () => {
  const image = { url: 'https://ci.example/1.png', alt: 'Load of api' };

  test('are up to four, each with words of 1 to 128 characters that stand for it', () => {
    expect(parse({ images: Array(4).fill({ ...image, alt: filler(128) }) }).images).toHaveLength(4);
    expect(pointersOf({ images: Array(5).fill(image) })).toEqual(['/images']);
    const wrong = [{ ...image, alt: ' ' }, { ...image, alt: filler(129) }, { url: image.url }, { alt: 'x' }];
    expect(pointersOf({ images: wrong })).toEqual(['/images/0/alt', '/images/1/alt', '/images/2/alt', '/images/3/url']);
    expect(pointersOf({ images: image })).toEqual(['/images']);
  });

  test.each([
    'http://ci.example/1.png',
    'data:image/png;base64,iVBORw0KGgo=',
    'https://user@ci.example/1.png',
    '/1.png',
  ])('do not come from %j', (url) => {
    expect(pointersOf({ images: [{ ...image, url }] })).toEqual(['/images/0/url']);
  });
});

describe('ttl', () => {
  test.each([
    ['PT10S', 10_000],
    ['PT2H', 7_200_000],
    ['P1DT2H3M4S', 93_784_000],
    ['PT90M', 5_400_000],
    ['P7D', 604_800_000],
    ['PT604800S', 604_800_000],
  ])('%s is %i milliseconds', (ttl, ms) => {
    expect(parse({ ttl }).ttl).toBe(ms);
  });

  test.each([
    ['too short', ['PT9S', 'PT0S', 'P0D']],
    ['too long', ['P7DT1S', 'P8D', 'PT604801S', 'P9999D', 'PT99999999S']],
    ['no duration of whole days, hours, minutes and seconds', ['', 'P', 'PT', 'P1DT', 'P1W', 'P1M', 'P1Y', 'PT0.5H']],
    ['not in order or not in this form', ['PT1M1H', 'pt1h', '-PT1H', 'PT-1H', 'PT1H ', '3600', '1h', 'PT1H\n']],
    ['no text', [3_600, null, true, {}]],
  ])('is refused when it is %s', (_, values) => {
    for (const ttl of values) {
      expect(pointersOf({ ttl })).toEqual(['/ttl']);
    }
  });
});

describe('occurredAt', () => {
  test('is an instant, in epoch milliseconds once it is parsed', () => {
    expect(parse({ occurredAt: '2026-01-31T08:15:00+01:00' }).occurredAt).toBe(Date.UTC(2026, 0, 31, 7, 15));
    expect(parse({})).not.toHaveProperty('occurredAt');
  });

  test.each(['', 'today', '2026-01-31T08:00:00', '1999-12-31T23:59:59Z', 1_769_846_400, null, {}])(
    'is not %j',
    (value) => {
      expect(pointersOf({ occurredAt: value })).toEqual(['/occurredAt']);
    },
  );
});

describe('mentions', () => {
  test('are up to five people', () => {
    const people = [
      'ana@contoso.com',
      'aad:7c9e6679-7425-40de-944b-e07fc1f90ae7',
      '29:ana',
      'b@contoso.com',
      'c@contoso.com',
    ];
    expect(parse({ mentions: people }).mentions).toEqual(people);
    expect(pointersOf({ mentions: [...people, 'd@contoso.com'] })).toEqual(['/mentions']);
  });

  test('are wrong at each entry that is nobody, and everyone is nobody', () => {
    expect(pointersOf({ mentions: ['everyone', 'ana', 5, 'ana@contoso.com'] })).toEqual([
      '/mentions/0',
      '/mentions/1',
      '/mentions/2',
    ]);
    expect(pointersOf({ mentions: {} })).toEqual(['/mentions']);
  });
});
