// What is sent: an ordinary event, and the largest one.

import type { LifecycleEntry, LifecycleView } from '../src/domain/lifecycle.ts';
import { type EventContent, NOTIFICATION_LIMITS as LIMITS, type Priority } from '../src/domain/notification.ts';

const TEXT = `Version 4.2.0 of the api is live in all three regions. Error rate and latency (p99: 180 ms) are where they were before.
* 12 changes, 2 of them with a *database migration*
* roll back with \`deploy --to 4.1.9\`; nobody has to be asked for that until 18:00
The full report is linked below. Reply in #releases if you see something odd, [ops] is watching it.`;

/** About 1 KB as the JSON of a request. */
export const ORDINARY_EVENT: EventContent = {
  kind: 'event',
  title: 'Deploy finished: api 4.2.0',
  text: TEXT,
  severity: 'success',
  facts: [
    { name: 'Service', value: 'api' },
    { name: 'Version', value: '4.2.0' },
    { name: 'Regions', value: 'eu-west, us-east, ap-south' },
    { name: 'Started by', value: 'release-train@contoso.com' },
    { name: 'Duration', value: '14 min 32 s' },
  ],
  links: [
    { title: 'View run', url: 'https://ci.contoso.com/pipelines/api/runs/18823?tab=summary' },
    { title: 'Dashboard', url: 'https://grafana.contoso.com/d/api-latency/api?from=now-1h' },
  ],
  source: 'bench',
};

/** The same size, with each kind of markup. */
export const MARKDOWN_EVENT: EventContent = {
  ...ORDINARY_EVENT,
  textFormat: 'markdown',
  text: `${TEXT}

## Next
1. **watch** the [dashboard](https://grafana.contoso.com/d/api-latency/api)
2. close _change 18823_

\`\`\`
deploy --to 4.1.9
\`\`\``,
};

const REPORT: LifecycleEntry = { atMs: 0, state: 'open', severity: 'warning', title: ORDINARY_EVENT.title, count: 3 };

/** What a card with a history shows most. */
export const ORDINARY_LIFE: LifecycleView = {
  ...{ state: 'acknowledged', openedAtMs: 0, forgotten: 2, isReplaced: false },
  history: [
    ...[1, 2, 3, 4].map((at) => ({ ...REPORT, atMs: at * 60_000, title: `${REPORT.title} (${at})` })),
    { ...REPORT, atMs: 300_000, state: 'acknowledged' },
  ],
};

/** Everything at its limit, and full of what has to be escaped. */
export const LARGEST_EVENT: EventContent = {
  ...ORDINARY_EVENT,
  text: fill('a *line* of [text] with `marks`\n', LIMITS.maxTextLength),
  facts: Array.from({ length: LIMITS.maxFacts }, (_, at) => ({
    name: `Fact ${at}`,
    value: fill('a_value # ', LIMITS.maxFactValueLength),
  })),
};

/** The body of a request to one person, or to `everyone`. */
export function requestBody(recipient: string, priority?: Priority): string {
  const { kind: _kind, source: _source, ...event } = ORDINARY_EVENT;
  return JSON.stringify({ to: [recipient], ...event, priority });
}

function fill(text: string, length: number): string {
  return text.repeat(Math.ceil(length / text.length)).slice(0, length);
}
