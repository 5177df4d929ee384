// The dialects that hooks speak: one line for each.

import type { Dialect } from '../domain/source.ts';
import { alertmanager } from './alertmanager.ts';
import { azureDevops } from './azure-devops.ts';
import { azureMonitor } from './azure-monitor.ts';
import { cloudevents } from './cloudevents.ts';
import { github } from './github.ts';
import { gitlab } from './gitlab.ts';
import { grafana } from './grafana.ts';
import { jira } from './jira.ts';
import { json } from './json.ts';
import { messageCard } from './message-card.ts';
import { pagerduty } from './pagerduty.ts';
import { sentry } from './sentry.ts';
import { slack } from './slack.ts';
import { standardWebhooks } from './standard-webhooks.ts';
import { text } from './text.ts';
import { workflows } from './workflows.ts';

/** In the order of their names. */
export const DIALECTS: readonly Dialect[] = [
  alertmanager,
  azureDevops,
  azureMonitor,
  cloudevents,
  github,
  gitlab,
  grafana,
  jira,
  json,
  messageCard,
  pagerduty,
  sentry,
  slack,
  standardWebhooks,
  text,
  workflows,
];
