// What tests a commit on GitHub: one card for each workflow, job, check or status on each branch. It is open while it
// runs, and stays open when it failed: until the same passes on that branch, somebody is needed.

import type { LifecycleState } from '../../domain/lifecycle.ts';
import type { Severity } from '../../domain/notification.ts';
import type { Draft, DraftFact } from '../../domain/source.ts';
import { firstLine, joined, listAt, textAt } from '../payload.ts';
import { inRepository, keyOf, pick, shortSha, spoken, type Told } from './parts.ts';

/** How it stands with a check. */
export interface Outcome {
  readonly words: string;
  readonly severity: Severity;
  readonly state: LifecycleState;
}

const failed = (words: string): Outcome => ({ words, severity: 'error', state: 'open' });
const needed = (words: string): Outcome => ({ words, severity: 'warning', state: 'open' });
/** It is not over, and needs nobody yet. */
export const under = (words: string): Outcome => ({ words, severity: 'info', state: 'open' });
const over = (words: string, severity: Severity = 'info'): Outcome => ({ words, severity, state: 'resolved' });

/** Of what has ended. */
const CONCLUSIONS: Readonly<Record<string, Outcome>> = {
  success: over('passed', 'success'),
  failure: failed('failed'),
  error: failed('failed with an error'),
  timed_out: failed('timed out'),
  startup_failure: failed('could not start'),
  action_required: needed('needs action'),
  cancelled: over('was cancelled'),
  skipped: over('was skipped'),
  neutral: over('ended without a verdict'),
  stale: over('was given up'),
};

/** Of what has not. */
const STATUSES: Readonly<Record<string, Outcome>> = {
  requested: under('is queued'),
  queued: under('is queued'),
  pending: under('is pending'),
  in_progress: under('is running'),
  waiting: needed('waits for approval'),
};

/** @param status of a run that is over `completed` */
export function outcomeOf(status: string | undefined, conclusion: string | undefined): Outcome {
  return status === 'completed' || status === undefined
    ? (pick(CONCLUSIONS, conclusion) ?? over(`ended${conclusion === undefined ? '' : ` (${spoken(conclusion)})`}`))
    : (pick(STATUSES, status) ?? under(`is ${spoken(status)}`));
}

/** What all of them have, whatever GitHub calls it. */
export interface Check {
  /** As its title names it: `CI`. */
  readonly name: string;
  /** As its key names it: `workflow CI`. A check may have the name of a workflow. */
  readonly thing: string;
  readonly outcome: Outcome;
  readonly conclusion: string | undefined;
  /** With the owner's name where it is a branch of a fork. */
  readonly branch: string | undefined;
  readonly sha: string | undefined;
  /** Only by GitHub's own clock: others may be ahead, or behind what they said before. */
  readonly occurredAt?: string | undefined;
}

/** The card of a check; its key is `contoso/api@main workflow CI`. */
export function toTold(
  body: unknown,
  check: Check,
  rest: Pick<Draft, 'text' | 'textFormat' | 'facts' | 'links'>,
): Told {
  const { name, thing, outcome, conclusion, sha } = check;
  const branch = check.branch ?? shortSha(sha);
  const where = branch === undefined ? '' : ` on ${branch}`;
  return {
    draft: {
      title: `${name} ${outcome.words}${where}${inRepository(body)}`,
      severity: outcome.severity,
      ...rest,
      facts: [{ name: 'Commit', value: shortSha(sha) }, ...(rest.facts ?? [])],
      key: keyOf(body, branch && `@${branch} ${thing}`),
      state: outcome.state,
      occurredAt: check.occurredAt,
    },
    traits: {
      branch: check.branch,
      labels: conclusion === undefined ? [] : [`conclusion=${conclusion}`],
    },
  };
}

/** `Fix the login — Ana`, of the commit that is tested. */
export function commitOf(value: unknown): string | undefined {
  return joined(
    ' — ',
    firstLine(textAt(value, 'head_commit', 'message')),
    textAt(value, 'head_commit', 'author', 'name'),
  );
}

/** The pull requests that it belongs to. */
export function pullsOf(check: unknown): readonly DraftFact[] {
  const numbers = listAt(check, 'pull_requests').flatMap((pull) => textAt(pull, 'number') ?? []);
  return numbers.length === 0
    ? []
    : [
        {
          name: 'Pull request',
          value: numbers
            .slice(0, 5)
            .map((n) => `#${n}`)
            .join(', '),
        },
      ];
}

const UNITS = [
  { name: 'h', seconds: 3_600 },
  { name: 'min', seconds: 60 },
  { name: 's', seconds: 1 },
] as const;

/** `3 min 20 s`, between two instants of GitHub. */
export function timeBetween(start: string | undefined, end: string | undefined): string | undefined {
  const seconds = Math.round((Date.parse(end ?? '') - Date.parse(start ?? '')) / 1_000);
  if (!(seconds > 0)) {
    return undefined;
  }
  const parts = UNITS.map(({ name, seconds: unit }, at) => {
    const above = UNITS[at - 1]?.seconds;
    return { name, many: Math.floor((above === undefined ? seconds : seconds % above) / unit) };
  });
  return parts
    .filter(({ many }) => many > 0)
    .slice(0, 2)
    .map(({ name, many }) => `${many} ${name}`)
    .join(' ');
}
