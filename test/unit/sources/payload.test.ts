// Looking into payloads that may be anything.

import { AppError } from '../../../src/domain/errors.ts';
import {
  at,
  count,
  firstLine,
  joined,
  listAt,
  membersAt,
  requireObject,
  textAt,
  textsAt,
} from '../../../src/sources/payload.ts';

const PAYLOAD = { alerts: [{ name: ' disk ', count: 0, isFiring: false, note: ' \n' }], tags: ['a', '', null, 7, {}] };

test('a value is found by the names of members and the places in lists', () => {
  expect(at(PAYLOAD, 'alerts', 0, 'name')).toBe(' disk ');
  expect(at(PAYLOAD)).toBe(PAYLOAD);
});

const NOWHERE: readonly (readonly (string | number)[])[] = [
  ['alerts', 1],
  ['alerts', 'name'],
  ['alerts', 0, 'name', 0],
  ['nobody', 'there'],
  ['__proto__'],
  ['constructor', 'name'],
  ['alerts', 'map'],
];

test.each(NOWHERE.map((path) => [path]))('nothing is found where nothing of the payload is: %j', (path) => {
  expect(at(PAYLOAD, ...path)).toBeUndefined();
});

test.each([null, undefined, 7, 'text', true])('nothing is found in %p', (payload) => {
  expect(at(payload, 'length')).toBeUndefined();
  expect(listAt(payload)).toEqual([]);
  expect(membersAt(payload)).toEqual([]);
});

test('a text is without blanks around it, a number and a boolean are written, and what is blank is not there', () => {
  const read = (name: string) => textAt(PAYLOAD, 'alerts', 0, name);
  expect(['name', 'count', 'isFiring', 'note', 'other'].map(read)).toEqual([
    'disk',
    '0',
    'false',
    undefined,
    undefined,
  ]);
  expect([textAt({}), textAt([]), textAt(null)]).toEqual([undefined, undefined, undefined]);
});

test('of a list the texts are read, of an object the members in its order', () => {
  expect(textsAt(PAYLOAD, 'tags')).toEqual(['a', '7']);
  expect(textsAt(PAYLOAD, 'alerts', 0)).toEqual([]);
  expect(membersAt({ b: 1, a: 2 })).toEqual([
    ['b', 1],
    ['a', 2],
  ]);
  expect(membersAt(PAYLOAD, 'tags')).toEqual([]);
});

describe('a payload that has to be an object', () => {
  const refusalOf = (body: unknown): unknown => {
    try {
      requireObject(body, 'a payload of Alertmanager', ['alerts', 'status']);
      return undefined;
    } catch (error) {
      return error instanceof AppError ? { code: error.code, at: error.faults.map(({ pointer }) => pointer) } : error;
    }
  };

  test('is taken with all of its members, whatever they are', () => {
    expect(refusalOf({ alerts: 0, status: '' })).toBeUndefined();
  });

  test('is refused with each member that it lacks', () => {
    expect(refusalOf({ alerts: null })).toEqual({ code: 'invalid_request', at: ['/alerts', '/status'] });
    expect(refusalOf({ status: 'firing' })).toEqual({ code: 'invalid_request', at: ['/alerts'] });
  });

  test.each([null, undefined, [], 'text', 7])('is not %p', (body) => {
    expect(refusalOf(body)).toMatchObject({ code: 'invalid_request' });
    expect(() => requireObject(body, 'a payload')).toThrow(AppError);
  });
});

test('one is one, and any other number is several', () => {
  expect([count(1, 'alert'), count(0, 'alert'), count(2, 'reply', 'replies')]).toEqual([
    '1 alert',
    '0 alerts',
    '2 replies',
  ]);
});

test('texts are joined where they are there', () => {
  expect([joined(' · ', 'a', undefined, 'b'), joined(' · ', undefined, 'b'), joined(' · ', undefined)]).toEqual([
    'a · b',
    'b',
    undefined,
  ]);
});

test('a first line is the first that says something', () => {
  expect(['\n\r\n a \r\nb', 'a', ' ', undefined].map(firstLine)).toEqual(['a', 'a', undefined, undefined]);
});
