// Looking into payloads that may be anything: what is not there, or of another type, is undefined. Pure.

import { AppError } from '../domain/errors.ts';

/** The value at a place: names of members, positions in lists. */
export function at(value: unknown, ...path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>(
    (inner, part) =>
      typeof inner === 'object' && inner !== null && Object.hasOwn(inner, part) ? Reflect.get(inner, part) : undefined,
    value,
  );
}

/** The text there, without blanks around it; a number or a boolean as it is written; undefined when it is blank. */
export function textAt(value: unknown, ...path: readonly (string | number)[]): string | undefined {
  const found = at(value, ...path);
  const text = typeof found === 'number' || typeof found === 'boolean' ? String(found) : found;
  return typeof text === 'string' && text.trim() !== '' ? text.trim() : undefined;
}

/** The list there; an empty one when there is none. */
export function listAt(value: unknown, ...path: readonly (string | number)[]): readonly unknown[] {
  const found = at(value, ...path);
  return Array.isArray(found) ? found : [];
}

/** The texts of the list there, as `textAt` reads each. */
export function textsAt(value: unknown, ...path: readonly (string | number)[]): readonly string[] {
  return listAt(value, ...path).flatMap((one) => textAt(one) ?? []);
}

/** The members of the object there, in its order; none when there is no object. */
export function membersAt(
  value: unknown,
  ...path: readonly (string | number)[]
): readonly (readonly [string, unknown])[] {
  const found = at(value, ...path);
  return isObject(found) ? Object.entries(found) : [];
}

/** Whether it is an object and no list. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * @param what whose payload it should be: "a payload of Alertmanager"
 * @throws AppError `invalid_request` when the body is no object, or lacks one of these members
 */
export function requireObject(body: unknown, what: string, members: readonly string[] = []): void {
  const missing = isObject(body) ? members.filter((name) => body[name] === undefined || body[name] === null) : members;
  if (!isObject(body) || missing.length > 0) {
    const expected = members.length > 0 ? `${what}: an object with ${members.join(', ')}` : `${what}: an object`;
    throw new AppError('invalid_request', `Expected ${expected}`, {
      faults: missing.map((name) => ({ pointer: `/${name}`, detail: 'Expected a value, found none' })),
    });
  }
}

/** `1 alert`, `3 alerts`. */
export function count(many: number, one: string, several = `${one}s`): string {
  return `${many} ${many === 1 ? one : several}`;
}

/** The texts that are there, with something between them; undefined when none is. */
export function joined(between: string, ...texts: readonly (string | undefined)[]): string | undefined {
  const there = texts.filter((text) => text !== undefined);
  return there.length > 0 ? there.join(between) : undefined;
}

/** The first line of a longer text. */
export function firstLine(text: string | undefined): string | undefined {
  return textAt(text?.trim().split(/\r?\n/, 1)[0]);
}
