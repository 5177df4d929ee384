// The shape that every activity must have, and how much may be wrong with the rest of it.

import { MAX_ACTIVITY_BYTES, parseActivity } from '../../../../src/teams/activity-shape.ts';
import { BOT_ID, bytesOf, personalMessage, TENANT_ID, teamActivity } from './activities.ts';

const parse = (body: unknown) => parseActivity(bytesOf(body));

describe('the shape of an activity', () => {
  test.each([
    ['no object', []],
    ['null', null],
    ['a number', 1],
    ['empty', {}],
    ['without a type', personalMessage({ type: undefined })],
    ['with a type that is no string', personalMessage({ type: 1 })],
    ['without an id', personalMessage({ id: undefined })],
    ['without a serviceUrl', personalMessage({ serviceUrl: undefined })],
    ['with an empty serviceUrl', personalMessage({ serviceUrl: '' })],
    ['with a null serviceUrl', personalMessage({ serviceUrl: null })],
    ['without a channel id', personalMessage({ channelId: undefined })],
    ['with a channel id that is no string', personalMessage({ channelId: 7 })],
    ['without a conversation', personalMessage({ conversation: undefined })],
    ['with a conversation id that leaves its path', personalMessage({ conversation: { id: '..' } })],
    ['with a conversation id that holds a slash', personalMessage({ conversation: { id: 'a/b' } })],
    ['without a recipient', personalMessage({ recipient: null })],
    ['with a sender that is no object', personalMessage({ from: 'Jo' })],
    ['with a sender without an id', personalMessage({ from: { name: 'Jo' } })],
  ])('a body %s is refused', (_name, body) => {
    expect(parse(body)).toBeUndefined();
  });

  test.each([
    ['text that is no JSON', Buffer.from('{"type":')],
    ['nothing', Buffer.alloc(0)],
    ['text with bytes that are not UTF-8', Buffer.from(JSON.stringify(personalMessage({ text: '\xff' })), 'latin1')],
    ['more than the limit', bytesOf(personalMessage({ text: 'x'.repeat(MAX_ACTIVITY_BYTES) }))],
  ])('%s is refused', (_name, bytes) => {
    expect(parseActivity(bytes)).toBeUndefined();
  });

  test('a part that nothing depends on is left out when it is wrong', () => {
    const wrong = {
      timestamp: 'yesterday',
      locale: 7,
      entities: 'none',
      membersAdded: {},
      channelData: [],
      text: null,
    };
    const activity = parse(personalMessage(wrong));
    expect(activity).toMatchObject({ type: 'message', recipient: { id: BOT_ID } });
    for (const key of Object.keys(wrong)) {
      expect(activity).not.toHaveProperty(key, expect.anything());
    }
  });

  test('an activity without a sender, and one of an unknown type, are tolerated', () => {
    expect(parse(personalMessage({ from: null, type: 'somethingNew' }))).toMatchObject({ type: 'somethingNew' });
  });

  test('tenant ids are lower case', () => {
    const activity = parse(teamActivity({ channelData: { tenant: { id: TENANT_ID.toUpperCase() } } }));
    expect(activity?.channelData?.tenant?.id).toBe(TENANT_ID);
  });

  test('every member of a huge team is read', () => {
    const members = Array.from({ length: 20_000 }, (_, index) => ({ id: `29:${index}` }));
    const activity = parse(teamActivity({ membersAdded: [...members, null, 'x', {}, { id: BOT_ID }] }));
    expect(activity?.membersAdded).toHaveLength(20_001);
    expect(activity?.membersAdded?.at(-1)).toEqual({ id: BOT_ID });
  });

  test('a list of entities is read up to a bound', () => {
    const activity = parse(personalMessage({ entities: Array(5_000).fill({ type: 'mention' }) }));
    expect(activity?.entities).toHaveLength(100);
  });

  test('keys named like parts of a prototype give nothing and change nothing', () => {
    const text = JSON.stringify(personalMessage({ text: undefined, constructor: 1, toString: 1 }));
    const activity = parse(text.replace('{', '{"__proto__":{"text":"from afar","polluted":true},'));
    expect(activity).toMatchObject({ type: 'message' });
    expect(activity?.text).toBeUndefined();
    expect(activity).not.toHaveProperty('polluted');
    expect({}).not.toHaveProperty('polluted');
  });

  test('properties that Bellhop does not use are gone', () => {
    expect(parse(personalMessage({ deliveryMode: 'expectReplies', callerId: 'me' }))).not.toHaveProperty(
      'deliveryMode',
    );
  });
});
