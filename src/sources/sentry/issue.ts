// Issues of Sentry, and the errors that they are made of: they share one card.

import type { LifecycleState } from '../../domain/lifecycle.ts';
import type { Severity } from '../../domain/notification.ts';
import type { Draft, DraftLink } from '../../domain/source.ts';
import { at, joined, listAt, textAt } from '../payload.ts';

const LEVELS: ReadonlyMap<string, Severity> = new Map([
  ['fatal', 'critical'],
  ['critical', 'critical'],
  ['error', 'error'],
  ['warning', 'warning'],
  ['info', 'info'],
  ['debug', 'info'],
  ['sample', 'info'],
]);

function severityOf(level: string | undefined): Severity {
  return LEVELS.get(level?.toLowerCase() ?? '') ?? 'error';
}

/**
 * Sentry says of an issue when it was first and last seen, but not when it was resolved: these come in the order in which they arrive.
 *
 * @param body the whole of the payload
 */
export function issueDraft(body: unknown): Draft {
  const issue = at(body, 'data', 'issue');
  const state = stateOf(body);
  return {
    title: joined(': ', whatHappened(body), textAt(issue, 'title')),
    text: messageOf(issue),
    severity: severityOfIssue(issue, state),
    facts: [
      ...factsOfIssue(issue),
      { name: 'Resolved in', value: releaseOf(issue) },
      { name: 'Archived', value: ARCHIVED.get(textAt(issue, 'substatus') ?? '') },
    ],
    links: linksOfIssue(issue),
    key: keyOf(textAt(issue, 'id')),
    state,
  };
}

/** Something that Sentry's assistant did about an issue; the issue stays as it is. @param body the whole of the payload */
export function activityDraft(body: unknown): Draft {
  const issue = at(body, 'data', 'issue');
  const details = at(body, 'data', 'activity', 'details');
  const kind = textAt(body, 'data', 'activity', 'type')
    ?.replaceAll('_', ' ')
    .replace(/\bpr\b/, 'pull request');
  return {
    title: joined(': ', kind && `${kind.slice(0, 1).toUpperCase()}${kind.slice(1)}`, textAt(issue, 'title')),
    text: textAt(details, 'summary'),
    severity: 'info',
    facts: [...factsOfIssue(issue), { name: 'Alert', value: textAt(body, 'data', 'alert', 'title') }],
    links: [...linksOfIssue(issue), ...pullRequestsOf(listAt(details, 'pull_requests'))],
  };
}

/** For each pull request that Sentry's assistant made. */
export function pullRequestsOf(made: readonly unknown[]): readonly DraftLink[] {
  return made.slice(0, MAX_PULL_REQUESTS).map((one) => ({
    title: `Pull request in ${textAt(one, 'repo_name') ?? 'the repository'}`,
    url: textAt(one, 'url') ?? textAt(one, 'pull_request', 'pr_url'),
  }));
}

const MAX_PULL_REQUESTS = 3;

/** What stands around an event. */
interface ErrorContext {
  /** The alert that it set off. */
  readonly rule: string | undefined;
  readonly issueId: string | undefined;
  readonly url: string | undefined;
  readonly project?: string | undefined;
}

/** An event of an issue, which needs somebody again. */
export function errorDraft(event: unknown, { rule, issueId, url, project }: ErrorContext): Draft {
  const tags = new Map(listAt(event, 'tags').map((tag) => [textAt(tag, 0), textAt(tag, 1)]));
  return {
    title: textAt(event, 'title') ?? textAt(event, 'metadata', 'title') ?? textAt(event, 'message'),
    text: messageOf(event),
    severity: severityOf(textAt(event, 'level')),
    facts: [
      { name: 'Project', value: project ?? /\/projects\/[^/]+\/([^/]+)\//.exec(textAt(event, 'url') ?? '')?.[1] },
      { name: 'Alert', value: rule },
      { name: 'Where', value: textAt(event, 'culprit') ?? textAt(event, 'location') },
      { name: 'Environment', value: textAt(event, 'environment') ?? tags.get('environment') },
      { name: 'Release', value: textAt(event, 'release') ?? tags.get('release') },
      { name: 'Page', value: tags.get('url') ?? textAt(event, 'request', 'url') },
      { name: 'Handled', value: tags.get('handled') },
    ],
    links: [{ title: 'Open in Sentry', url }],
    key: keyOf(issueId),
    state: 'open',
  };
}

/** Unique wherever Sentry runs; alerts say no more of the issue than this. */
function keyOf(issueId: string | undefined): string | undefined {
  return issueId && `issue/${issueId}`;
}

/** What it says beyond its title, which begins with the kind of the error. */
function messageOf(told: unknown): string | undefined {
  const message = textAt(told, 'metadata', 'value') ?? textAt(told, 'metadata', 'message') ?? textAt(told, 'message');
  return message !== undefined && textAt(told, 'title')?.includes(message) ? undefined : message;
}

const STATES: ReadonlyMap<string, LifecycleState> = new Map([
  ['resolved', 'resolved'],
  ['archived', 'resolved'],
  ['ignored', 'resolved'],
  ['assigned', 'acknowledged'],
]);

function stateOf(body: unknown): LifecycleState {
  return (
    STATES.get(textAt(body, 'action') ?? '') ?? STATES.get(textAt(body, 'data', 'issue', 'status') ?? '') ?? 'open'
  );
}

/** What is archived is over for people, but nothing got better. */
function severityOfIssue(issue: unknown, state: LifecycleState): Severity {
  if (state !== 'resolved') {
    return severityOf(textAt(issue, 'level'));
  }
  return textAt(issue, 'status') === 'ignored' ? 'info' : 'success';
}

/** `Resolved by Ana`, `Assigned to Ben`; nothing for an issue that is new. */
function whatHappened(body: unknown): string | undefined {
  const issue = at(body, 'data', 'issue');
  const action = textAt(body, 'action') ?? 'created';
  const isPerson = textAt(body, 'actor', 'type') === 'user';
  const by = isPerson ? textAt(body, 'actor', 'name') : undefined;
  const to = textAt(issue, 'assignedTo', 'name');
  const again = AGAIN.get(textAt(issue, 'substatus') ?? '') ?? 'Open again';
  switch (action) {
    case 'created':
      return undefined;
    case 'assigned':
      return to === undefined ? joined(' by ', 'Assigned', by) : `Assigned to ${to}`;
    case 'unresolved':
      return joined(' by ', again, by);
    case 'ignored':
      return joined(' by ', 'Archived', by);
    default:
      return joined(' by ', `${action.slice(0, 1).toUpperCase()}${action.slice(1)}`, by);
  }
}

const AGAIN: ReadonlyMap<string, string> = new Map([
  ['regressed', 'Back again'],
  ['escalating', 'Escalating'],
]);
const ARCHIVED: ReadonlyMap<string, string> = new Map([
  ['archived_until_escalating', 'until it escalates'],
  ['archived_until_condition_met', 'until a condition is met'],
  ['archived_forever', 'for ever'],
]);

function factsOfIssue(issue: unknown): NonNullable<Draft['facts']> {
  return [
    { name: 'Project', value: textAt(issue, 'project', 'name') ?? textAt(issue, 'project', 'slug') },
    { name: 'Issue', value: textAt(issue, 'shortId') },
    { name: 'Where', value: textAt(issue, 'culprit') },
    { name: 'Events', value: textAt(issue, 'count') },
    { name: 'Users', value: textAt(issue, 'userCount') },
    { name: 'Priority', value: textAt(issue, 'priority') },
    { name: 'Assigned to', value: textAt(issue, 'assignedTo', 'name') },
  ];
}

function releaseOf(issue: unknown): string | undefined {
  const details = at(issue, 'statusDetails');
  const isNext = at(details, 'inNextRelease') === true;
  return textAt(details, 'inRelease') ?? (isNext ? 'the next release' : textAt(details, 'inCommit', 'commit'));
}

function linksOfIssue(issue: unknown): readonly DraftLink[] {
  return [
    { title: 'Open in Sentry', url: textAt(issue, 'web_url') ?? textAt(issue, 'permalink') },
    { title: 'Project', url: textAt(issue, 'project_url') },
  ];
}
