// What somebody does to an issue, a pull request or a discussion, in words.

import { textAt } from '../payload.ts';
import { pick, spoken } from './parts.ts';

type Deed = (it: string, what: string) => string;

/** The words of GitHub's actions; `what` is the label, the person or the milestone that goes with it. */
const DEEDS: Readonly<Record<string, Deed>> = {
  opened: (it) => `opened ${it}`,
  created: (it) => `started ${it}`,
  closed: (it) => `closed ${it}`,
  reopened: (it) => `reopened ${it}`,
  deleted: (it) => `deleted ${it}`,
  transferred: (it) => `moved ${it} to another repository`,
  edited: (it) => `edited ${it}`,
  synchronize: (it) => `pushed to ${it}`,
  ready_for_review: (it) => `marked ${it} as ready for review`,
  converted_to_draft: (it) => `made ${it} a draft again`,
  review_requested: (it, who) => `asked ${who} to review ${it}`,
  review_request_removed: (it, who) => `asked ${who} no longer to review ${it}`,
  assigned: (it, who) => `assigned ${who} to ${it}`,
  unassigned: (it, who) => `unassigned ${who} from ${it}`,
  labeled: (it, label) => `labeled ${it} as ${label}`,
  unlabeled: (it, label) => `took the label ${label} off ${it}`,
  milestoned: (it, milestone) => `put ${it} into milestone ${milestone}`,
  demilestoned: (it, milestone) => `took ${it} out of milestone ${milestone}`,
  locked: (it) => `locked ${it}`,
  unlocked: (it) => `unlocked ${it}`,
  pinned: (it) => `pinned ${it}`,
  unpinned: (it) => `unpinned ${it}`,
  enqueued: (it) => `put ${it} into the merge queue`,
  dequeued: (it) => `took ${it} out of the merge queue`,
  auto_merge_enabled: (it) => `will have ${it} merged when its checks pass`,
  auto_merge_disabled: (it) => `will no longer have ${it} merged by itself`,
  answered: (it) => `marked an answer to ${it}`,
  unanswered: (it) => `unmarked the answer to ${it}`,
  category_changed: (it) => `moved ${it} to another category`,
};

/** `asked octocat to review PR api#12`; an action without words of ours stands in brackets. */
export function deedOf(body: unknown, action: string, it: string): string {
  const deed = pick(DEEDS, action);
  return deed ? deed(it, whatOf(body)) : `changed ${it}${action === '' ? '' : ` (${spoken(action)})`}`;
}

function whatOf(body: unknown): string {
  return (
    textAt(body, 'label', 'name') ??
    textAt(body, 'requested_reviewer', 'login') ??
    textAt(body, 'requested_team', 'name') ??
    textAt(body, 'assignee', 'login') ??
    textAt(body, 'milestone', 'title') ??
    'somebody or something'
  );
}
