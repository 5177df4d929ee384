// Numbers as they are typed.

import { InvalidArgumentError } from 'commander';

/** @throws InvalidArgumentError when it is no whole number from 0 to `max` */
export function parseWhole(value: string, max: number): number {
  const number = /^\d+$/.test(value) ? Number(value) : Number.NaN;
  if (!(number <= max)) {
    throw new InvalidArgumentError(`Expected a whole number up to ${max}.`);
  }
  return number;
}
