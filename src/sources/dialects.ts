// The dialects that hooks speak: one line for each.

import type { Dialect } from '../domain/source.ts';
import { alertmanager } from './alertmanager.ts';
import { azureMonitor } from './azure-monitor.ts';
import { cloudevents } from './cloudevents.ts';
import { github } from './github.ts';
import { grafana } from './grafana.ts';
import { json } from './json.ts';
import { pagerduty } from './pagerduty.ts';
import { sentry } from './sentry.ts';
import { standardWebhooks } from './standard-webhooks.ts';
import { text } from './text.ts';

/** In the order of their names. */
export const DIALECTS: readonly Dialect[] = [
  alertmanager,
  azureMonitor,
  cloudevents,
  github,
  grafana,
  json,
  pagerduty,
  sentry,
  standardWebhooks,
  text,
];
