// What people say on GitHub: reviews and comments. Each is a card of its own.

import type { Severity } from '../../domain/notification.ts';
import type { DraftFact, DraftLink } from '../../domain/source.ts';
import { at, isObject, textAt } from '../payload.ts';
import { excerptOf } from './excerpt.ts';
import { actorOf, inRepository, labelsAt, pick, placeOf, shortSha, spoken, type Told } from './parts.ts';
import { behind, threadName } from './threads.ts';

const REVIEWS: Readonly<Record<string, { readonly deed: string; readonly severity: Severity }>> = {
  approved: { deed: 'approved', severity: 'success' },
  changes_requested: { deed: 'requested changes to', severity: 'warning' },
  commented: { deed: 'reviewed', severity: 'info' },
};

/** What a reviewer says of a whole pull request. */
export function tellReview(body: unknown, action: string): Told | undefined {
  const [review, pull] = [at(body, 'review'), at(body, 'pull_request')];
  if (!isObject(review) || !isObject(pull)) {
    return undefined;
  }
  const said = action === 'submitted' ? pick(REVIEWS, textAt(review, 'state')?.toLowerCase()) : undefined;
  const reviewer = textAt(review, 'user', 'login') ?? 'somebody';
  const deed = said?.deed ?? `${action === '' ? 'changed' : spoken(action)} a review by ${reviewer} of`;
  return {
    draft: {
      title: behind(`${actorOf(body)} ${deed} ${threadName(body, pull, 'PR')}`, textAt(pull, 'title')),
      text: excerptOf(textAt(review, 'body')),
      textFormat: 'markdown',
      severity: said?.severity ?? 'info',
      facts: [
        { name: 'Author of the PR', value: textAt(pull, 'user', 'login') },
        { name: 'Commit', value: shortSha(textAt(review, 'commit_id')) },
      ],
      links: [
        { title: 'Open review', url: at(review, 'html_url') },
        { title: 'Open pull request', url: at(pull, 'html_url') },
      ],
      occurredAt: action === 'submitted' ? textAt(review, 'submitted_at') : undefined,
    },
    traits: {
      branch: textAt(pull, 'base', 'ref'),
      labels: [...labelsAt(pull), `review=${textAt(review, 'state')?.toLowerCase() ?? ''}`],
    },
  };
}

/** Beside a line of a pull request. */
export function tellReviewComment(body: unknown, action: string): Told | undefined {
  const [comment, pull] = [at(body, 'comment'), at(body, 'pull_request')];
  if (!isObject(pull)) {
    return undefined;
  }
  const line = textAt(comment, 'line') ?? textAt(comment, 'original_line');
  const told = toComment(body, action, {
    on: behind(threadName(body, pull, 'PR'), textAt(pull, 'title')),
    facts: [{ name: 'File', value: placeOf(textAt(comment, 'path'), line) }],
    link: { title: 'Open pull request', url: at(pull, 'html_url') },
  });
  return told && { ...told, traits: { branch: textAt(pull, 'base', 'ref'), labels: labelsAt(pull) } };
}

/** Below an issue or a pull request. */
export function tellIssueComment(body: unknown, action: string): Told | undefined {
  const issue = at(body, 'issue');
  if (!isObject(issue)) {
    return undefined;
  }
  const isPull = isObject(at(issue, 'pull_request'));
  const told = toComment(body, action, {
    on: behind(threadName(body, issue, isPull ? 'PR' : 'issue'), textAt(issue, 'title')),
    facts: [{ name: 'State', value: textAt(issue, 'state') === 'closed' ? 'Closed' : undefined }],
    link: { title: isPull ? 'Open pull request' : 'Open issue', url: at(issue, 'html_url') },
  });
  return told && { ...told, traits: { labels: labelsAt(issue) } };
}

/** Below a discussion, or below another comment of it. */
export function tellDiscussionComment(body: unknown, action: string): Told | undefined {
  const discussion = at(body, 'discussion');
  if (!isObject(discussion)) {
    return undefined;
  }
  return toComment(body, action, {
    on: behind(threadName(body, discussion, 'discussion'), textAt(discussion, 'title')),
    facts: [{ name: 'Category', value: textAt(discussion, 'category', 'name') }],
    link: { title: 'Open discussion', url: at(discussion, 'html_url') },
  });
}

/** Beside a line of a commit, or below it. */
export function tellCommitComment(body: unknown, action: string): Told | undefined {
  const comment = at(body, 'comment');
  return toComment(body, action, {
    on: `commit ${shortSha(textAt(comment, 'commit_id')) ?? ''}${inRepository(body)}`,
    facts: [{ name: 'File', value: placeOf(textAt(comment, 'path'), textAt(comment, 'line')) }],
  });
}

interface Commented {
  /** What the comment is about, in words. */
  readonly on: string;
  readonly facts: readonly DraftFact[];
  readonly link?: DraftLink;
}

const DEEDS: Readonly<Record<string, string>> = {
  created: 'commented on',
  edited: 'edited a comment on',
  deleted: 'deleted a comment on',
};

function toComment(body: unknown, action: string, { on, facts, link }: Commented): Told | undefined {
  const comment = at(body, 'comment');
  if (!isObject(comment)) {
    return undefined;
  }
  const isGone = action === 'deleted';
  return {
    draft: {
      title: `${actorOf(body)} ${pick(DEEDS, action) ?? 'changed a comment on'} ${on}`,
      text: excerptOf(textAt(comment, 'body')),
      textFormat: 'markdown',
      severity: 'info',
      facts,
      links: [...(isGone ? [] : [{ title: 'Open comment', url: at(comment, 'html_url') }]), ...(link ? [link] : [])],
      occurredAt: isGone ? undefined : textAt(comment, 'updated_at'),
    },
  };
}
