// GitLab's events about work: merge requests, issues and other work items, comments, vulnerabilities.

import type { LifecycleState } from '../../domain/lifecycle.ts';
import type { Severity } from '../../domain/notification.ts';
import { at, firstLine, joined, listAt, textAt } from '../payload.ts';
import { excerpt, listed } from '../phrases.ts';
import {
  actorOf,
  commitLine,
  inProject,
  keyOf,
  labelsOf,
  namesAt,
  numbered,
  projectOf,
  shortSha,
  type Told,
  whoDid,
} from './parts.ts';

const VERBS: ReadonlyMap<string, string> = new Map([
  ['open', 'opened'],
  ['reopen', 'reopened'],
  ['close', 'closed'],
  ['merge', 'merged'],
  ['update', 'updated'],
  ['approved', 'approved'],
  ['approval', 'approved'],
  ['unapproved', 'took back the approval of'],
  ['unapproval', 'took back the approval of'],
]);

const MERGE_SEVERITIES: ReadonlyMap<string, Severity> = new Map([
  ['merge', 'success'],
  ['approved', 'success'],
  ['approval', 'success'],
  ['unapproved', 'warning'],
  ['unapproval', 'warning'],
]);

/** Told from its opening until it is merged or closed. */
export function toMergeRequest(body: unknown): Told {
  const request = at(body, 'object_attributes');
  const action = textAt(request, 'action');
  const labels = labelsOf(body, request);
  return {
    action,
    branch: textAt(request, 'target_branch'),
    labels,
    draft: {
      title: whoDid(body, VERBS.get(action ?? '') ?? 'updated', numbered(request, '!')),
      text: textOf(body, action),
      textFormat: isBeginning(action) ? 'markdown' : 'plain',
      severity: MERGE_SEVERITIES.get(action ?? '') ?? 'info',
      facts: [
        { name: 'Project', value: projectOf(body) },
        { name: 'Branches', value: branchesOf(request) },
        { name: 'Draft', value: isTrue(at(request, 'draft') ?? at(request, 'work_in_progress')) ? 'yes' : undefined },
        { name: 'Reviewers', value: listed(namesAt(body, 'reviewers')) },
        { name: 'Assignees', value: listed(namesAt(body, 'assignees')) },
        { name: 'Labels', value: listed(labels) },
      ],
      links: [{ title: 'Merge request', url: textAt(request, 'url') }],
      key: keyOf(body, '!', textAt(request, 'iid')),
      state: stateOf(request),
      occurredAt: textAt(request, 'updated_at'),
    },
  };
}

function branchesOf(request: unknown): string | undefined {
  return joined(' → ', textAt(request, 'source_branch'), textAt(request, 'target_branch'));
}

/** Merged and closed things are over; all else needs somebody. */
function stateOf(thing: unknown): LifecycleState {
  const state = textAt(thing, 'state');
  return state === 'closed' || state === 'merged' || state === 'resolved' || state === 'dismissed'
    ? 'resolved'
    : 'open';
}

function isTrue(value: unknown): boolean {
  return value === true || value === 'true';
}

function isBeginning(action: string | undefined): boolean {
  return action === 'open' || action === 'reopen';
}

/** What it is about when it begins, and later what has become of it. */
function textOf(body: unknown, action: string | undefined): string | undefined {
  if (isBeginning(action)) {
    return excerpt(textAt(body, 'object_attributes', 'description'));
  }
  if (action === 'approved') {
    return 'All required approvals are there.';
  }
  return action === 'update' ? joined('\n', ...changesOf(body)) : undefined;
}

function changesOf(body: unknown): readonly (string | undefined)[] {
  const changes = at(body, 'changes');
  const request = at(body, 'object_attributes');
  const draft = at(changes, 'draft', 'current');
  return [
    textAt(request, 'oldrev') && joined(': ', 'New commits', commitLine(at(request, 'last_commit'))),
    draft === undefined ? undefined : isTrue(draft) ? 'It is a draft again.' : 'It is ready for review.',
    fromTo('Title', at(changes, 'title')),
    fromTo('Target branch', at(changes, 'target_branch')),
    fromTo('Due date', at(changes, 'due_date')),
    fromTo('Severity', at(changes, 'severity')),
    nowListed('Labels', listAt(changes, 'labels', 'current'), at(changes, 'labels')),
    nowListed('Assignees', listAt(changes, 'assignees', 'current'), at(changes, 'assignees')),
    nowListed('Reviewers', listAt(changes, 'reviewers', 'current'), at(changes, 'reviewers')),
    at(changes, 'description') === undefined ? undefined : 'The description has changed.',
  ];
}

function fromTo(name: string, change: unknown): string | undefined {
  const [previous, current] = [textAt(change, 'previous'), textAt(change, 'current')];
  return previous === undefined && current === undefined
    ? undefined
    : `${name}: ${previous ?? 'none'} → ${current ?? 'none'}`;
}

function nowListed(name: string, current: readonly unknown[], change: unknown): string | undefined {
  const names = current.flatMap((one) => textAt(one, 'title') ?? textAt(one, 'name') ?? []);
  return change === undefined ? undefined : `${name}: ${listed(names) ?? 'none'}`;
}

const SEVERITIES: ReadonlyMap<string, Severity> = new Map([
  ['critical', 'critical'],
  ['high', 'error'],
  ['medium', 'warning'],
]);

/** Issues, incidents, tasks, epics. */
export function toIssue(body: unknown): Told {
  const issue = at(body, 'object_attributes');
  const action = textAt(issue, 'action');
  const labels = labelsOf(body, issue);
  const type = textAt(issue, 'type');
  const isIncident = type === 'Incident';
  const isOver = stateOf(issue) === 'resolved';
  const urgency = isIncident ? (SEVERITIES.get(textAt(issue, 'severity') ?? '') ?? 'warning') : 'info';
  return {
    action,
    labels,
    draft: {
      title: whoDid(body, VERBS.get(action ?? '') ?? 'updated', kindOf(type), numbered(issue, '#')),
      text: textOf(body, action),
      textFormat: isBeginning(action) ? 'markdown' : 'plain',
      severity: isOver ? 'success' : urgency,
      facts: [
        { name: 'Project', value: projectOf(body) },
        { name: 'Severity', value: isIncident ? textAt(issue, 'severity') : undefined },
        { name: 'Assignees', value: listed(namesAt(body, 'assignees')) },
        { name: 'Labels', value: listed(labels) },
        { name: 'Due', value: textAt(issue, 'due_date') },
        { name: 'Confidential', value: isTrue(at(issue, 'confidential')) ? 'yes' : undefined },
      ],
      links: [{ title: isIncident ? 'Incident' : 'Issue', url: textAt(issue, 'url') }],
      key: keyOf(body, '#', textAt(issue, 'iid')),
      state: isOver ? 'resolved' : textAt(issue, 'escalation_status') === 'acknowledged' ? 'acknowledged' : 'open',
      occurredAt: textAt(issue, 'updated_at'),
    },
  };
}

function kindOf(type: string | undefined): string | undefined {
  return type === undefined || type === 'Issue' ? undefined : type.toLowerCase();
}

/** A comment has no life of its own. */
export function toComment(body: unknown): Told {
  const note = at(body, 'object_attributes');
  const action = textAt(note, 'action');
  const did = action === 'update' ? 'changed a comment on' : 'commented on';
  const file = textAt(note, 'position', 'new_path') ?? textAt(note, 'st_diff', 'new_path');
  return {
    action,
    branch: textAt(body, 'merge_request', 'target_branch'),
    labels: labelsOf(at(body, 'merge_request'), at(body, 'issue')),
    draft: {
      title: whoDid(body, did, targetOf(body)),
      text: excerpt(textAt(note, 'note')),
      textFormat: 'markdown',
      facts: [
        { name: 'Project', value: projectOf(body) },
        { name: 'File', value: joined(':', file, textAt(note, 'position', 'new_line')) },
      ],
      links: [{ title: 'Comment', url: textAt(note, 'url') }],
      occurredAt: textAt(note, 'updated_at') ?? textAt(note, 'created_at'),
    },
  };
}

function targetOf(body: unknown): string {
  const commit = at(body, 'commit');
  const id = shortSha(textAt(commit, 'id'));
  return (
    numbered(at(body, 'merge_request'), '!') ??
    numbered(at(body, 'issue'), '#') ??
    joined(': ', id && `commit ${id}`, firstLine(textAt(commit, 'message'))) ??
    joined(' ', 'snippet', textAt(body, 'snippet', 'title')) ??
    'something'
  );
}

/** It is named by its address: its payload does not name the project. */
export function toVulnerability(body: unknown): Told {
  const found = at(body, 'object_attributes');
  const state = textAt(found, 'state');
  const url = textAt(found, 'url');
  const isOver = stateOf(found) === 'resolved';
  return {
    action: state,
    draft: {
      title: joined(': ', joined(' ', 'Vulnerability', state), joined(' ', textAt(found, 'title'), inProject(body))),
      severity: isOver ? 'success' : (SEVERITIES.get(textAt(found, 'severity') ?? '') ?? 'info'),
      facts: [
        { name: 'Severity', value: textAt(found, 'severity') },
        { name: 'File', value: textAt(found, 'location', 'file') },
        { name: 'Package', value: textAt(found, 'location', 'dependency', 'package', 'name') },
        { name: 'By', value: actorOf(body) },
      ],
      links: [{ title: 'Vulnerability', url }],
      key: url,
      state: isOver ? 'resolved' : 'open',
      occurredAt: textAt(found, 'updated_at'),
    },
  };
}
