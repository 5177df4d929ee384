// Jira's events about issues, and about comments on them.

import type { LifecycleState } from '../../domain/lifecycle.ts';
import type { Severity } from '../../domain/notification.ts';
import type { Draft, Traits } from '../../domain/source.ts';
import { at, joined, listAt, membersAt, textAt, textsAt } from '../payload.ts';
import { listed } from '../phrases.ts';
import { textOf } from './text.ts';

/** What one event of Jira comes to. */
export interface Told {
  readonly draft: Draft;
  readonly traits?: Traits | undefined;
}

const MAX_CHANGES_SHOWN = 10;
/** A longer value is not worth to be read twice. */
const MAX_VALUE = 100;

const SEVERITIES: ReadonlyMap<string, Severity> = new Map([
  ['blocker', 'error'],
  ['critical', 'error'],
  ['highest', 'error'],
  ['high', 'warning'],
]);

/** Told from its creation until it is done or deleted. */
export function toIssue(body: unknown): Told {
  const issue = at(body, 'issue');
  const state = stateOf(body);
  const urgency = SEVERITIES.get(textAt(issue, 'fields', 'priority', 'name')?.toLowerCase() ?? '') ?? 'info';
  const who = personOf(at(body, 'user'));
  return aboutIssue(issue, who, {
    title: joined(': ', `${who ?? 'Somebody'} ${didWhat(body)}`, textAt(issue, 'fields', 'summary')),
    text: isEvent(body, 'created') ? textOf(at(issue, 'fields', 'description')) : changesOf(body),
    severity: isEvent(body, 'deleted') ? 'info' : state === 'resolved' ? 'success' : urgency,
    key: textAt(issue, 'key'),
    state,
  });
}

function isEvent(body: unknown, event: 'created' | 'updated' | 'deleted'): boolean {
  return textAt(body, 'webhookEvent')?.endsWith(`issue_${event}`) ?? false;
}

/** Each team names its states as it likes; the category of a state is the same for all. */
function stateOf(body: unknown): LifecycleState {
  const category = textAt(body, 'issue', 'fields', 'status', 'statusCategory', 'key');
  if (isEvent(body, 'deleted') || category === 'done') {
    return 'resolved';
  }
  return category === 'indeterminate' ? 'acknowledged' : 'open';
}

/** The name of a user, of Jira Cloud or of one's own Jira. */
export function personOf(user: unknown): string | undefined {
  return textAt(user, 'displayName') ?? textAt(user, 'name');
}

function didWhat(body: unknown): string {
  const issue = at(body, 'issue');
  const key = textAt(issue, 'key') ?? 'an issue';
  const type = textAt(issue, 'fields', 'issuetype', 'name');
  if (isEvent(body, 'created') || isEvent(body, 'deleted')) {
    return joined(' ', isEvent(body, 'created') ? 'created' : 'deleted', type, key) ?? key;
  }
  const status = changeOf(body, 'status');
  const assignee = changeOf(body, 'assignee');
  if (status !== undefined) {
    return `moved ${key} to ${textAt(status, 'toString') ?? 'another state'}`;
  }
  return assignee === undefined ? `updated ${key}` : `assigned ${key} to ${textAt(assignee, 'toString') ?? 'nobody'}`;
}

function changeOf(body: unknown, field: string): unknown {
  return listAt(body, 'changelog', 'items').find((item) => textAt(item, 'field') === field);
}

/** Where an issue stands in a list, and numbers that only Jira knows, are nobody's news. */
const UNTOLD: ReadonlySet<string> = new Set(['Rank', 'WorklogId', 'WorklogTimeSpent', 'RemoteIssueLink']);

function changesOf(body: unknown): string | undefined {
  const items = listAt(body, 'changelog', 'items').filter((item) => !UNTOLD.has(textAt(item, 'field') ?? ''));
  const more = items.length - MAX_CHANGES_SHOWN;
  const lines = items.slice(0, MAX_CHANGES_SHOWN).map(changeLine);
  return joined('\n', ...lines, more > 0 ? `… ${more} more` : undefined);
}

function changeLine(item: unknown): string | undefined {
  const field = textAt(item, 'field');
  const name = field && `${field[0]?.toUpperCase()}${field.slice(1)}`;
  const [before, after] = [textAt(item, 'fromString'), textAt(item, 'toString')];
  const isLong = [before, after].some((value) => value !== undefined && (value.length > MAX_VALUE || /\n/.test(value)));
  return name && (isLong ? `${name}: changed` : `${name}: ${before ?? 'none'} → ${after ?? 'none'}`);
}

/** A comment has no life of its own. */
export function toComment(body: unknown): Told {
  const issue = at(body, 'issue');
  const comment = at(body, 'comment');
  const event = textAt(body, 'webhookEvent');
  const did = event === 'comment_deleted' ? 'deleted a comment on' : 'commented on';
  const isChange = event === 'comment_updated';
  const who = personOf(at(comment, isChange ? 'updateAuthor' : 'author')) ?? personOf(at(body, 'user'));
  const key = textAt(issue, 'key') ?? 'an issue';
  const doing = `${who ?? 'Somebody'} ${isChange ? 'changed a comment on' : did} ${key}`;
  return aboutIssue(issue, who, {
    title: joined(': ', doing, textAt(issue, 'fields', 'summary')),
    text: textOf(at(comment, 'body')),
  });
}

function aboutIssue(issue: unknown, who: string | undefined, draft: Draft): Told {
  const fields = at(issue, 'fields');
  const labels = textsAt(fields, 'labels');
  const page = pageOf(issue);
  return {
    draft: {
      ...draft,
      facts: [
        { name: 'Issue', value: page === undefined ? textAt(issue, 'key') : undefined },
        { name: 'Project', value: textAt(fields, 'project', 'name') },
        { name: 'Status', value: textAt(fields, 'status', 'name') },
        { name: 'Assignee', value: personOf(at(fields, 'assignee')) },
        { name: 'Priority', value: textAt(fields, 'priority', 'name') },
        { name: 'Due', value: textAt(fields, 'duedate') },
        { name: 'Labels', value: listed(labels) },
      ],
      links: [{ title: 'Issue', url: page }],
    },
    traits: { repository: textAt(fields, 'project', 'key'), actor: who, labels },
  };
}

const MAX_FIELDS_SEARCHED = 1_000;

/**
 * The page of an issue. Jira sends only addresses for programs (`self`), but for requests of Jira Service Management,
 * which have a field with links for people.
 */
function pageOf(issue: unknown): string | undefined {
  const end = `/browse/${textAt(issue, 'key')}`;
  const values = [issue, ...membersAt(issue, 'fields').map(([, value]) => value)].slice(0, MAX_FIELDS_SEARCHED);
  const found = values.flatMap((value) => [
    textAt(value, '_links', 'agent'),
    textAt(value, '_links', 'web'),
    textAt(value),
  ]);
  const pages = found.filter((url) => url?.startsWith('https://') && !url.includes('/rest/') && !/\s/.test(url));
  return pages.find((url) => url?.endsWith(end)) ?? portalIn(values);
}

function portalIn(values: readonly unknown[]): string | undefined {
  const found = values.map((value) => textAt(value, '_links', 'web'));
  return found.find((url) => url?.startsWith('https://'));
}
