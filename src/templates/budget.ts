// How much one expansion may do: counted as it goes, so that it ends by itself whatever the template and the data are.

import { AppError } from '../domain/errors.ts';

/** Bounds of one expansion. */
export const EXPANSION_LIMITS = {
  /** Of the card as JSON, UTF-16 units. */
  maxUnits: 65_536,
  /**
   * Steps: one for each character that is read, more for what takes longer, such as making text literal. All of them take
   * 5 to 15 ms of a processor; the slowest known uses are tested to stay below 20 ms.
   */
  maxSteps: 400_000,
} as const;

/** Steps for looking at one part of a template. */
const STEPS_A_VISIT = 10;

/** What one expansion may still do. Created anew for each. */
export class Budget {
  #unitsLeft: number = EXPANSION_LIMITS.maxUnits;
  #stepsLeft: number = EXPANSION_LIMITS.maxSteps;
  #pointer = '';

  /** Looks at a part of the template; what is too much from here on is reported there. */
  visit(pointer: string): void {
    this.#pointer = pointer;
    this.spend(STEPS_A_VISIT);
  }

  /** Pays for work before or right after it is done. @throws AppError `invalid_request` when there was too much */
  spend(steps: number): void {
    this.#stepsLeft -= steps;
    if (this.#stepsLeft < 0) {
      throw this.#tooMuch('this is repeated too often. Give shorter lists, or repeat less with $data');
    }
  }

  /** Pays for output before it is kept. @throws AppError `invalid_request` when the card has grown too large */
  grow(units: number): void {
    this.#unitsLeft -= units;
    if (this.#unitsLeft < 0) {
      throw this.#tooMuch(
        `the card grows beyond ${EXPANSION_LIMITS.maxUnits} characters. Give shorter lists and texts, or repeat less with $data`,
      );
    }
  }

  #tooMuch(detail: string): AppError {
    const faults = [{ pointer: this.#pointer, detail: `With this data, ${detail}` }];
    return new AppError('invalid_request', 'The template makes too much of the data', { faults });
  }
}
