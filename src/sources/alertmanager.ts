// Prometheus Alertmanager, version 4 of its webhook: one card for each group of alerts.

import { createHash } from 'node:crypto';
import type { Severity } from '../domain/notification.ts';
import type { Dialect, Draft, SourceEvent, SourceRequest, Translation } from '../domain/source.ts';
import { at, count, joined, listAt, membersAt, requireObject, textAt } from './payload.ts';

/** @see https://prometheus.io/docs/alerting/latest/configuration/#webhook_config */
export const alertmanager: Dialect = {
  name: 'alertmanager',
  title: 'Alertmanager',
  body: 'json',
  auth: ['token', 'key', 'url'],
  translate,
};

const MAX_ALERTS_SHOWN = 10;

function translate({ body }: SourceRequest): Translation {
  requireObject(body, 'a payload of Alertmanager', ['status', 'alerts']);
  return { kind: 'events', events: [toEvent(body)] };
}

function toEvent(body: unknown): SourceEvent {
  const isOver = textAt(body, 'status') === 'resolved';
  const alerts = listAt(body, 'alerts');
  const severity = isOver ? 'success' : worstOf(alerts);
  return {
    id: idOf(body, alerts),
    draft: {
      title: titleOf(body, alerts),
      text: textOf(body, alerts),
      severity,
      facts: membersAt(body, 'commonLabels')
        .filter(([name]) => name !== 'alertname')
        .map(([name, value]) => ({ name, value })),
      links: linksOf(body, alerts),
      key: textAt(body, 'groupKey'),
      state: isOver ? 'resolved' : 'open',
      occurredAt: latestInstant(alerts),
    },
    traits: {
      event: textAt(body, 'status'),
      labels: membersAt(body, 'commonLabels').map(([name, value]) => `${name}=${textAt(value) ?? ''}`),
    },
  };
}

/** Alertmanager repeats itself while nothing changes, and so do its replicas: that is one event. */
function idOf(body: unknown, alerts: readonly unknown[]): string {
  const states = alerts.map((alert) => [
    textAt(alert, 'fingerprint') ?? at(alert, 'labels'),
    textAt(alert, 'status'),
    textAt(alert, 'startsAt'),
  ]);
  const said = JSON.stringify([textAt(body, 'groupKey'), textAt(body, 'status'), states]);
  return createHash('sha256').update(said).digest('hex');
}

function titleOf(body: unknown, alerts: readonly unknown[]): string | undefined {
  const name = textAt(body, 'commonLabels', 'alertname') ?? textAt(alerts[0], 'labels', 'alertname');
  const summary = textAt(body, 'commonAnnotations', 'summary');
  const firing = alerts.filter((alert) => textAt(alert, 'status') === 'firing').length;
  const many = alerts.length > 1 ? ` (${firing > 0 ? `${firing} of ${alerts.length} firing` : alerts.length})` : '';
  const what = summary ?? name;
  return what === undefined ? undefined : `${what}${many}`;
}

function textOf(body: unknown, alerts: readonly unknown[]): string | undefined {
  const common = textAt(body, 'commonAnnotations', 'description') ?? textAt(body, 'commonAnnotations', 'message');
  const lines = alerts.length > 1 ? alerts.slice(0, MAX_ALERTS_SHOWN).map(lineOf) : [];
  const unsaid = Number(textAt(body, 'truncatedAlerts') ?? 0) || 0;
  const more = Math.max(0, alerts.length - MAX_ALERTS_SHOWN) + Math.max(0, unsaid);
  const rest = more > 0 && alerts.length > 1 ? `… ${count(more, 'more alert')}` : undefined;
  return joined('\n', common, ...lines, rest);
}

/** What sets an alert apart from the others of its group. */
function lineOf(alert: unknown): string {
  const annotations = at(alert, 'annotations');
  const labels = membersAt(alert, 'labels').map(([name, value]) => `${name}=${textAt(value) ?? ''}`);
  const said = textAt(annotations, 'description') ?? textAt(annotations, 'summary') ?? labels.join(', ');
  return `${textAt(alert, 'status') === 'resolved' ? 'Resolved: ' : ''}${said}`;
}

function linksOf(body: unknown, alerts: readonly unknown[]): Draft['links'] {
  const runbook = textAt(body, 'commonAnnotations', 'runbook_url') ?? textAt(body, 'commonAnnotations', 'runbook');
  return [
    { title: 'Runbook', url: runbook },
    { title: 'Dashboard', url: textAt(body, 'commonAnnotations', 'dashboard_url') },
    { title: 'Source', url: textAt(alerts[0], 'generatorURL') },
    { title: 'Alertmanager', url: textAt(body, 'externalURL') },
  ];
}

const SEVERITY_LABELS: Readonly<Record<string, Severity>> = {
  info: 'info',
  none: 'info',
  warning: 'warning',
  warn: 'warning',
  minor: 'warning',
  error: 'error',
  high: 'error',
  major: 'error',
  critical: 'critical',
  page: 'critical',
  disaster: 'critical',
};
const ORDER = ['info', 'warning', 'error', 'critical'] as const;

/** Of the alerts that fire; what somebody is alerted of without a word about it is a warning. */
function worstOf(alerts: readonly unknown[]): Severity {
  const firing = alerts.filter((alert) => textAt(alert, 'status') !== 'resolved');
  const severities = firing.map(
    (alert) => SEVERITY_LABELS[textAt(alert, 'labels', 'severity')?.toLowerCase() ?? ''] ?? 'warning',
  );
  return ORDER.findLast((severity) => severities.includes(severity)) ?? 'warning';
}

/** When the group came to be as it is: the latest start or end in it. */
function latestInstant(alerts: readonly unknown[]): string | undefined {
  const instants = alerts.flatMap((alert) => [
    textAt(alert, 'startsAt') ?? '',
    textAt(alert, 'status') === 'resolved' ? (textAt(alert, 'endsAt') ?? '') : '',
  ]);
  return instants
    .filter((instant) => !Number.isNaN(Date.parse(instant)))
    .toSorted((left, right) => Date.parse(left) - Date.parse(right))
    .at(-1);
}
