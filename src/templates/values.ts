// Values of the data, as expressions read them.

import type { Budget } from './budget.ts';

/** The text of a value that is one; undefined for what is missing, a list or an object. */
export function textOf(value: unknown): string | undefined {
  switch (typeof value) {
    case 'string':
      return value;
    case 'number':
    case 'boolean':
      return String(value);
    default:
      return undefined;
  }
}

/** Whether a condition holds: for everything but false and what is missing, as in Adaptive Expressions. */
export function isTrue(value: unknown): boolean {
  return typeof value === 'boolean' ? value : value !== null && value !== undefined;
}

/** Lists and objects equal nothing: comparing them could take as long as they are large. */
export function isEqual(left: unknown, right: unknown): boolean {
  if (isMissing(left) || isMissing(right)) {
    return isMissing(left) && isMissing(right);
  }
  if (typeof left === 'number' && typeof right === 'number') {
    return Math.abs(left - right) < Number.EPSILON;
  }
  return typeof left !== 'object' && left === right;
}

/** Whether there is nothing at a place of the data. */
export function isMissing(value: unknown): value is null | undefined {
  return value === null || value === undefined;
}

/** Steps for each member of an object whose members are listed. */
export const STEPS_A_KEY = 10;

/**
 * A member of an object, its own and no other. As in Adaptive Expressions, one that differs only in capital letters
 * will do where there is no better one.
 */
export function memberOf(value: unknown, name: string, budget: Budget): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return undefined;
  }
  if (Object.hasOwn(value, name)) {
    return (value as Readonly<Record<string, unknown>>)[name];
  }
  const entries = Object.entries(value);
  budget.spend(entries.length * STEPS_A_KEY);
  const lowerName = name.toLowerCase();
  return entries.find(([key]) => key.toLowerCase() === lowerName)?.[1];
}

/** An element of a list by its place, or a member of an object by its name. */
export function elementOf(value: unknown, index: unknown, budget: Budget): unknown {
  if (Array.isArray(value)) {
    return typeof index === 'number' && Number.isInteger(index) ? value[index] : undefined;
  }
  return typeof index === 'string' ? memberOf(value, index, budget) : undefined;
}
