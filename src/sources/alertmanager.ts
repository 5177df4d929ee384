// Prometheus Alertmanager, version 4 of its webhook: one card for each group of alerts.

import type { Dialect, Draft, SourceEvent, SourceRequest, Translation } from '../domain/source.ts';
import { groupId, groupInstant, groupLabels, groupSeverity, groupText, groupTitle } from './alert-group.ts';
import { membersAt, requireObject, textAt } from './payload.ts';

/** @see https://prometheus.io/docs/alerting/latest/configuration/#webhook_config */
export const alertmanager: Dialect = {
  name: 'alertmanager',
  title: 'Alertmanager',
  body: 'json',
  auth: ['token', 'key', 'url'],
  translate,
};

function translate({ body }: SourceRequest): Translation {
  requireObject(body, 'a payload of Alertmanager', ['status', 'alerts']);
  return { kind: 'events', events: [toEvent(body)] };
}

function toEvent(body: unknown): SourceEvent {
  return {
    id: groupId(body),
    draft: {
      title: groupTitle(body, subjectOf(body)),
      text: groupText(body),
      severity: groupSeverity(body),
      facts: membersAt(body, 'commonLabels')
        .filter(([name]) => name !== 'alertname')
        .map(([name, value]) => ({ name, value })),
      links: linksOf(body),
      key: textAt(body, 'groupKey'),
      state: textAt(body, 'status') === 'resolved' ? 'resolved' : 'open',
      occurredAt: groupInstant(body),
    },
    traits: { event: textAt(body, 'status'), labels: groupLabels(body) },
  };
}

function subjectOf(body: unknown): string | undefined {
  return (
    textAt(body, 'commonAnnotations', 'summary') ??
    textAt(body, 'commonLabels', 'alertname') ??
    textAt(body, 'alerts', 0, 'labels', 'alertname')
  );
}

function linksOf(body: unknown): Draft['links'] {
  const runbook = textAt(body, 'commonAnnotations', 'runbook_url') ?? textAt(body, 'commonAnnotations', 'runbook');
  return [
    { title: 'Runbook', url: runbook },
    { title: 'Dashboard', url: textAt(body, 'commonAnnotations', 'dashboard_url') },
    { title: 'Source', url: textAt(body, 'alerts', 0, 'generatorURL') },
    { title: 'Alertmanager', url: textAt(body, 'externalURL') },
  ];
}
