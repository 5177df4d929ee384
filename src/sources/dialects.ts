// The dialects that hooks speak: one line for each.

import type { Dialect } from '../domain/source.ts';
import { alertmanager } from './alertmanager.ts';
import { github } from './github.ts';

/** In the order of their names. */
export const DIALECTS: readonly Dialect[] = [alertmanager, github];
