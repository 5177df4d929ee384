// What one card tells of many messages.

import { composeDigest, type DigestPart } from '../../../src/delivery/compose-digest.ts';
import type { Severity } from '../../../src/domain/notification.ts';
import { EVENT } from '../../support/store-fixtures.ts';

const part = (title: string, acceptedAtMs: number, severity: Severity = 'info'): DigestPart => ({
  content: { ...EVENT, title, severity },
  acceptedAtMs,
});

test('it names title, source, severity, time and first link of each, the oldest first', () => {
  const link = { title: 'Open', url: 'https://ci.example/7' };
  const second = { title: 'Log', url: 'https://ci.example/8' };
  const event = { ...EVENT, title: 'Build', occurredAtMs: 5, links: [link, second] };
  const card = { kind: 'card', title: 'Own', severity: 'error', summary: 's', card: {}, source: 'shop' } as const;
  const ask = { canAcknowledge: true, actions: [] };
  const reminder = { kind: 'reminder', notification: 'ntf_1', title: 'Disk', source: 'ops', ask } as const;
  const told = { kind: 'told', by: 'Ana', text: 'Lunch?', source: 'people' } as const;
  const parts: readonly DigestPart[] = [
    { content: card, acceptedAtMs: 7 },
    { content: told, acceptedAtMs: 6 },
    { content: reminder, acceptedAtMs: 9 },
  ];
  expect(composeDigest({ content: event, acceptedAtMs: 8 }, parts)).toEqual({
    content: {
      kind: 'digest',
      because: 'too_many',
      items: [
        { title: 'Build', source: 'ci', severity: 'info', atMs: 5, link },
        { title: 'Ana: Lunch?', source: 'people', severity: 'info', atMs: 6 },
        { title: 'Own', source: 'shop', severity: 'error', atMs: 7 },
        { title: 'Disk', source: 'ops', severity: 'info', atMs: 9 },
      ],
      more: 0,
    },
    others: 3,
  });
});

test('of more than twenty it names the gravest, then the latest, and counts the rest', () => {
  const many = Array.from({ length: 24 }, (_, at) => part(`plain ${at}`, at + 1));
  const { content } = composeDigest(part('grave', 0, 'critical'), many);
  const titles = content.items.map(({ title }) => title);
  expect(titles).toEqual(['grave', ...many.slice(5).map((_, at) => `plain ${at + 5}`)]);
  expect(content.more).toBe(5);
});

test('what somebody was told is cut to the length of a title', () => {
  const told = { kind: 'told', by: 'Ana', text: 'x'.repeat(1_000), source: 'people' } as const;
  const { content } = composeDigest({ content: told, acceptedAtMs: 1 }, []);
  expect(content.items[0]?.title).toHaveLength(256);
});

test('it says why they waited, as far as one of them tells', () => {
  const waited = { ...part('b', 1), deferredFor: 'quiet_hours' } as const;
  expect(composeDigest(part('a', 0), [waited]).content.because).toBe('quiet_hours');
});
