// The dialects that hooks speak: one line for each.

import type { Dialect } from '../domain/source.ts';
import { alertmanager } from './alertmanager.ts';
import { azureDevops } from './azure-devops.ts';
import { gitlab } from './gitlab.ts';
import { jira } from './jira.ts';

export const DIALECTS: readonly Dialect[] = [alertmanager, azureDevops, gitlab, jira];
