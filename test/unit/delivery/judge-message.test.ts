// What of a message its person's preferences are asked for.

import { judgeMessage, passesQuiet, type WishedMessage } from '../../../src/delivery/judge-message.ts';
import { EVENT } from '../../support/store-fixtures.ts';

const NIGHT = { quietHours: { fromMinute: 0, toMinute: 60, withWeekends: false } };
const AT_MIDNIGHT = { nowMs: Date.UTC(2026, 0, 1), defaultTimeZone: 'UTC' };
const MESSAGE: WishedMessage = { content: EVENT, priority: 'normal', preferences: NIGHT, target: {} };

const kindOf = (message: Partial<WishedMessage>, key?: string) =>
  judgeMessage({ ...MESSAGE, ...message }, key, AT_MIDNIGHT).kind;

test('only what is urgent and may pass quiet hours passes them', () => {
  const content = { ...EVENT, passesQuiet: true } as const;
  expect(passesQuiet({ content, priority: 'urgent' })).toBe(true);
  expect(passesQuiet({ content, priority: 'normal' })).toBe(false);
  expect(passesQuiet({ content: EVENT, priority: 'urgent' })).toBe(false);
});

test('the zone is that of the person where there is such a zone, else that of the service', () => {
  expect(kindOf({ target: { timeZone: 'Asia/Tokyo' } })).toBe('send');
  expect(kindOf({ target: { timeZone: 'Nowhere/At_All' } })).toBe('defer');
  expect(kindOf({})).toBe('defer');
});

test('what the bot says of its own is not judged, and what somebody was told is', () => {
  const preferences = { optedOutAtMs: 1 };
  expect(kindOf({ preferences, content: { kind: 'welcome' } })).toBe('send');
  expect(kindOf({ preferences, content: { kind: 'told', by: 'Ana', text: 'Hi', source: 'people' } })).toBe('suppress');
});

test('a reminder is judged by the source and the key of what it reminds of', () => {
  const ask = { canAcknowledge: true, actions: [] };
  const content = { kind: 'reminder', notification: 'ntf_1', title: 'Disk', source: 'ci', ask, key: 'disk' } as const;
  const muting = (kind: 'source' | 'key', name: string) => ({ mutes: [{ kind, name, untilMs: null }] });
  expect(kindOf({ content })).toBe('defer');
  expect(kindOf({ content, preferences: muting('source', 'ci') })).toBe('suppress');
  expect(kindOf({ content, preferences: muting('key', 'disk') })).toBe('suppress');
  expect(kindOf({ content, preferences: muting('key', 'memory') })).toBe('send');
});

test('a key is muted where the message has it', () => {
  const preferences = { mutes: [{ kind: 'key', name: 'disk', untilMs: null }] } as const;
  expect(kindOf({ preferences }, 'DISK')).toBe('suppress');
  expect(kindOf({ preferences })).toBe('send');
});
