// Filters of hooks: what they let through, and what is no filter.

import fc from 'fast-check';
import { findRefusal, parseFilter } from '../../../src/hooks/filter.ts';

const EVENT = {
  severity: 'warning',
  traits: {
    event: 'pull_request.opened',
    repository: 'contoso/api',
    branch: 'main',
    actor: 'dependabot[bot]',
    labels: ['bug', 'severity=page'],
  },
} as const;

test.each([
  'event=pull_request.opened',
  'event=push,pull_request.*',
  'event=*',
  'event=PULL_REQUEST.opened',
  'event!=push',
  'severity>=info',
  'severity>=warning',
  'severity=warning,error',
  'label=bug',
  'label=severity=page',
  'label!=wontfix',
  'repository=contoso/*',
  'repository=*api*',
  'repository=c*o/a*i',
  'branch = main , release-*',
  'actor!=ana',
])('%s lets it through', (filter) => {
  expect(findRefusal([filter], EVENT)).toBeUndefined();
});

test.each([
  'event=push',
  'event=pull_request',
  'event!=pull_request.*',
  'severity>=error',
  'severity!=warning',
  'label=feature',
  'label!=bug',
  'repository=api',
  'repository=*contoso/api/*',
  'repository=contoso/apiapi',
  'repository=contoso/a*api',
  'branch=mai',
  'actor!=*bot*',
])('%s keeps it back', (filter) => {
  expect(findRefusal([filter], EVENT)).toBe(filter);
});

test('what the payload does not tell passes no filter that asks for it, and every filter that excludes it', () => {
  const unknown = { severity: 'info', traits: {} } as const;
  expect(findRefusal(['branch=main'], unknown)).toBe('branch=main');
  expect(findRefusal(['branch!=main'], unknown)).toBeUndefined();
});

test('an event has to pass all of them, and the first that it does not pass is named', () => {
  expect(findRefusal(['event=pull_request.*', 'branch=dev', 'label=x'], EVENT)).toBe('branch=dev');
});

test.each([
  '',
  'event',
  'event=',
  'event=a,,b',
  'colour=red',
  'severity>=loud',
  'event>=push',
  'event~x',
  `event=${'x'.repeat(600)}`,
])('"%s" is no filter', (text) => {
  expect(parseFilter(text)).toBeUndefined();
});

test('a pattern matches as a regular expression made of it would', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b', '.', '*'), maxLength: 8 });
  fc.assert(
    fc.property(
      text,
      text.filter((one) => one.trim() !== ''),
      (value, pattern) => {
        const body = pattern
          .split('*')
          .map((part) => part.replace(/[.]/g, '\\$&'))
          .join('.*');
        const isMatch = new RegExp(`^${body}$`).test(value);
        const refusal = findRefusal([`actor=${pattern}`], { severity: 'info', traits: { actor: value } });
        expect(refusal === undefined).toBe(isMatch);
      },
    ),
    { numRuns: 10_000 },
  );
});
