// The dialects that hooks speak: one line for each.

import type { Dialect } from '../domain/source.ts';
import { alertmanager } from './alertmanager.ts';

export const DIALECTS = [alertmanager] as const satisfies readonly Dialect[];

/** As operators write them. */
export const DIALECT_NAMES = DIALECTS.map(({ name }) => name) as [string, ...string[]];
