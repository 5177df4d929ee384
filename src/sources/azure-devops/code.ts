// Azure DevOps' events about code: pushes, pull requests, changesets.

import type { LifecycleState } from '../../domain/lifecycle.ts';
import type { Severity } from '../../domain/notification.ts';
import { at, count, firstLine, joined, listAt, textAt } from '../payload.ts';
import { excerpt, listed } from '../phrases.ts';
import { addressesIn, pageOf, personOf, refName, repositoryOf, sentenceOf, type Told } from './parts.ts';

const MAX_COMMITS_SHOWN = 10;
/** Stands for a branch that is not there. */
const NOTHING = /^0+$/;

/** Commits to one or several branches, or branches that come or go. */
export function toPush(body: unknown): Told {
  const push = at(body, 'resource');
  const updates = listAt(push, 'refUpdates');
  const commits = listAt(push, 'commits');
  const who = personOf(at(push, 'pushedBy'));
  const repository = repositoryOf(at(push, 'repository'));
  const branches = updates.flatMap((update) => refName(textAt(update, 'name')) ?? []);
  const pages = addressesIn(body);
  return {
    draft: {
      title:
        branches.length === 0
          ? undefined
          : joined(
              ' ',
              who ?? 'Somebody',
              pushed(updates[0], commits.length),
              listed(branches),
              repository && `(${repository})`,
            ),
      text: commitsShown(commits),
      links: [
        { title: 'Commit', url: pages.find((url) => url.includes('/commit/')) },
        { title: 'Repository', url: repositoryPage(at(push, 'repository')) },
      ],
    },
    traits: { repository, branch: branches[0], actor: who },
  };
}

function pushed(update: unknown, many: number): string {
  if (NOTHING.test(textAt(update, 'newObjectId') ?? '')) {
    return 'deleted';
  }
  const commits = many > 0 ? `pushed ${count(many, 'commit')} to` : 'pushed to';
  return NOTHING.test(textAt(update, 'oldObjectId') ?? '') ? 'created' : commits;
}

function commitsShown(commits: readonly unknown[]): string | undefined {
  const lines = commits.slice(0, MAX_COMMITS_SHOWN).map((commit) => {
    const said = joined(' ', textAt(commit, 'commitId')?.slice(0, 8), firstLine(textAt(commit, 'comment')));
    return joined(' · ', said, textAt(commit, 'author', 'name'));
  });
  const more = commits.length - MAX_COMMITS_SHOWN;
  return joined('\n', ...lines, more > 0 ? `… ${count(more, 'more commit')}` : undefined);
}

/** `remoteUrl` may name the organization as a user, as git likes it; that is no address for a button. */
export function repositoryPage(repository: unknown): string | undefined {
  const remote = textAt(repository, 'remoteUrl');
  return textAt(repository, 'webUrl') ?? (remote?.includes('@') ? undefined : remote);
}

/** Told from its creation until it is completed or abandoned. */
export function toPullRequest(body: unknown): Told {
  const request = at(body, 'resource');
  const state = stateOf(request);
  const conflicts = state === 'open' && textAt(request, 'mergeStatus') === 'conflicts';
  const isNew = textAt(body, 'eventType') === 'git.pullrequest.created';
  return aboutPullRequest(body, request, {
    title: titleOf(body, request, conflicts),
    text: isNew ? excerpt(textAt(request, 'description')) : undefined,
    textFormat: isNew ? 'markdown' : 'plain',
    severity: severityOf(request, conflicts),
    key: keyOf(request),
    state,
  });
}

/** A comment has no life of its own. */
export function toComment(body: unknown): Told {
  const request = at(body, 'resource', 'pullRequest');
  const comment = at(body, 'resource', 'comment');
  const did = at(comment, 'isDeleted') === true ? 'deleted a comment on' : 'commented on';
  const named = nameOf(request);
  return aboutPullRequest(body, request, {
    title: named && joined(' ', personOf(at(comment, 'author')) ?? 'Somebody', did, named),
    text: excerpt(textAt(comment, 'content')),
    textFormat: 'markdown',
  });
}

function aboutPullRequest(body: unknown, request: unknown, draft: Told['draft']): Told {
  const repository = repositoryOf(at(request, 'repository'));
  const target = refName(textAt(request, 'targetRefName'));
  return {
    draft: {
      ...draft,
      facts: [
        { name: 'Repository', value: repository },
        { name: 'Branches', value: joined(' → ', refName(textAt(request, 'sourceRefName')), target) },
        { name: 'Draft', value: at(request, 'isDraft') === true ? 'yes' : undefined },
        { name: 'Merge', value: textAt(request, 'mergeStatus') === 'conflicts' ? 'conflicts' : undefined },
        { name: 'Reviewers', value: reviewersOf(request) },
      ],
      links: [{ title: 'Pull request', url: pageOf(body, request) }],
    },
    traits: {
      repository,
      branch: target,
      actor: actorOf(body, request),
      labels: listAt(request, 'labels').flatMap((label) => textAt(label, 'name') ?? []),
    },
  };
}

/** Of other changes only the message says who made them. */
function actorOf(body: unknown, request: unknown): string | undefined {
  const isNew = textAt(body, 'eventType') === 'git.pullrequest.created';
  const author = personOf(at(body, 'resource', 'comment', 'author'));
  return author ?? personOf(at(request, isNew ? 'createdBy' : 'closedBy'));
}

function nameOf(request: unknown): string | undefined {
  const id = textAt(request, 'pullRequestId');
  return id && joined(': ', `PR ${id}`, textAt(request, 'title'));
}

/** The message says who did what, except where the request has only been looked at by a program. */
function titleOf(body: unknown, request: unknown, conflicts: boolean): string | undefined {
  const id = textAt(request, 'pullRequestId');
  const sentence = sentenceOf(body);
  if (id === undefined || sentence?.toLowerCase().includes(`pull request ${id}`)) {
    return sentence;
  }
  const title = textAt(request, 'title');
  const status = textAt(request, 'status');
  const isMerge = textAt(body, 'eventType') === 'git.pullrequest.merged';
  const did =
    textAt(body, 'eventType') === 'git.pullrequest.created' ? 'is new' : isMerge ? 'can be merged' : 'was updated';
  const became = status === 'completed' ? 'is merged' : status === 'abandoned' ? 'was abandoned' : did;
  return joined(': ', `PR ${id} ${conflicts && isMerge ? 'cannot be merged' : became}`, title);
}

function stateOf(request: unknown): LifecycleState {
  const status = textAt(request, 'status');
  return status === 'completed' || status === 'abandoned' ? 'resolved' : 'open';
}

function severityOf(request: unknown, conflicts: boolean): Severity {
  return textAt(request, 'status') === 'completed' ? 'success' : conflicts ? 'warning' : 'info';
}

function keyOf(request: unknown): string | undefined {
  const repository = repositoryOf(at(request, 'repository'));
  const id = textAt(request, 'pullRequestId');
  return repository === undefined || id === undefined ? undefined : `${repository}!${id}`;
}

const VOTES: ReadonlyMap<string, string> = new Map([
  ['10', 'approved'],
  ['5', 'approved with suggestions'],
  ['-5', 'waits for the author'],
  ['-10', 'rejected'],
]);

function reviewersOf(request: unknown): string | undefined {
  const reviewers = listAt(request, 'reviewers').flatMap((reviewer) => {
    const vote = VOTES.get(textAt(reviewer, 'vote') ?? '');
    return joined(' ', personOf(reviewer), vote && `(${vote})`) ?? [];
  });
  return listed(reviewers);
}

/** A changeset of Team Foundation Version Control. */
export function toCheckin(body: unknown): Told {
  const changeset = at(body, 'resource');
  const who = personOf(at(changeset, 'checkedInBy')) ?? personOf(at(changeset, 'author'));
  const id = textAt(changeset, 'changesetId');
  const comment = textAt(changeset, 'comment');
  return {
    draft: {
      title: id && joined(': ', `${who ?? 'Somebody'} checked in changeset ${id}`, firstLine(comment)),
      text: comment === firstLine(comment) ? undefined : excerpt(comment),
      links: [{ title: 'Changeset', url: pageOf(body, changeset) }],
    },
    traits: { actor: who },
  };
}
