// The card of an event that has a life: its state, its history, and what is left when a newer message takes its place.

import type { LifecycleEntry, LifecycleView } from '../../../../src/domain/lifecycle.ts';
import type { CardContent, EventContent, NotificationContent } from '../../../../src/domain/notification.ts';
import { readableText } from '../../../../src/sandbox/card-text.ts';
import { buildMessage } from '../../../../src/teams/cards/message.ts';

const FULL_DISK: EventContent = {
  kind: 'event',
  title: 'Disk almost full',
  text: 'db1 has 4 % left',
  severity: 'warning',
  facts: [],
  links: [{ title: 'Dashboard', url: 'https://grafana.example/' }],
  source: 'monitoring',
};
const RAW: CardContent = {
  kind: 'card',
  title: 'Disk almost full',
  severity: 'warning',
  summary: 'Disk',
  card: { type: 'AdaptiveCard', version: '1.5', body: [] },
  source: 'monitoring',
};

const at = (minute: number) => Date.UTC(2026, 10, 28, 7, minute);
const entry = (minute: number, parts: Partial<LifecycleEntry> = {}): LifecycleEntry => ({
  ...{ atMs: at(minute), state: 'open', severity: 'warning', title: FULL_DISK.title, count: 1 },
  ...parts,
});
const viewOf = (...history: readonly LifecycleEntry[]): LifecycleView => ({
  state: history.at(-1)?.state ?? 'open',
  openedAtMs: at(0),
  history,
  forgotten: 0,
  isReplaced: false,
});

function messageOf(lifecycle: LifecycleView, content: NotificationContent = FULL_DISK, isReduced = false) {
  const message = buildMessage(content, { isReduced, lifecycle, acceptedAtMs: at(30) });
  const text = readableText({ ...message }).map((line) => line.normalize('NFKC').replaceAll('\\', ''));
  const [{ style } = {}] = JSON.parse(JSON.stringify(message.attachments[0]?.content)).body;
  return { message, text, style };
}

describe('the state', () => {
  test('stands beside the severity while the thing is open or acknowledged, in the colour of the severity', () => {
    const open = messageOf(viewOf(entry(0)));
    expect(open).toMatchObject({ style: 'warning', message: { summary: '⚠️ Warning: Disk almost full' } });
    expect(open.text[0]).toBe('⚠️ Warning · Open');
    const acknowledged = messageOf(viewOf(entry(0), entry(5, { state: 'acknowledged' })));
    expect(acknowledged).toMatchObject({
      style: 'warning',
      message: { summary: '⚠️ Warning · Acknowledged: Disk almost full' },
    });
    expect(acknowledged.text[0]).toBe('⚠️ Warning · Acknowledged');
  });

  test.each(['info', 'warning', 'critical'] as const)(
    'that is resolved looks like a success, whatever it was: %s',
    (severity) => {
      const { style, text, message } = messageOf(viewOf(entry(0), entry(9, { state: 'resolved' })), {
        ...FULL_DISK,
        severity,
      });
      expect(style).toBe('good');
      expect(text[0]).toBe('✅ Resolved');
      expect(message.summary).toBe('✅ Resolved: Disk almost full');
    },
  );
});

describe('the history', () => {
  test('is not there while there is nothing but what the card says', () => {
    const { text } = messageOf(viewOf(entry(0)));
    expect(text).toEqual([
      '⚠️ Warning · Open',
      'Disk almost full',
      'db1 has 4 % left',
      'From monitoring · Sat, Nov 28, 2026, 7:30 AM UTC',
      '[Dashboard (grafana.example)]',
    ]);
  });

  test('counts what was only repeated', () => {
    const { text } = messageOf(viewOf(entry(7, { count: 4 })));
    expect(text).toContain('Reported 4 times since Nov 28, 7:00 AM');
    expect(text.filter((line) => line.includes('Nov 28'))).toHaveLength(2);
  });

  test('tells what happened, the latest first, with time, state, severity, repeats and other titles', () => {
    const { text } = messageOf(
      viewOf(
        entry(1, { count: 3 }),
        entry(4, { severity: 'critical', title: '*Disk* full' }),
        entry(5, { severity: 'critical', state: 'acknowledged' }),
      ),
    );
    expect(text.slice(3, 7)).toEqual([
      'Reported 4 times since Nov 28, 7:00 AM',
      '🚨 Nov 28, 7:05 AM · Acknowledged · Critical',
      '🚨 Nov 28, 7:04 AM · Open · Critical: *Disk* full',
      '⚠️ Nov 28, 7:01 AM · Open · Warning × 3',
    ]);
  });

  test('tells the last five, and how much was said before', () => {
    const entries = Array.from({ length: 8 }, (_, minute) => entry(minute, { count: 2, title: `Disk ${minute}` }));
    const { text } = messageOf({ ...viewOf(...entries), forgotten: 10 });
    expect(text.filter((line) => /Disk \d/.test(line))).toHaveLength(5);
    expect(text).toContain('... 16 earlier');
    expect(text).toContain('Reported at least 16 times since Nov 28, 7:00 AM');
  });

  test('is left to the counter in the short form', () => {
    const { text } = messageOf(viewOf(entry(0, { count: 2 }), entry(1, { severity: 'error' })), FULL_DISK, true);
    expect(text.filter((line) => line.includes('Nov 28'))).toEqual([
      'Reported 3 times since Nov 28, 7:00 AM',
      expect.stringContaining('From monitoring'),
    ]);
  });
});

test.each([FULL_DISK, RAW])('a message whose place was taken is small and says so', (content) => {
  const { text, message } = messageOf({ ...viewOf(entry(0)), isReplaced: true }, content);
  expect(text).toEqual(['Disk almost full', 'A newer message about this has taken the place of this one.']);
  expect(JSON.stringify(message)).not.toContain('"actions"');
});

test("a card of a producer's own making is not decorated", () => {
  expect(messageOf(viewOf(entry(0), entry(1)), RAW).message.attachments[0]?.content).toBe(RAW.card);
});
