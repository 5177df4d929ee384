// The dialects that hooks speak: one line for each.

import type { Dialect } from '../domain/source.ts';
import { alertmanager } from './alertmanager.ts';
import { messageCard } from './message-card.ts';
import { slack } from './slack.ts';
import { workflows } from './workflows.ts';

export const DIALECTS: readonly Dialect[] = [alertmanager, messageCard, slack, workflows];
