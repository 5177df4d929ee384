// Grafana's webhook contact point: one card for each group of alerts. Grafana 8 and older post one alert rule each.

import type { Dialect, Draft, SourceEvent, SourceRequest, Translation } from '../domain/source.ts';
import { alertLine, groupId, groupInstant, groupLabels, groupSeverity, groupText, groupTitle } from './alert-group.ts';
import { isLegacyAlert, legacyEvent } from './grafana/legacy.ts';
import { at, count, joined, listAt, membersAt, requireObject, textAt } from './payload.ts';

/** @see https://grafana.com/docs/grafana/latest/alerting/configure-notifications/manage-contact-points/integrations/webhook-notifier/ */
export const grafana: Dialect = {
  name: 'grafana',
  title: 'Grafana',
  body: 'json',
  // A signature takes Grafana 12; a token is known to every one.
  auth: ['token', 'signature', 'key', 'url'],
  signature: { header: 'x-grafana-alerting-signature', prefix: '' },
  translate,
};

const MAX_VALUES_SHOWN = 6;
const MAX_VALUE_TEXT = 2_000;
const MAX_PICTURES = 3;
const MAX_RULES_SHOWN = 10;

function translate({ body }: SourceRequest): Translation {
  if (isLegacyAlert(body)) {
    return { kind: 'events', events: [legacyEvent(body)] };
  }
  requireObject(body, 'a payload of Grafana', ['alerts']);
  return { kind: 'events', events: [toEvent(body)] };
}

function toEvent(body: unknown): SourceEvent {
  const alerts = listAt(body, 'alerts');
  return {
    id: groupId(body),
    draft: {
      title: writtenTitle(body) ?? groupTitle(body, subjectOf(body)) ?? textAt(body, 'title'),
      text: writtenText(body) ?? textOf(body),
      severity: groupSeverity(body),
      facts: factsOf(body, alerts),
      links: linksOf(body, alerts),
      images: alerts
        .filter((alert) => textAt(alert, 'imageURL') !== undefined)
        .slice(0, MAX_PICTURES)
        .map((alert) => ({ alt: alertLine(body, alert), url: textAt(alert, 'imageURL') })),
      key: textAt(body, 'groupKey'),
      state: textAt(body, 'status') === 'resolved' ? 'resolved' : 'open',
      occurredAt: groupInstant(body),
    },
    traits: { event: textAt(body, 'status'), labels: groupLabels(body) },
  };
}

/** What somebody wrote into the contact point; Grafana's own default says less than its alerts do. */
function writtenTitle(body: unknown): string | undefined {
  const title = textAt(body, 'title');
  return title === undefined || /^\[(FIRING|RESOLVED)/.test(title) ? undefined : title;
}

function writtenText(body: unknown): string | undefined {
  const message = textAt(body, 'message');
  return message === undefined || /^\*\*(Firing|Resolved)\*\*/.test(message) ? undefined : message;
}

/** What Grafana calls the alerts of rules that it could not evaluate, whatever the rules are about. */
const FAILURES: ReadonlyMap<string, { readonly ofOne: string; readonly ofSeveral: string }> = new Map([
  ['DatasourceNoData', { ofOne: 'no data', ofSeveral: 'Alert rules without data' }],
  ['DatasourceError', { ofOne: 'could not be evaluated', ofSeveral: 'Alert rules that could not be evaluated' }],
]);

function subjectOf(body: unknown): string | undefined {
  const name = nameOf(body);
  const failure = FAILURES.get(name ?? '');
  if (failure) {
    const rule = textAt(body, 'commonLabels', 'rulename');
    return rule === undefined ? failure.ofSeveral : `${rule}: ${failure.ofOne}`;
  }
  return textAt(body, 'commonAnnotations', 'summary') ?? name;
}

function nameOf(body: unknown): string | undefined {
  return textAt(body, 'commonLabels', 'alertname') ?? textAt(body, 'alerts', 0, 'labels', 'alertname');
}

/** Of a rule that could not be evaluated, its description says nothing. */
function textOf(body: unknown): string | undefined {
  if (!FAILURES.has(nameOf(body) ?? '')) {
    return groupText(body, valuesOf);
  }
  const isOfOne = textAt(body, 'commonLabels', 'rulename') !== undefined;
  const lines = listAt(body, 'alerts')
    .slice(0, MAX_RULES_SHOWN)
    .map((alert) => {
      const isOver = textAt(alert, 'status') === 'resolved';
      const rule = isOfOne ? undefined : textAt(alert, 'labels', 'rulename');
      return joined(': ', isOver ? 'Resolved' : undefined, rule, textAt(alert, 'annotations', 'Error'));
    });
  const more = listAt(body, 'alerts').length - MAX_RULES_SHOWN;
  return joined('\n', ...new Set(lines), more > 0 ? `… ${count(more, 'more alert')}` : undefined);
}

const UNSHOWN_LABELS = new Set(['alertname', 'rulename', 'datasource_uid', 'ref_id', 'grafana_folder']);

function factsOf(body: unknown, alerts: readonly unknown[]): Draft['facts'] {
  const labels = membersAt(body, 'commonLabels').filter(
    ([name]) => !UNSHOWN_LABELS.has(name) && !/^__.*__$/.test(name),
  );
  return [
    ...labels.map(([name, value]) => ({ name, value })),
    { name: 'Values', value: alerts.length === 1 ? valuesOf(alerts[0]) : undefined },
    { name: 'Folder', value: textAt(body, 'commonLabels', 'grafana_folder') },
  ];
}

/** `B = 44.24, C = 1`: the queries and expressions of the rule, by their letters. */
function valuesOf(alert: unknown): string | undefined {
  const values = membersAt(alert, 'values').map(([name, value]) => `${name} = ${rounded(value)}`);
  return joined(', ', ...(values.length > 0 ? values : writtenValues(alert)).slice(0, MAX_VALUES_SHOWN));
}

/** Grafana 8 and 9 only write them: `[ var='B' labels={instance=db1} value=44.2 ]`. */
function writtenValues(alert: unknown): readonly string[] {
  const text = (textAt(alert, 'valueString') ?? '').slice(0, MAX_VALUE_TEXT);
  const matches = text.matchAll(/(?:var|metric)='([^']*)' labels=\{[^}]*\} value=([^\s\]]+)/g);
  return [...matches].map(([, name = '', value = '']) => `${name} = ${rounded(Number(value)) ?? value}`);
}

function rounded(value: unknown): string | undefined {
  const isPlain = typeof value === 'number' && !Number.isInteger(value) && Number.isFinite(value);
  return isPlain ? String(Number(value.toPrecision(4))) : textAt(value);
}

/** Those that all alerts agree on; a silence is for one alert. */
function linksOf(body: unknown, alerts: readonly unknown[]): Draft['links'] {
  const [first] = alerts;
  const shared = (name: string) => {
    const url = textAt(first, name);
    return alerts.every((alert) => textAt(alert, name) === url) ? url : undefined;
  };
  const runbook = textAt(body, 'commonAnnotations', 'runbook_url') ?? textAt(at(first, 'annotations'), 'runbook_url');
  const isFiring = textAt(body, 'status') !== 'resolved';
  return [
    { title: 'Runbook', url: runbook },
    { title: 'Panel', url: shared('panelURL') },
    { title: 'Dashboard', url: shared('panelURL') === undefined ? shared('dashboardURL') : undefined },
    { title: 'Alert rule', url: shared('generatorURL') },
    { title: 'Silence', url: isFiring && alerts.length === 1 ? textAt(first, 'silenceURL') : undefined },
    { title: 'Grafana', url: textAt(body, 'externalURL') },
  ];
}
