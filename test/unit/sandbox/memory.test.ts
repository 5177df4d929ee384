// What the sandbox remembers is bounded, and what it forgets stays counted.

import { Conversations } from '../../../src/sandbox/conversations.ts';
import { type SandboxEvent, SandboxEvents } from '../../../src/sandbox/events.ts';
import { Ledger } from '../../../src/sandbox/ledger.ts';
import { Organisation } from '../../../src/sandbox/organisation.ts';

const request = { receivedAtMs: 1, operation: 'sendToConversation', status: 201, posted: 1 } as const;

describe('the ledger', () => {
  test.each([0, 1, 10])('keeps the newest %i entries and counts all', (maxEntries) => {
    const ledger = new Ledger(maxEntries);
    for (let at = 0; at < 95; at++) {
      ledger.add(request);
    }
    expect(ledger.since(0).map((entry) => entry.sequence)).toEqual(
      Array.from({ length: maxEntries }, (_, at) => 96 - maxEntries + at),
    );
    expect(ledger.counts()).toMatchObject({ requests: 95, posted: 95, byStatus: { 201: 95 } });
  });

  test('tells only what came after a sequence', () => {
    const ledger = new Ledger(10);
    ledger.add(request);
    ledger.add(request);
    expect(ledger.since(1).map((entry) => entry.sequence)).toEqual([2]);
  });
});

describe('a conversation', () => {
  const clock = { nowMs: () => 1_750_000_000_000, after: () => () => undefined };
  const conversations = new Conversations({ organisation: new Organisation(1), clock }, 3);
  const find = () => conversations.find('a:1p0');

  test('keeps its newest messages, with ids that differ although the clock stands still', () => {
    const conversation = find();
    for (let at = 0; conversation && at < 5; at++) {
      conversations.post(conversation, { author: 'bot', activity: { text: String(at) } });
    }
    const messages = conversation ? conversations.messages(conversation) : [];
    expect(messages.map((message) => message.activity['text'])).toEqual(['2', '3', '4']);
    expect(new Set(messages.map((message) => message.id)).size).toBe(3);
  });
});

describe('the events', () => {
  const happening = (text: string) => ({ kind: 'notice', conversationId: 'a:1', text }) as const;
  const isText = (text: string) => (event: SandboxEvent) => event.kind === 'notice' && event.text === text;

  test('are told from an id on, and not at all when some are forgotten', () => {
    const events = new SandboxEvents();
    expect(events.since(0)).toEqual([]);
    for (let at = 1; at <= 5_000; at++) {
      events.emit(happening(String(at)));
    }
    expect(events.since(4_998)?.map((event) => event.id)).toEqual([4_999, 5_000]);
    expect(events.since(5_000)).toEqual([]);
    expect(events.since(1)).toBeUndefined();
    expect(events.since(5_001)).toBeUndefined();
    expect(events.since(Number.NaN)).toBeUndefined();
  });

  test('are waited for: what comes, and from an id on also what has come', async () => {
    const events = new SandboxEvents();
    events.emit(happening('past'));
    const future = events.waitFor(isText('future'), { timeoutMs: 1_000 });
    events.emit(happening('future'));
    expect(await future).toMatchObject({ id: 2 });
    expect(await events.waitFor(isText('past'), { timeoutMs: 1_000, afterId: 0 })).toMatchObject({ id: 1 });
    await expect(events.waitFor(isText('past'), { timeoutMs: 1 })).rejects.toMatchObject({ code: 'internal' });
  });
});
