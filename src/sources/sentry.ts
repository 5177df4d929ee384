// Sentry's integration platform: one card for each issue, and one for each alert of a metric.

import { createHash } from 'node:crypto';
import type { Dialect, SourceEvent, SourceRequest, Translation } from '../domain/source.ts';
import { at, isObject, joined, listAt, requireObject, textAt, textsAt } from './payload.ts';
import { activityDraft, errorDraft, issueDraft } from './sentry/issue.ts';
import { commentDraft, metricDraft, otherDraft } from './sentry/other.ts';

/** @see https://docs.sentry.io/integrations/integration-platform/webhooks/ */
export const sentry: Dialect = {
  name: 'sentry',
  title: 'Sentry',
  body: 'json',
  // The old plugin signs nothing.
  auth: ['signature', 'url'],
  signature: { header: 'sentry-hook-signature', prefix: '' },
  translate,
};

function translate({ body, headers }: SourceRequest): Translation {
  const what = 'a payload of Sentry';
  requireObject(body, what);
  if (isOfPlugin(body)) {
    return { kind: 'events', events: [pluginEvent(body)] };
  }
  requireObject(body, what, ['action', 'data']);
  const resource = textAt(headers, 'sentry-hook-resource') ?? resourceOf(at(body, 'data'));
  return resource === 'installation'
    ? { kind: 'greeting' }
    : { kind: 'events', events: [platformEvent(body, resource, textAt(headers, 'request-id'))] };
}

function platformEvent(body: unknown, resource: string, id: string | undefined): SourceEvent {
  return {
    id,
    draft: draftOf(body, resource),
    traits: {
      event: joined('.', resource, textAt(body, 'action')),
      actor: textAt(body, 'actor', 'name'),
      labels: labelsOf(at(body, 'data')),
    },
  };
}

function draftOf(body: unknown, resource: string): SourceEvent['draft'] {
  const event = at(body, 'data', 'event') ?? at(body, 'data', 'error');
  switch (resource) {
    case 'issue':
      return issueDraft(body);
    case 'event_alert':
    case 'error': {
      const rule = textAt(body, 'data', 'triggered_rule');
      return errorDraft(event, { rule, issueId: textAt(event, 'issue_id'), url: textAt(event, 'web_url') });
    }
    case 'metric_alert':
      return metricDraft(body);
    case 'comment':
      return commentDraft(body);
    case 'activity_alert':
      return activityDraft(body);
    default:
      return otherDraft(body, resource);
  }
}

/** Where no header came along; `event` is there before `issue` could be. */
function resourceOf(data: unknown): string {
  const has = (name: string) => at(data, name) !== undefined;
  if (has('activity')) {
    return 'activity_alert';
  }
  const [named] = ['installation', 'metric_alert', 'comment', 'error', 'issue'].filter(has);
  return named ?? (has('event') ? 'event_alert' : 'event');
}

function isOfPlugin(body: unknown): boolean {
  const isOfAlert = isObject(at(body, 'event')) || (textAt(body, 'message') && textAt(body, 'project')) !== undefined;
  return isOfAlert && at(body, 'data') === undefined;
}

/** The WebHooks plugin of old, and service hooks: an alert of one event, with its issue around it. */
function pluginEvent(body: unknown): SourceEvent {
  const event = at(body, 'event');
  const rules = textsAt(body, 'triggering_rules');
  const issueId = textAt(body, 'group', 'id') ?? textAt(event, 'issue_id') ?? textAt(body, 'id');
  const draft = errorDraft(
    {
      ...(isObject(event) ? event : {}),
      title: textAt(event, 'title') ?? textAt(body, 'message'),
      level: textAt(body, 'level') ?? textAt(event, 'level'),
      culprit: textAt(body, 'culprit') ?? textAt(event, 'culprit'),
    },
    {
      rule: joined(', ', ...rules.slice(0, MAX_RULES_SHOWN)),
      issueId,
      url: textAt(body, 'url') ?? textAt(body, 'group', 'url'),
      project: projectOf(body),
    },
  );
  const eventId = textAt(event, 'event_id') ?? textAt(event, 'id');
  return {
    id:
      eventId &&
      createHash('sha256')
        .update(JSON.stringify([eventId, issueId, rules]))
        .digest('hex'),
    draft,
    traits: {
      event: 'event_alert.triggered',
      labels: labelsOf({ event, level: textAt(body, 'level'), project: projectOf(body) }),
    },
  };
}

const MAX_RULES_SHOWN = 5;
const MAX_LABELS = 30;

function projectOf(body: unknown): string | undefined {
  return textAt(body, 'project_slug') ?? textAt(body, 'project', 'slug') ?? textAt(body, 'project');
}

/** Of the tags of an event: who met with it is nobody's business, and the others are told apart from them. */
const UNTOLD_TAGS = new Set(['user', 'level', 'environment']);

/** `project=shop`, `level=error`, and the tags of an event. */
function labelsOf(data: unknown): readonly string[] {
  const told = ['issue', 'event', 'error', 'metric_alert']
    .map((name) => at(data, name))
    .find((value) => value !== undefined);
  const project =
    textAt(told, 'project', 'slug') ??
    textAt(data, 'project_slug') ??
    textAt(data, 'project') ??
    textAt(told, 'projects', 0) ??
    projectOfAddress(textAt(told, 'url'));
  const tags = listAt(told, 'tags')
    .map((tag) => [textAt(tag, 0), textAt(tag, 1)] as const)
    .filter(([name]) => !UNTOLD_TAGS.has(name ?? ''));
  const named = [
    ['project', project],
    ['level', textAt(data, 'level') ?? textAt(told, 'level')],
    ['environment', textAt(told, 'environment') ?? tagOf(told, 'environment')],
    ['priority', textAt(told, 'priority')],
    ['rule', textAt(data, 'triggered_rule')],
    ...tags,
  ] as const;
  const labels = named.flatMap(([name, value]) => (name && value ? `${name}=${value}` : []));
  return [...new Set(labels)].slice(0, MAX_LABELS);
}

function tagOf(event: unknown, name: string): string | undefined {
  return textAt(
    listAt(event, 'tags').find((tag) => textAt(tag, 0) === name),
    1,
  );
}

/** That of the API says which project an event is of; nothing else does. */
function projectOfAddress(url: string | undefined): string | undefined {
  return /\/projects\/[^/]+\/([^/]+)\/events\//.exec(url ?? '')?.[1];
}
