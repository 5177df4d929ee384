// Azure Monitor's action groups, in the common alert schema: one card for each alert.

import { createHash } from 'node:crypto';
import { NOTIFICATION_LIMITS, type Severity } from '../domain/notification.ts';
import type { Dialect, Draft, SourceEvent, SourceRequest, Translation } from '../domain/source.ts';
import { contextOf } from './azure-monitor/context.ts';
import { at, count, joined, membersAt, requireObject, textAt, textsAt } from './payload.ts';

/** @see https://learn.microsoft.com/azure/azure-monitor/alerts/alerts-common-schema */
export const azureMonitor: Dialect = {
  name: 'azure-monitor',
  title: 'Azure Monitor',
  body: 'json',
  auth: ['url', 'token'],
  translate,
};

const MAX_RESOURCES_SHOWN = 5;

function translate({ body }: SourceRequest): Translation {
  const what = 'a payload of Azure Monitor in the common alert schema, which is switched on in the action group';
  requireObject(body, what);
  requireObject({ 'data/essentials': at(body, 'data', 'essentials') }, what, ['data/essentials']);
  return { kind: 'events', events: [toEvent(at(body, 'data'))] };
}

function toEvent(data: unknown): SourceEvent {
  const essentials = at(data, 'essentials');
  const context = contextOf(data);
  const isOver = context.isOver || textAt(essentials, 'monitorCondition')?.toLowerCase() === 'resolved';
  const key = context.isMoment ? undefined : (context.key ?? textAt(essentials, 'alertId') ?? originOf(essentials));
  return {
    id: idOf(data),
    draft: {
      title: titleOf(essentials, context.title),
      text: joined('\n', textAt(essentials, 'description'), context.text),
      severity: isOver ? 'success' : (context.severity ?? severityOf(essentials)),
      facts: [...(context.facts ?? []), ...factsOf(data, context.severity === undefined)],
      links: linksOf(essentials, context.links),
      key,
      state: isOver ? 'resolved' : 'open',
      occurredAt: context.occurredAt ?? textAt(essentials, isOver ? 'resolvedDateTime' : 'firedDateTime'),
    },
    traits: {
      event: textAt(essentials, 'monitorCondition')?.toLowerCase(),
      actor: textAt(data, 'alertContext', 'caller'),
      labels: labelsOf(data),
    },
  };
}

function originOf(essentials: unknown): string | undefined {
  return textAt(essentials, 'originAlertId');
}

/** An action group that several rules and subscriptions share, or that retries, can post one change more than once. */
function idOf(data: unknown): string | undefined {
  const essentials = at(data, 'essentials');
  const alert = [textAt(essentials, 'alertId'), originOf(essentials)];
  if (alert.every((part) => part === undefined)) {
    return undefined;
  }
  const change = ['monitorCondition', 'firedDateTime', 'resolvedDateTime'].map((name) => textAt(essentials, name));
  const event = ['eventDataId', 'status'].map((name) => textAt(data, 'alertContext', name));
  return createHash('sha256')
    .update(JSON.stringify([...alert, ...change, ...event]))
    .digest('hex');
}

/** `CPU is high (web1)` */
function titleOf(essentials: unknown, own: string | undefined): string | undefined {
  if (own !== undefined) {
    return own;
  }
  const rule = textAt(essentials, 'alertRule') ?? textAt(essentials, 'monitoringService');
  const [first, ...others] = resourcesOf(essentials);
  if (rule === undefined || first === undefined || rule.toLowerCase().includes(first.toLowerCase())) {
    return rule ?? first;
  }
  return `${rule} (${first}${others.length > 0 ? ` and ${count(others.length, 'other')}` : ''})`;
}

/** What concerns a subscription as a whole names no resource. */
const SUBSCRIPTION = /^\/subscriptions\/([^/]+)\/?$/i;

/** By their names; the last part of an Azure id is one. */
function resourcesOf(essentials: unknown): readonly string[] {
  const items = textsAt(essentials, 'configurationItems');
  const named = items.length > 0 ? items : textsAt(essentials, 'alertTargetIDs');
  return named
    .filter((item) => !SUBSCRIPTION.test(item) && item !== 'budgets')
    .map((item) => item.split('/').at(-1) || item);
}

const SEVERITIES: ReadonlyMap<string, Severity> = new Map([
  ['sev0', 'critical'],
  ['sev1', 'error'],
  ['sev2', 'warning'],
  ['sev3', 'info'],
  ['sev4', 'info'],
]);

/** A budget has none. */
function severityOf(essentials: unknown): Severity {
  return SEVERITIES.get(textAt(essentials, 'severity')?.toLowerCase() ?? '') ?? 'warning';
}

function factsOf(data: unknown, isSeverityTrue: boolean): NonNullable<Draft['facts']> {
  const essentials = at(data, 'essentials');
  const resources = resourcesOf(essentials);
  const more = resources.length - MAX_RESOURCES_SHOWN;
  const own = membersAt(data, 'customProperties');
  const ofRule = own.length > 0 ? own : membersAt(data, 'alertContext', 'properties');
  const isOfCustomer = own.length > 0 || at(data, 'alertContext', 'conditionType') !== undefined;
  return [
    {
      name: resources.length > 1 ? 'Resources' : 'Resource',
      value: joined(', ', ...resources.slice(0, MAX_RESOURCES_SHOWN), more > 0 ? `… ${more} more` : undefined),
    },
    { name: 'Subscription', value: SUBSCRIPTION.exec(textsAt(essentials, 'alertTargetIDs')[0] ?? '')?.[1] },
    { name: 'Resource group', value: textAt(essentials, 'targetResourceGroup') ?? groupOf(essentials) },
    { name: 'Severity', value: isSeverityTrue ? textAt(essentials, 'severity') : undefined },
    { name: 'Service', value: serviceOf(essentials) },
    ...(isOfCustomer ? ofRule.map(([name, value]) => ({ name, value })) : []),
  ];
}

function groupOf(essentials: unknown): string | undefined {
  const [target = ''] = textsAt(essentials, 'alertTargetIDs');
  return /\/resourcegroups\/([^/]+)/i.exec(target)?.[1];
}

/** `Platform` is what metrics of Azure's own resources are said to come from. */
function serviceOf(essentials: unknown): string | undefined {
  const service = textAt(essentials, 'monitoringService');
  return service === 'Platform' ? textAt(essentials, 'signalType') : service;
}

/** Azure writes a whole query into an address: one that is too long for a button would be no address as text, either. */
function linksOf(essentials: unknown, own: Draft['links'] = []): Draft['links'] {
  const links = [{ title: 'Investigate', url: textAt(essentials, 'investigationLink') }, ...own];
  return links.filter(({ url }) => typeof url === 'string' && url.length <= NOTIFICATION_LIMITS.maxUrlLength);
}

function labelsOf(data: unknown): readonly string[] {
  const essentials = at(data, 'essentials');
  const named = [
    ['severity', textAt(essentials, 'severity')],
    ['signal', textAt(essentials, 'signalType')],
    ['service', textAt(essentials, 'monitoringService')],
    ['rule', textAt(essentials, 'alertRule')],
    ['group', textAt(essentials, 'targetResourceGroup') ?? groupOf(essentials)],
    ...membersAt(data, 'customProperties').map(([name, value]) => [name, textAt(value)] as const),
  ] as const;
  return named.filter(([, value]) => value !== undefined).map(([name, value]) => `${name}=${value}`);
}
