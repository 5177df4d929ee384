// What the dialects are called, for those who choose one.

import { DIALECTS } from './dialects.ts';

/** As operators write them. */
export const DIALECT_NAMES = DIALECTS.map(({ name }) => name) as [string, ...string[]];
