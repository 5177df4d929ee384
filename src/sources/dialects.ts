// The dialects that hooks speak: one line for each.

import type { Dialect } from '../domain/source.ts';
import { alertmanager } from './alertmanager.ts';
import { azureMonitor } from './azure-monitor.ts';
import { grafana } from './grafana.ts';
import { pagerduty } from './pagerduty.ts';
import { sentry } from './sentry.ts';

export const DIALECTS: readonly Dialect[] = [alertmanager, azureMonitor, grafana, pagerduty, sentry];
