// Deployments that GitHub knows of: one card for each, until it has succeeded or another one has taken its place.

import type { LifecycleState } from '../../domain/lifecycle.ts';
import type { Severity } from '../../domain/notification.ts';
import { at, isObject, listAt, textAt } from '../payload.ts';
import {
  actorOf,
  branchOf,
  inRepository,
  keyOf,
  namesOf,
  pick,
  shortSha,
  spoken,
  type Told,
  unlessActor,
} from './parts.ts';

interface Stage {
  readonly words: string;
  readonly severity: Severity;
  readonly state: LifecycleState;
}

const STAGES: Readonly<Record<string, Stage>> = {
  pending: { words: 'is pending', severity: 'info', state: 'open' },
  queued: { words: 'is queued', severity: 'info', state: 'open' },
  waiting: { words: 'waits for approval', severity: 'warning', state: 'open' },
  in_progress: { words: 'is running', severity: 'info', state: 'open' },
  success: { words: 'succeeded', severity: 'success', state: 'resolved' },
  failure: { words: 'failed', severity: 'error', state: 'open' },
  error: { words: 'failed with an error', severity: 'error', state: 'open' },
  inactive: { words: 'is no longer active', severity: 'info', state: 'resolved' },
};

/** That one begins. */
export function tellDeployment(body: unknown): Told | undefined {
  const stage: Stage = { words: 'was started', severity: 'info', state: 'open' };
  return toTold(body, stage, textAt(body, 'deployment', 'created_at'));
}

/** How far one is. */
export function tellDeploymentStatus(body: unknown): Told | undefined {
  const state = textAt(body, 'deployment_status', 'state');
  if (state === undefined) {
    return undefined;
  }
  const stage = pick(STAGES, state) ?? { words: `is ${spoken(state)}`, severity: 'info', state: 'open' };
  return toTold(body, stage, textAt(body, 'deployment_status', 'created_at'));
}

function toTold(body: unknown, { words, severity, state }: Stage, occurredAt: string | undefined): Told | undefined {
  const [deployment, status, run] = [at(body, 'deployment'), at(body, 'deployment_status'), at(body, 'workflow_run')];
  if (!isObject(deployment)) {
    return undefined;
  }
  const environment = textAt(deployment, 'environment') ?? textAt(status, 'environment') ?? 'an environment';
  const id = textAt(deployment, 'id');
  return {
    draft: {
      title: `Deployment to ${environment} ${words}${inRepository(body)}`,
      text: textAt(status, 'description') ?? textAt(deployment, 'description'),
      severity,
      facts: [
        { name: 'From', value: branchOf(textAt(deployment, 'ref')) },
        { name: 'Commit', value: shortSha(textAt(deployment, 'sha')) },
        { name: 'Workflow', value: textAt(run, 'name') },
        ...unlessActor(body, 'Started by', textAt(deployment, 'creator', 'login')),
      ],
      links: [
        ...linkIf('Open site', textAt(status, 'environment_url')),
        ...linkIf('Open log', textAt(status, 'log_url') ?? textAt(status, 'target_url') ?? textAt(run, 'html_url')),
      ],
      key: keyOf(body, id && ` deployment ${id}`),
      state,
      occurredAt,
    },
    traits: {
      branch: branchOf(textAt(deployment, 'ref')),
      labels: [`environment=${environment}`, `state=${textAt(status, 'state') ?? 'created'}`],
    },
  };
}

const REVIEWS: Readonly<Record<string, Stage>> = {
  requested: { words: 'waits for a review', severity: 'warning', state: 'open' },
  approved: { words: 'was approved', severity: 'success', state: 'resolved' },
  rejected: { words: 'was rejected', severity: 'info', state: 'resolved' },
};

/** Of a run that goes on when somebody lets it. */
export function tellDeploymentReview(body: unknown, action: string): Told | undefined {
  const [run, stage] = [at(body, 'workflow_run'), pick(REVIEWS, action)];
  if (!isObject(run) || stage === undefined) {
    return undefined;
  }
  const [job, jobs] = [at(body, 'workflow_job_run'), listAt(body, 'workflow_job_runs')];
  const environment =
    textAt(body, 'environment') ?? textAt(job, 'environment') ?? textAt(jobs[0], 'environment') ?? 'an environment';
  const reviewers = listAt(body, 'reviewers').map((one) => at(one, 'reviewer'));
  const id = textAt(run, 'id');
  return {
    draft: {
      title: `Deployment to ${environment} ${stage.words}${inRepository(body)}`,
      text: textAt(body, 'comment'),
      severity: stage.severity,
      facts: [
        { name: 'From', value: textAt(run, 'head_branch') },
        { name: 'Workflow', value: textAt(run, 'name') },
        { name: 'Asked by', value: textAt(body, 'requestor', 'login') },
        { name: 'May review', value: stage.state === 'open' ? namesOf(reviewers) : undefined },
        {
          name: 'By',
          value: stage.state === 'open' ? undefined : (textAt(body, 'approver', 'login') ?? actorOf(body)),
        },
      ],
      links: linkIf(stage.state === 'open' ? 'Review' : 'Open run', textAt(run, 'html_url')),
      key: keyOf(body, id && ` run ${id} to ${environment}`),
      state: stage.state,
    },
    traits: { branch: textAt(run, 'head_branch'), labels: [`environment=${environment}`] },
  };
}

function linkIf(title: string, url: string | undefined) {
  return url === undefined ? [] : [{ title, url }];
}
