// What Sentry tells besides issues: alerts of metrics, comments, and whatever it may come up with.

import type { Severity } from '../../domain/notification.ts';
import type { Draft } from '../../domain/source.ts';
import { at, joined, listAt, membersAt, textAt, textsAt } from '../payload.ts';
import { pullRequestsOf } from './issue.ts';

const METRIC_SEVERITIES: ReadonlyMap<string, Severity> = new Map([
  ['critical', 'critical'],
  ['warning', 'warning'],
  ['resolved', 'success'],
]);

const MAX_PROJECTS_SHOWN = 5;

/** It says when it began, not when it ended: these come in the order in which they arrive. @param body the whole of the payload */
export function metricDraft(body: unknown): Draft {
  const alert = at(body, 'data', 'metric_alert');
  const rule = at(alert, 'alert_rule');
  const id = textAt(alert, 'id') ?? textAt(alert, 'identifier');
  const action = textAt(body, 'action') ?? '';
  const projects = textsAt(alert, 'projects');
  const more = projects.length - MAX_PROJECTS_SHOWN;
  return {
    title: textAt(body, 'data', 'description_title') ?? textAt(rule, 'name') ?? textAt(alert, 'title'),
    // Sentry escapes the ends of its lines in some versions.
    text: textAt(body, 'data', 'description_text')?.replaceAll('\\n', '\n'),
    severity: METRIC_SEVERITIES.get(action) ?? 'warning',
    facts: [
      {
        name: projects.length > 1 ? 'Projects' : 'Project',
        value: joined(', ', ...projects.slice(0, MAX_PROJECTS_SHOWN), more > 0 ? `… ${more} more` : undefined),
      },
      { name: 'Measured', value: textAt(rule, 'aggregate') },
      { name: 'Of', value: textAt(rule, 'query') },
      { name: 'Environment', value: textAt(rule, 'environment') },
    ],
    links: [{ title: 'Open in Sentry', url: textAt(body, 'data', 'web_url') }],
    key: id && `metric-alert/${id}`,
    state: action === 'resolved' ? 'resolved' : 'open',
  };
}

const COMMENT_VERBS: ReadonlyMap<string, string> = new Map([
  ['created', 'commented on'],
  ['updated', 'changed a comment on'],
  ['deleted', 'deleted a comment on'],
]);

/** A comment has a card of its own, so that the one of its issue keeps saying how that stands. @param body the whole of the payload */
export function commentDraft(body: unknown): Draft {
  const data = at(body, 'data');
  const project = textAt(data, 'project_slug');
  const issue = joined(' ', 'issue', textAt(data, 'issue_id'), project && `of ${project}`) ?? 'an issue';
  const verb = COMMENT_VERBS.get(textAt(body, 'action') ?? '') ?? 'commented on';
  return {
    title: `${textAt(body, 'actor', 'name') ?? 'Somebody'} ${verb} ${issue}`,
    text: textAt(data, 'comment'),
    textFormat: 'markdown',
    severity: 'info',
    occurredAt: textAt(data, 'timestamp'),
  };
}

/** What this has no words for: its name, and what payloads of Sentry have in common. @param body the whole of the payload */
export function otherDraft(body: unknown, resource: string): Draft {
  const data = at(body, 'data');
  const told = [data, ...membersAt(data).map(([, value]) => value)];
  const find = (name: string) => told.map((value) => textAt(value, name)).find((text) => text !== undefined);
  return {
    title: `Sentry: ${[resource, textAt(body, 'action')].join(' ').replaceAll('_', ' ').trim()}`,
    text: find('one_line_description') ?? find('one_line_summary') ?? find('title'),
    severity: 'info',
    facts: [
      { name: 'By', value: textAt(body, 'actor', 'name') },
      { name: 'Issue', value: find('group_id') ?? find('issue_id') },
      { name: 'Project', value: find('project_slug') },
      { name: 'Repository', value: find('relevant_repo') },
    ],
    links: [
      { title: 'Open in Sentry', url: find('web_url') ?? find('permalink') },
      ...pullRequestsOf(listAt(data, 'pull_requests')),
    ],
  };
}
