// GitHub Actions: runs of workflows, and their jobs.

import { at, isObject, joined, listAt, textAt } from '../payload.ts';
import { type Check, commitOf, outcomeOf, timeBetween, toTold } from './outcome.ts';
import { actorOf, latestOf, spoken, type Told } from './parts.ts';

/** One run of a workflow, from its start to its end. */
export function tellWorkflowRun(body: unknown, action: string): Told | undefined {
  const run = at(body, 'workflow_run');
  if (!isObject(run)) {
    return undefined;
  }
  const conclusion = textAt(run, 'conclusion');
  // A run of a stranger is made with a conclusion: it waits until somebody approves it.
  const status = conclusion === undefined && action !== 'completed' ? (textAt(run, 'status') ?? action) : 'completed';
  const name = textAt(run, 'name') ?? textAt(body, 'workflow', 'name') ?? 'Workflow';
  const check: Check = {
    name,
    thing: `workflow ${name}`,
    outcome: outcomeOf(status, conclusion),
    conclusion,
    branch: branchOfRun(body, run),
    sha: textAt(run, 'head_sha'),
    occurredAt: textAt(run, 'updated_at'),
  };
  const attempt = textAt(run, 'run_attempt');
  return toTold(body, check, {
    text: commitOf(run),
    facts: [
      { name: 'Started by', value: textAt(run, 'triggering_actor', 'login') ?? actorOf(body) },
      { name: 'Because of', value: spoken(textAt(run, 'event') ?? '') },
      {
        name: 'Took',
        value:
          action === 'completed' ? timeBetween(textAt(run, 'run_started_at'), textAt(run, 'updated_at')) : undefined,
      },
      { name: 'Attempt', value: attempt === '1' ? undefined : attempt },
    ],
    links: [{ title: 'Open run', url: at(run, 'html_url') }],
  });
}

/** Branches of forks are often called like ours. */
function branchOfRun(body: unknown, run: unknown): string | undefined {
  const branch = textAt(run, 'head_branch');
  const [head, own] = [textAt(run, 'head_repository', 'full_name'), textAt(body, 'repository', 'full_name')];
  const owner = textAt(run, 'head_repository', 'owner', 'login');
  return branch !== undefined && owner !== undefined && head !== own ? `${owner}:${branch}` : branch;
}

/** One job of a run; with the steps that failed. */
export function tellWorkflowJob(body: unknown, action: string): Told | undefined {
  const job = at(body, 'workflow_job');
  if (!isObject(job)) {
    return undefined;
  }
  const conclusion = textAt(job, 'conclusion');
  const isOver = action === 'completed';
  const name = joined(' / ', textAt(job, 'workflow_name'), textAt(job, 'name')) ?? 'Job';
  const failedSteps = listAt(job, 'steps').filter((step) => textAt(step, 'conclusion') === 'failure');
  const check: Check = {
    name,
    thing: `job ${name}`,
    outcome: outcomeOf(isOver ? 'completed' : action || textAt(job, 'status'), conclusion),
    conclusion,
    branch: textAt(job, 'head_branch'),
    sha: textAt(job, 'head_sha'),
    occurredAt: instantOf(job, action),
  };
  return toTold(body, check, {
    text: joined('\n', ...failedSteps.slice(0, MAX_STEPS).map((step) => `Failed: ${textAt(step, 'name') ?? '?'}`)),
    facts: [
      { name: 'Took', value: isOver ? timeBetween(textAt(job, 'started_at'), textAt(job, 'completed_at')) : undefined },
      { name: 'Runner', value: textAt(job, 'runner_name') },
    ],
    links: [{ title: 'Open job', url: at(job, 'html_url') }],
  });
}

const MAX_STEPS = 5;

/** A job that was skipped may have ended before it began. */
function instantOf(job: unknown, action: string): string | undefined {
  const [queued, started, ended] = [textAt(job, 'created_at'), textAt(job, 'started_at'), textAt(job, 'completed_at')];
  if (action === 'completed') {
    return latestOf(queued, started, ended);
  }
  return action === 'in_progress' ? latestOf(queued, started) : queued;
}
