// Pull requests, issues and discussions of GitHub: each is one card, which lives until it is closed.

import type { LifecycleState } from '../../domain/lifecycle.ts';
import type { Severity } from '../../domain/notification.ts';
import type { DraftFact } from '../../domain/source.ts';
import { at, count, isObject, textAt } from '../payload.ts';
import { deedOf } from './deeds.ts';
import { excerptOf } from './excerpt.ts';
import { actorOf, keyOf, labelsAt, namesAt, repositoryNameOf, type Told, unlessActor } from './parts.ts';

/** `PR api#12`, as a title names it. */
export function threadName(body: unknown, thread: unknown, kind: string): string {
  return `${kind} ${repositoryNameOf(body) ?? ''}#${textAt(thread, 'number') ?? '?'}`;
}

/** Its title, behind what happened to it. */
export function behind(deed: string, title: string | undefined): string {
  return title === undefined ? deed : `${deed}: ${title}`;
}

/** Whatever is done to a pull request; the branch that filters see is the one that it goes to. */
export function tellPullRequest(body: unknown, action: string): Told | undefined {
  const pull = at(body, 'pull_request');
  if (!isObject(pull)) {
    return undefined;
  }
  const isMerged = at(pull, 'merged') === true || textAt(pull, 'merged_at') !== undefined;
  const isDraft = at(pull, 'draft') === true;
  const it = threadName(body, pull, isDraft && action === 'opened' ? 'draft PR' : 'PR');
  const closing = isMerged ? `merged ${it}` : `closed ${it} without merging it`;
  const deed = action === 'closed' ? closing : deedOf(body, action, it);
  return {
    draft: {
      ...toDraft(body, pull, { deed, state: stateOf(pull, action) }),
      severity: isMerged ? 'success' : 'info',
      facts: factsOfPull(body, pull),
      links: [{ title: 'Open pull request', url: at(pull, 'html_url') }],
    },
    traits: {
      branch: textAt(pull, 'base', 'ref'),
      labels: [...labelsAt(pull), ...(isMerged ? ['merged=true'] : [])],
    },
  };
}

function factsOfPull(body: unknown, pull: unknown): readonly DraftFact[] {
  return [
    ...unlessActor(body, 'Author', textAt(pull, 'user', 'login')),
    { name: 'Branch', value: branchesOf(pull) },
    { name: 'Changes', value: changesOf(pull) },
    { name: 'Labels', value: namesAt(pull, 'labels') },
    { name: 'Reviewers', value: namesAt(pull, 'requested_reviewers') },
    { name: 'Teams to review', value: namesAt(pull, 'requested_teams') },
    { name: 'Assigned to', value: namesAt(pull, 'assignees') },
    { name: 'Milestone', value: textAt(pull, 'milestone', 'title') },
  ];
}

/** `changes → main`; with its owner where it comes from a fork. */
function branchesOf(pull: unknown): string | undefined {
  const [head, base] = [at(pull, 'head'), at(pull, 'base')];
  const isFork = textAt(head, 'repo', 'full_name') !== textAt(base, 'repo', 'full_name');
  const from = textAt(head, isFork ? 'label' : 'ref') ?? textAt(head, 'ref');
  const to = textAt(base, 'ref');
  return from === undefined || to === undefined ? (from ?? to) : `${from} → ${to}`;
}

/** `+12 −3 in 2 files, 1 commit`; nothing where a payload does not count. */
function changesOf(pull: unknown): string | undefined {
  const numbers = ['additions', 'deletions', 'changed_files', 'commits'].map((name) => at(pull, name));
  const [added, deleted, files, commits] = numbers.map((number) => (typeof number === 'number' ? number : undefined));
  if (added === undefined || deleted === undefined || files === undefined || commits === undefined) {
    return undefined;
  }
  return `+${added} −${deleted} in ${count(files, 'file')}, ${count(commits, 'commit')}`;
}

/** Whatever is done to an issue; to a pull request as well, where GitHub treats it as one. */
export function tellIssue(body: unknown, action: string): Told | undefined {
  const issue = at(body, 'issue');
  if (!isObject(issue)) {
    return undefined;
  }
  const isPull = isObject(at(issue, 'pull_request'));
  const it = threadName(body, issue, isPull ? 'PR' : 'issue');
  const isOver = stateOf(issue, action) === 'resolved';
  const isDropped = ['not_planned', 'duplicate'].includes(textAt(issue, 'state_reason') ?? '');
  const reason = textAt(issue, 'state_reason') === 'duplicate' ? 'as a duplicate' : 'as not planned';
  const deed = deedOf(body, action, it) + (action === 'closed' && isDropped ? ` ${reason}` : '');
  const severity: Severity = isOver && !isDropped && action === 'closed' ? 'success' : 'info';
  return {
    draft: {
      ...toDraft(body, issue, { deed, state: stateOf(issue, action) }),
      severity,
      facts: [
        ...unlessActor(body, 'Author', textAt(issue, 'user', 'login')),
        { name: 'Type', value: textAt(issue, 'type', 'name') },
        { name: 'Labels', value: namesAt(issue, 'labels') },
        { name: 'Assigned to', value: namesAt(issue, 'assignees') },
        { name: 'Milestone', value: textAt(issue, 'milestone', 'title') },
      ],
      links: [{ title: isPull ? 'Open pull request' : 'Open issue', url: at(issue, 'html_url') }],
    },
    traits: { labels: labelsAt(issue) },
  };
}

/** Whatever is done to a discussion; an answer that was marked ends it. */
export function tellDiscussion(body: unknown, action: string): Told | undefined {
  const discussion = at(body, 'discussion');
  if (!isObject(discussion)) {
    return undefined;
  }
  const deed = deedOf(body, action, threadName(body, discussion, 'discussion'));
  const answer = action === 'answered' ? excerptOf(textAt(body, 'answer', 'body')) : undefined;
  const isAnswered = textAt(discussion, 'answer_chosen_at') !== undefined;
  const draft = toDraft(body, discussion, { deed, state: isAnswered ? 'resolved' : stateOf(discussion, action) });
  return {
    draft: {
      ...draft,
      text: answer ?? draft.text,
      severity: action === 'answered' ? 'success' : 'info',
      facts: [
        ...unlessActor(body, 'Author', textAt(discussion, 'user', 'login')),
        { name: 'Category', value: textAt(discussion, 'category', 'name') },
        ...(action === 'answered' ? [{ name: 'Answer by', value: textAt(body, 'answer', 'user', 'login') }] : []),
        { name: 'Labels', value: namesAt(discussion, 'labels') },
      ],
      links: [
        { title: 'Open discussion', url: at(discussion, 'html_url') },
        ...(action === 'answered' ? [{ title: 'Open answer', url: textAt(body, 'answer', 'html_url') }] : []),
      ],
    },
    traits: { labels: labelsAt(discussion) },
  };
}

interface Telling {
  readonly deed: string;
  readonly state: LifecycleState;
}

/** Numbers are given once for all three, so the key is one as well: an issue may become a discussion. */
function toDraft(body: unknown, thread: unknown, { deed, state }: Telling) {
  const number = textAt(thread, 'number');
  return {
    title: behind(`${actorOf(body)} ${deed}`, textAt(thread, 'title')),
    text: excerptOf(textAt(thread, 'body')),
    textFormat: 'markdown',
    key: keyOf(body, number && `#${number}`),
    state,
    occurredAt: textAt(thread, 'updated_at'),
  } as const;
}

/** A label on what is closed does not open it again. */
function stateOf(thread: unknown, action: string): LifecycleState {
  const isGone = ['deleted', 'transferred'].includes(action);
  return isGone || textAt(thread, 'state') === 'closed' ? 'resolved' : 'open';
}
