// The alerts of Grafana's dashboards, before unified alerting: one rule, and how it stands.

import type { Severity } from '../../domain/notification.ts';
import type { SourceEvent } from '../../domain/source.ts';
import { labelSeverity } from '../alert-group.ts';
import { at, count, joined, listAt, membersAt, textAt } from '../payload.ts';

const MAX_MATCHES_SHOWN = 10;

/** Of one rule, where those of unified alerting have a list. */
export function isLegacyAlert(body: unknown): boolean {
  return at(body, 'alerts') === undefined && (textAt(body, 'ruleName') ?? textAt(body, 'ruleId')) !== undefined;
}

/** It says neither when it happened nor which notification it is: whoever repeats it says it again. */
export function legacyEvent(body: unknown): SourceEvent {
  const state = textAt(body, 'state');
  const rule = textAt(body, 'ruleId');
  const tags = membersAt(body, 'tags');
  return {
    draft: {
      title: joined(': ', textAt(body, 'ruleName'), state === 'no_data' ? 'no data' : undefined),
      text: joined('\n', textAt(body, 'message'), matchesOf(body)),
      severity: severityOf(state, textAt(body, 'tags', 'severity')),
      facts: tags.map(([name, value]) => ({ name, value })),
      links: [{ title: 'Panel', url: textAt(body, 'ruleUrl') }],
      images: [{ alt: textAt(body, 'ruleName') ?? 'Panel', url: textAt(body, 'imageUrl') }].filter(
        ({ url }) => url !== undefined,
      ),
      key: rule && `org ${textAt(body, 'orgId') ?? '1'}/rule ${rule}`,
      state: state === 'ok' ? 'resolved' : 'open',
    },
    traits: { event: state, labels: tags.map(([name, value]) => `${name}=${textAt(value) ?? ''}`) },
  };
}

function severityOf(state: string | undefined, tag: string | undefined): Severity {
  if (state === 'ok') {
    return 'success';
  }
  return state === 'paused' || state === 'pending' ? 'info' : labelSeverity(tag);
}

/** `db1: 4.2` */
function matchesOf(body: unknown): string | undefined {
  const matches = listAt(body, 'evalMatches');
  const lines = matches
    .slice(0, MAX_MATCHES_SHOWN)
    .map((match) => joined(': ', textAt(match, 'metric'), textAt(match, 'value')));
  const more = matches.length - MAX_MATCHES_SHOWN;
  return joined('\n', ...lines, more > 0 ? `… ${count(more, 'more value')}` : undefined);
}
