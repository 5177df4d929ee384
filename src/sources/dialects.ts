// The dialects that hooks speak: one line for each.

import type { Dialect } from '../domain/source.ts';
import { alertmanager } from './alertmanager.ts';
import { gitlab } from './gitlab.ts';

export const DIALECTS: readonly Dialect[] = [alertmanager, gitlab];
