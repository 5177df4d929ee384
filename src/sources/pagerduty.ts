// PagerDuty's webhooks, version 3: one card for each incident.

import type { LifecycleState } from '../domain/lifecycle.ts';
import type { Severity } from '../domain/notification.ts';
import type { Dialect, Draft, DraftFact, SourceEvent, SourceRequest, Translation } from '../domain/source.ts';
import { detailOf, happeningOf } from './pagerduty/words.ts';
import { at, joined, requireObject, textAt, textsAt } from './payload.ts';

/** @see https://developer.pagerduty.com/docs/webhooks-overview */
export const pagerduty: Dialect = {
  name: 'pagerduty',
  title: 'PagerDuty',
  body: 'json',
  auth: ['signature', 'token', 'url'],
  signature: { header: 'x-pagerduty-signature', prefix: 'v1=', separator: ',' },
  translate,
};

function translate({ body }: SourceRequest): Translation {
  const what = 'a payload of PagerDuty, version 3 of its webhooks';
  requireObject(body, what, ['event']);
  requireObject({ 'event/event_type': textAt(body, 'event', 'event_type') }, what, ['event/event_type']);
  const event = at(body, 'event');
  const type = textAt(event, 'event_type') ?? '';
  return type === 'pagey.ping' ? { kind: 'greeting' } : { kind: 'events', events: [toEvent(event, type)] };
}

function toEvent(event: unknown, type: string): SourceEvent {
  const data = at(event, 'data');
  const who = textAt(event, 'agent', 'summary');
  return {
    id: textAt(event, 'id'),
    draft: {
      ...(textAt(data, 'type') === 'incident' ? incidentDraft(event, type) : otherDraft(event, type)),
      occurredAt: textAt(event, 'occurred_at'),
    },
    traits: { event: type, actor: who, labels: labelsOf(data) },
  };
}

const STATES: ReadonlyMap<string, LifecycleState> = new Map([
  ['triggered', 'open'],
  ['acknowledged', 'acknowledged'],
  ['resolved', 'resolved'],
]);

/** Each event of an incident brings all of it along. */
function incidentDraft(event: unknown, type: string): Draft {
  const data = at(event, 'data');
  const state = STATES.get(textAt(data, 'status') ?? '') ?? 'open';
  const bridge = textAt(data, 'conference_bridge', 'conference_url');
  return {
    title: joined(': ', happeningOf(event, type), textAt(data, 'title') ?? textAt(data, 'summary')),
    text: detailOf(event, type),
    severity: state === 'resolved' ? 'success' : severityOf(data),
    facts: factsOf(data),
    links: [
      { title: 'Open in PagerDuty', url: textAt(data, 'html_url') },
      { title: 'Join the call', url: bridge },
      { title: 'Service', url: textAt(data, 'service', 'html_url') },
    ],
    key: textAt(data, 'id'),
    state,
  };
}

/** The names that PagerDuty gives to priorities when one asks it for some: `P1`, `SEV-1`. */
const PRIORITIES: readonly Severity[] = ['critical', 'error', 'warning', 'info', 'info'];

/** A priority that people gave it says more than whether somebody is woken up. */
function severityOf(data: unknown): Severity {
  const name = textAt(data, 'priority', 'summary') ?? textAt(data, 'priority', 'name') ?? '';
  const [, digit] = /^(?:P|SEV)[\s-]?([1-5])\b/i.exec(name) ?? [];
  const named = digit === undefined ? undefined : PRIORITIES[Number(digit) - 1];
  return named ?? (textAt(data, 'urgency') === 'low' ? 'warning' : 'error');
}

function factsOf(data: unknown): readonly DraftFact[] {
  const assignees = namesAt(data, 'assignees');
  return [
    { name: 'Service', value: textAt(data, 'service', 'summary') },
    { name: 'Incident', value: textAt(data, 'number') && `#${textAt(data, 'number')}` },
    { name: 'Urgency', value: textAt(data, 'urgency') },
    { name: 'Priority', value: textAt(data, 'priority', 'summary') },
    { name: 'Assigned to', value: assignees },
    { name: 'Escalation policy', value: textAt(data, 'escalation_policy', 'summary') },
    { name: 'Teams', value: namesAt(data, 'teams') },
    { name: 'Call', value: textAt(data, 'conference_bridge', 'conference_number') },
    { name: 'Reason', value: reasonOf(data) },
  ];
}

const MAX_NAMES_SHOWN = 5;

function namesAt(data: unknown, list: string): string | undefined {
  const found = at(data, list);
  const names = textsAt(Array.isArray(found) ? found.map((one) => textAt(one, 'summary')) : []);
  const more = names.length - MAX_NAMES_SHOWN;
  return joined(', ', ...names.slice(0, MAX_NAMES_SHOWN), more > 0 ? `… ${more} more` : undefined);
}

/** `merge_resolve_reason`, with the incident that it was merged into. */
function reasonOf(data: unknown): string | undefined {
  const reason = at(data, 'resolve_reason');
  return (
    textAt(reason) ?? joined(' ', textAt(reason, 'type')?.replaceAll('_', ' '), textAt(reason, 'incident', 'summary'))
  );
}

/** What is said about an incident, and what happens to services: these have a card of their own. */
function otherDraft(event: unknown, type: string): Draft {
  const data = at(event, 'data');
  const incident = at(data, 'incident');
  const name = textAt(incident, 'summary') ?? textAt(incident, 'title') ?? textAt(data, 'summary');
  return {
    title: joined(': ', happeningOf(event, type) ?? `PagerDuty: ${type}`, name),
    text: detailOf(event, type),
    severity: 'info',
    facts: [
      { name: 'Escalation policy', value: textAt(data, 'escalation_policy', 'summary') },
      { name: 'Teams', value: namesAt(data, 'teams') },
    ],
    links: [
      { title: 'Join the call', url: textAt(data, 'conference_url') },
      { title: 'Open in PagerDuty', url: textAt(incident, 'html_url') ?? textAt(data, 'html_url') },
    ],
  };
}

/** `service=Shop API`, `urgency=high`, `priority=P1`, `team=Platform`. */
function labelsOf(data: unknown): readonly string[] {
  const teams = at(data, 'teams');
  const named = [
    ['service', textAt(data, 'type') === 'service' ? textAt(data, 'summary') : textAt(data, 'service', 'summary')],
    ['urgency', textAt(data, 'urgency')],
    ['priority', textAt(data, 'priority', 'summary')],
    ['status', textAt(data, 'status')],
    ...(Array.isArray(teams) ? teams.slice(0, MAX_NAMES_SHOWN) : []).map(
      (team) => ['team', textAt(team, 'summary')] as const,
    ),
  ] as const;
  return named.flatMap(([name, value]) => (value === undefined ? [] : `${name}=${value}`));
}
