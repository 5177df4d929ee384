// A group of alerts as Alertmanager posts it, and Grafana after it: what both have to say of one. Pure.

import { createHash } from 'node:crypto';
import type { Severity } from '../domain/notification.ts';
import { at, count, joined, listAt, membersAt, textAt } from './payload.ts';

const MAX_ALERTS_SHOWN = 10;

/** Senders repeat themselves while nothing changes, and so do their replicas: that is one event. */
export function groupId(body: unknown): string {
  const states = listAt(body, 'alerts').map((alert) => [
    textAt(alert, 'fingerprint') ?? at(alert, 'labels'),
    textAt(alert, 'status'),
    textAt(alert, 'startsAt'),
  ]);
  const said = JSON.stringify([textAt(body, 'groupKey'), textAt(body, 'status'), states]);
  return createHash('sha256').update(said).digest('hex');
}

/** `Disk is almost full (1 of 2 firing)`. */
export function groupTitle(body: unknown, what: string | undefined): string | undefined {
  const alerts = listAt(body, 'alerts');
  const firing = firingOf(body).length;
  const many = alerts.length > 1 ? ` (${firing > 0 ? `${firing} of ${alerts.length} firing` : alerts.length})` : '';
  return what === undefined ? undefined : `${what}${many}`;
}

/**
 * What the alerts have in common, and a line for each of the first ones where there are several.
 *
 * @param detailOf what else an alert says at the end of its line
 */
export function groupText(body: unknown, detailOf?: (alert: unknown) => string | undefined): string | undefined {
  const alerts = listAt(body, 'alerts');
  const all = textAt(body, 'commonAnnotations', 'description') ?? textAt(body, 'commonAnnotations', 'message');
  const shown = alerts.length > 1 ? alerts.slice(0, MAX_ALERTS_SHOWN) : [];
  const lines = shown.map((alert) => joined(' — ', alertLine(body, alert), detailOf?.(alert)));
  const unsaid = Number(textAt(body, 'truncatedAlerts') ?? 0) || 0;
  const more = Math.max(0, alerts.length - MAX_ALERTS_SHOWN) + Math.max(0, unsaid);
  const rest = more > 0 && alerts.length > 1 ? `… ${count(more, 'more alert')}` : undefined;
  return joined('\n', all, ...lines, rest);
}

/** What sets an alert apart from the others of its group. */
export function alertLine(body: unknown, alert: unknown): string {
  const own = (name: string) =>
    textAt(body, 'commonAnnotations', name) === undefined ? textAt(alert, 'annotations', name) : undefined;
  const labels = membersAt(alert, 'labels')
    .filter(([name]) => textAt(body, 'commonLabels', name) === undefined)
    .map(([name, value]) => `${name}=${textAt(value) ?? ''}`);
  const said = own('description') ?? own('summary') ?? labels.join(', ');
  return `${textAt(alert, 'status') === 'resolved' ? 'Resolved: ' : ''}${said}`;
}

/** `severity=critical`, for filters. */
export function groupLabels(body: unknown): readonly string[] {
  return membersAt(body, 'commonLabels').map(([name, value]) => `${name}=${textAt(value) ?? ''}`);
}

function firingOf(body: unknown): readonly unknown[] {
  return listAt(body, 'alerts').filter((alert) => textAt(alert, 'status') === 'firing');
}

const SEVERITY_LABELS: ReadonlyMap<string, Severity> = new Map([
  ['info', 'info'],
  ['none', 'info'],
  ['warning', 'warning'],
  ['warn', 'warning'],
  ['minor', 'warning'],
  ['error', 'error'],
  ['high', 'error'],
  ['major', 'error'],
  ['critical', 'critical'],
  ['page', 'critical'],
  ['disaster', 'critical'],
]);
const ORDER = ['info', 'warning', 'error', 'critical'] as const;

/** By the label of that name; what somebody is alerted of without a word about it is a warning. */
export function labelSeverity(label: string | undefined): Severity {
  return SEVERITY_LABELS.get(label?.toLowerCase() ?? '') ?? 'warning';
}

/** The worst of those that fire. */
export function groupSeverity(body: unknown): Severity {
  if (textAt(body, 'status') === 'resolved') {
    return 'success';
  }
  const firing = listAt(body, 'alerts').filter((alert) => textAt(alert, 'status') !== 'resolved');
  const severities = firing.map((alert) => labelSeverity(textAt(alert, 'labels', 'severity')));
  return ORDER.findLast((severity) => severities.includes(severity)) ?? 'warning';
}

/** When the group came to be as it is: the latest start or end in it. */
export function groupInstant(body: unknown): string | undefined {
  const instants = listAt(body, 'alerts').flatMap((alert) => [
    textAt(alert, 'startsAt') ?? '',
    textAt(alert, 'status') === 'resolved' ? (textAt(alert, 'endsAt') ?? '') : '',
  ]);
  return instants
    .filter((instant) => !Number.isNaN(Date.parse(instant)))
    .toSorted((left, right) => Date.parse(left) - Date.parse(right))
    .at(-1);
}
