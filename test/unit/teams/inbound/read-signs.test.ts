// What read receipts and reactions mean, and by what a repetition of one is known.

import fc from 'fast-check';
import { parseActivity } from '../../../../src/teams/activity-shape.ts';
import { readActivity } from '../../../../src/teams/read-activity.ts';
import { type Body, bytesOf, personalMessage, TEAM_ID, teamActivity, USER_ID } from './activities.ts';

const NOW_MS = Date.UTC(2026, 5, 1);
const READ = '1767225600001';

function read(body: Body, nowMs = NOW_MS) {
  const activity = parseActivity(bytesOf(body));
  return activity && readActivity(activity, nowMs);
}

const receipt = (parts: Body = {}) =>
  personalMessage({
    ...{ type: 'event', name: 'application/vnd.microsoft.readReceipt', id: undefined, text: undefined },
    ...{ value: { lastReadMessageId: READ }, ...parts },
  });

const reaction = (parts: Body = {}) =>
  personalMessage({
    ...{ type: 'messageReaction', id: 'f:1', text: undefined, replyToId: '1767225600000' },
    ...{ reactionsAdded: [{ type: 'like' }], ...parts },
  });

describe('a read receipt', () => {
  test('tells up to which message the person of a 1:1 chat has read', () => {
    expect(read(receipt({ id: 'f:7' }))).toMatchObject({
      kind: 'read',
      activityId: 'f:7',
      lastReadMessageId: READ,
      from: { teamsUserId: USER_ID },
    });
  });

  test.each([
    ['without a value', { value: undefined }],
    ['with a value that is no object', { value: 'all' }],
    ['with an id that is no string', { value: { lastReadMessageId: 1 } }],
    ['with an id that is no number', { value: { lastReadMessageId: 'f:1' } }],
    ['with an id of more than twenty digits', { value: { lastReadMessageId: '1'.repeat(21) } }],
    ['of another name', { name: 'application/vnd.microsoft.meetingStart' }],
    ['without a name', { name: undefined }],
  ])('%s is nothing to do', (_name, parts) => {
    expect(read(receipt(parts))).toMatchObject({ kind: 'other' });
  });

  test('from a channel or a group chat is nothing to do', () => {
    const { type, name, value } = receipt();
    expect(read(teamActivity({ type, name, value }))).toMatchObject({ kind: 'other' });
    const conversation = { conversationType: 'groupChat', isGroup: true, id: '19:g@thread.v2' };
    expect(read(receipt({ conversation }))).toMatchObject({ kind: 'other' });
  });
});

describe('a reaction', () => {
  test('tells what was given to which message and what taken back', () => {
    expect(read(reaction({ reactionsRemoved: [{ type: 'sad' }] }))).toMatchObject({
      ...{ kind: 'reaction', activityId: 'f:1', messageId: '1767225600000', added: ['like'], removed: ['sad'] },
    });
  });

  test('is told of a message in a thread of a channel, too', () => {
    const { type, replyToId, reactionsAdded } = reaction();
    const conversation = { conversationType: 'channel', isGroup: true, id: `${TEAM_ID};messageid=1` };
    expect(read(teamActivity({ type, replyToId, reactionsAdded, conversation }))).toMatchObject({
      ...{ kind: 'reaction', scope: 'team', conversation: { conversationId: TEAM_ID } },
    });
  });

  test('has a type that Teams may name as it likes; the same one twice counts once', () => {
    const reactionsAdded = [{ type: '1f44b_wavinghand-tone4' }, { type: '1f44b_wavinghand-tone4' }];
    expect(read(reaction({ reactionsAdded }))).toMatchObject({ added: ['1f44b_wavinghand-tone4'] });
  });

  test.each([
    ['that says of no message', { replyToId: undefined }],
    ['to a message whose id leaves its path', { replyToId: '..' }],
    ['of no type', { reactionsAdded: [] }],
    ['that is no list', { reactionsAdded: { type: 'like' } }],
    ['whose types are none', { reactionsAdded: [null, 1, {}, { type: 7 }, { type: '' }, { type: 'x'.repeat(129) }] }],
  ])('%s is nothing to do', (_name, parts) => {
    expect(read(reaction(parts))).toMatchObject({ kind: 'other' });
  });

  test('counts twenty times at most in one activity', () => {
    const reactionsAdded = Array.from({ length: 1_000 }, (_, index) => ({ type: `emoji-${index}` }));
    const event = read(reaction({ reactionsAdded }));
    expect(event?.kind === 'reaction' ? event.added : []).toHaveLength(20);
  });
});

describe('a sign without an id of its own', () => {
  const idOf = (body: Body, nowMs?: number) => read(body, nowMs)?.activityId;
  const unnamed = (parts: Body = {}) => reaction({ id: undefined, ...parts });

  test('is known again when Teams repeats it, whenever that comes', () => {
    expect(idOf(receipt())).toBe(idOf(receipt(), NOW_MS + 60_000));
    expect(idOf(unnamed())).toBe(idOf(unnamed(), NOW_MS + 60_000));
  });

  test.each([
    ['another message read', receipt(), receipt({ value: { lastReadMessageId: '1767225600002' } })],
    ['another reaction', unnamed(), unnamed({ reactionsAdded: [{ type: 'heart' }] })],
    ['a reaction taken back', unnamed(), unnamed({ reactionsAdded: [], reactionsRemoved: [{ type: 'like' }] })],
    ['a reaction to another message', unnamed(), unnamed({ replyToId: '1767225600009' })],
    ['a reaction of somebody else', unnamed(), unnamed({ from: { id: '29:2-user_B' } })],
    ['the same reaction, later', unnamed(), unnamed({ timestamp: '2026-01-01T00:00:01.000Z' })],
  ])('is not taken for %s', (_name, one, another) => {
    expect(idOf(one)).not.toBe(idOf(another));
  });

  test('is taken for a new one where Teams does not say when it was', () => {
    const timeless = unnamed({ timestamp: undefined });
    expect(idOf(timeless)).not.toBe(idOf(timeless, NOW_MS + 1));
  });

  test('is no excuse for others', () => {
    expect(read(personalMessage({ id: undefined }))).toBeUndefined();
    expect(read(personalMessage({ type: 'invoke', id: undefined }))).toBeUndefined();
  });
});

test('whatever a sign is made of, it is read, and what is read is bounded', () => {
  const types = fc.oneof(fc.constant('event'), fc.constant('messageReaction'));
  const list = fc.oneof(fc.jsonValue(), fc.array(fc.record({ type: fc.oneof(fc.string(), fc.jsonValue()) })));
  const parts = fc.record(
    { type: types, name: fc.oneof(fc.constant('application/vnd.microsoft.readReceipt'), fc.jsonValue()) },
    { noNullPrototype: true },
  );
  const said = fc.record({ reactionsAdded: list, reactionsRemoved: list, replyToId: fc.jsonValue(), value: list });
  fc.assert(
    fc.property(parts, said, fc.jsonValue(), (named, values, lastReadMessageId) => {
      const value = named.type === 'event' ? { lastReadMessageId } : values.value;
      const event = read(personalMessage({ id: undefined, ...named, ...values, value }));
      expect(event?.activityId).toMatch(/^sign:/);
      if (event?.kind === 'reaction') {
        expect(event.added.length + event.removed.length).toBeLessThanOrEqual(40);
      }
    }),
    { numRuns: 10_000 },
  );
});
