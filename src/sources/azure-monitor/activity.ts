// What comes out of Azure's activity log: what somebody did, and how Azure and the resources in it are.

import type { Severity } from '../../domain/notification.ts';
import type { Draft, DraftFact } from '../../domain/source.ts';
import { at, joined, textAt, textsAt } from '../payload.ts';
import { decodeEntities } from '../readable-text.ts';

/** What stands in the place of what the essentials of an alert would say. */
export interface AlertContext {
  readonly title?: string | undefined;
  readonly text?: string | undefined;
  readonly facts?: readonly DraftFact[];
  readonly links?: Draft['links'];
  /** It only happened: it has no end that would be told. */
  readonly isMoment?: boolean;
  /** The thing that it is about, where that lives longer than the alert. */
  readonly key?: string | undefined;
  readonly isOver?: boolean;
  /** Where that of the essentials says nothing: it is `Sev4` for whatever comes from the activity log. */
  readonly severity?: Severity | undefined;
  readonly occurredAt?: string | undefined;
}

const LEVELS: ReadonlyMap<string, Severity> = new Map([
  ['critical', 'critical'],
  ['error', 'error'],
  ['high', 'error'],
  ['warning', 'warning'],
  ['medium', 'warning'],
]);

/** Somebody, or Azure itself, did something. @param context of the alert */
export function activityContext(context: unknown): AlertContext {
  const properties = at(context, 'properties');
  const level = textAt(properties, 'severity') ?? textAt(context, 'level');
  const status = joined(', ', textAt(context, 'status'), textAt(context, 'subStatus'));
  return {
    text: textAt(properties, 'description') ?? joined(': ', textAt(context, 'operationName'), status),
    severity: LEVELS.get(level?.toLowerCase() ?? ''),
    facts: [
      { name: 'By', value: textAt(context, 'caller') },
      { name: 'Threat', value: joined(', ', textAt(properties, 'category'), textAt(properties, 'threatStatus')) },
      { name: 'File', value: textAt(properties, 'filePath') },
    ],
    isMoment: true,
    occurredAt: textAt(context, 'eventTimestamp'),
  };
}

const INCIDENT_TYPES: ReadonlyMap<string, Severity> = new Map([
  ['incident', 'error'],
  ['security', 'error'],
  ['actionrequired', 'warning'],
]);
const LAST_STAGES = ['resolved', 'complete', 'canceled'];

/** A problem or a maintenance of Azure: what is told of it comes under one number until it is over. */
export function serviceHealthContext(context: unknown): AlertContext {
  const properties = at(context, 'properties');
  const tracking = textAt(properties, 'trackingId');
  const stage = textAt(properties, 'stage') ?? textAt(context, 'status');
  const kind = textAt(properties, 'incidentType');
  return {
    title: textAt(properties, 'title') ?? textAt(properties, 'defaultLanguageTitle'),
    text: readableText(textAt(properties, 'communication') ?? textAt(properties, 'defaultLanguageContent')),
    severity: INCIDENT_TYPES.get(kind?.toLowerCase() ?? ''),
    facts: [
      { name: 'Azure service', value: textAt(properties, 'service') },
      { name: 'Region', value: textAt(properties, 'region') },
      { name: 'Kind', value: kind },
      { name: 'Stage', value: stage },
      { name: 'From', value: textAt(properties, 'impactStartTime') },
      { name: 'Until', value: textAt(properties, 'impactMitigationTime') },
      { name: 'Tracking id', value: tracking },
    ],
    ...(tracking === undefined ? { isMoment: true } : { key: `service-health/${tracking}` }),
    isOver: LAST_STAGES.includes(stage?.toLowerCase() ?? ''),
    occurredAt: textAt(context, 'eventTimestamp'),
  };
}

const MAX_HTML_LENGTH = 20_000;

/** What people can read of the HTML that Azure writes. */
function readableText(html: string | undefined): string | undefined {
  const text = decodeEntities(
    (html ?? '')
      .slice(0, MAX_HTML_LENGTH)
      .replace(/<(?:br|\/p|\/li|\/tr|\/h\d)\b[^<>]*>/gi, '\n')
      .replace(/<[^<>]*>/g, ''),
  )
    .split('\n')
    .map((line) => line.trim())
    .join('\n')
    .replace(/\n{3,}/g, '\n\n');
  return textAt(text);
}

/** A resource of one's own, as Azure sees it: it is over when it is available again. @param data of the payload */
export function resourceHealthContext(data: unknown): AlertContext {
  const context = at(data, 'alertContext');
  const properties = at(context, 'properties');
  const [resource] = textsAt(data, 'essentials', 'alertTargetIDs');
  const status = textAt(properties, 'currentHealthStatus');
  const cause = textAt(properties, 'cause')
    ?.replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase();
  const name = resource?.split('/').at(-1);
  const isUnasked = status?.toLowerCase() === 'unavailable' && cause !== 'user initiated';
  return {
    title: status === undefined ? undefined : `${name ?? 'Resource'} is ${status.toLowerCase()}`,
    text: joined('\n', textAt(properties, 'title'), textAt(properties, 'details')),
    severity: isUnasked ? 'error' : 'warning',
    facts: [
      { name: 'Before', value: textAt(properties, 'previousHealthStatus') },
      { name: 'Cause', value: cause },
    ],
    ...(resource === undefined ? { isMoment: true } : { key: `resource-health${resource.toLowerCase()}` }),
    isOver: status?.toLowerCase() === 'available' || textAt(context, 'status')?.toLowerCase() === 'resolved',
    occurredAt: textAt(context, 'eventTimestamp'),
  };
}
