// The results of a poll as a table.

import { countLines, csvLine, voteHeader, voteLine } from '../../../src/polls/poll-csv.ts';
import { LUNCH } from '../../support/poll-fixture.ts';

test.each([
  ['=1+1', `'=1+1`],
  ['+1', `'+1`],
  ['-1', `'-1`],
  ['@SUM(A1)', `'@SUM(A1)`],
  ['  =1', `'  =1`],
  ['\t=1', `'\t=1`],
  ['\r\nx', `"'\r\nx"`],
  ['＝1', `'＝1`],
  ['a=1', 'a=1'],
  ['Ana-Maria', 'Ana-Maria'],
])('what a spreadsheet would take for a formula, %j, is text', (text, written) => {
  expect(csvLine([text])).toBe(`${written}\r\n`);
});

test('quotes, commas and line breaks stand in quotes, and each line ends as RFC 4180 says', () => {
  expect(csvLine(['a "b"', 'c,d', 'e\nf', '', 7])).toBe('"a ""b""","c,d","e\nf",,7\r\n');
});

test('each choice has its votes, or a column in the line of each person', () => {
  const poll = { poll: { ...LUNCH, choices: ['Soup', '=HYPERLINK("x")'] } };
  const link = `"'=HYPERLINK(""x"")"`;
  expect(countLines(poll, { counts: [3, 4] }).join('')).toBe(`choice,votes\r\nSoup,3\r\n${link},4\r\n`);
  expect(countLines(poll, { counts: [] }).join('')).toBe(`choice,votes\r\nSoup,\r\n${link},\r\n`);
  expect(voteHeader(poll)).toBe(`name,person,Soup,${link}\r\n`);
  const vote = { personId: 1, name: '@ana', aadObjectId: null, choices: [1] };
  expect(voteLine(vote, 2)).toBe(`'@ana,,0,1\r\n`);
});
