// GitLab's events about what runs: pipelines, jobs, deployments.

import type { LifecycleState } from '../../domain/lifecycle.ts';
import type { Severity } from '../../domain/notification.ts';
import { at, joined, listAt, textAt } from '../payload.ts';
import { inWords, latestOf, listed } from '../phrases.ts';
import { actorOf, commitLine, inProject, keyOf, numbered, type Told } from './parts.ts';

/** How it stands with something that runs. */
interface Standing {
  readonly said: string;
  readonly severity: Severity;
  readonly state: LifecycleState;
}

/** What has failed is not over: somebody has to look at it, or start it again. */
const STANDINGS: ReadonlyMap<string, Standing> = new Map([
  ['success', { said: 'succeeded', severity: 'success', state: 'resolved' }],
  ['failed', { said: 'failed', severity: 'error', state: 'open' }],
  ['canceled', { said: 'was canceled', severity: 'warning', state: 'resolved' }],
  ['skipped', { said: 'was skipped', severity: 'info', state: 'resolved' }],
  ['running', { said: 'is running', severity: 'info', state: 'open' }],
  ['manual', { said: 'waits for somebody to start it', severity: 'info', state: 'open' }],
  ['blocked', { said: 'waits for an approval', severity: 'warning', state: 'open' }],
]);

/** `created`, `pending`, `preparing` and the like: it has yet to begin. */
function standingOf(status: string | undefined): Standing {
  const said = status === undefined ? 'changed' : `is ${status.replaceAll('_', ' ')}`;
  return STANDINGS.get(status ?? '') ?? { said, severity: 'info', state: 'open' };
}

/** Told from its beginning to its end, also where some of its jobs are started again. */
export function toPipeline(body: unknown): Told {
  const pipeline = at(body, 'object_attributes');
  const status = textAt(pipeline, 'status');
  const { said, severity, state } = standingOf(status);
  const ref = textAt(pipeline, 'ref');
  const isOver = textAt(pipeline, 'finished_at') !== undefined && status !== 'running' && status !== 'pending';
  return {
    action: status,
    branch: ref,
    draft: {
      title: joined(' ', 'Pipeline', said, ref && `on ${ref}`, inProject(body)),
      text: status === 'failed' ? failuresOf(body) : undefined,
      severity,
      facts: [
        { name: 'Pipeline', value: textAt(pipeline, 'name') },
        { name: 'Commit', value: commitLine(at(body, 'commit')) },
        { name: 'Merge request', value: numbered(at(body, 'merge_request'), '!') },
        { name: 'Started by', value: actorOf(body) },
        { name: 'Duration', value: isOver ? secondsAt(pipeline, 'duration') : undefined },
      ],
      links: [
        { title: 'Pipeline', url: textAt(pipeline, 'url') },
        { title: 'Merge request', url: textAt(body, 'merge_request', 'url') },
        { title: 'Commit', url: textAt(body, 'commit', 'url') },
      ],
      key: keyOf(body, ' pipeline ', textAt(pipeline, 'id')),
      state,
      occurredAt: pipelineInstant(pipeline, listAt(body, 'builds'), isOver),
    },
  };
}

/** A pipeline whose jobs are started again keeps its old instants; its jobs have new ones. */
function pipelineInstant(pipeline: unknown, jobs: readonly unknown[], isOver: boolean): string | undefined {
  return latestOf([
    textAt(pipeline, 'created_at'),
    isOver ? textAt(pipeline, 'finished_at') : undefined,
    ...jobs.flatMap((job) => [textAt(job, 'created_at'), textAt(job, 'started_at'), textAt(job, 'finished_at')]),
  ]);
}

function failuresOf(body: unknown): string | undefined {
  const failed = listAt(body, 'builds').filter(
    (job) => textAt(job, 'status') === 'failed' && at(job, 'allow_failure') !== true,
  );
  return listed(
    failed.map((job) => {
      const reason = textAt(job, 'failure_reason')?.replaceAll('_', ' ');
      return `Failed: ${joined(' ', textAt(job, 'name') ?? 'a job', reason && `(${reason})`)}`;
    }),
    '\n',
  );
}

function secondsAt(value: unknown, member: string): string | undefined {
  const seconds = textAt(value, member);
  return seconds === undefined ? undefined : inWords(Number(seconds));
}

/** A job that is retried is another job to GitLab. */
export function toJob(body: unknown): Told {
  const status = textAt(body, 'build_status');
  const standing = standingOf(status);
  const ref = textAt(body, 'ref');
  const mayFail = status === 'failed' && at(body, 'build_allow_failure') === true;
  return {
    action: status,
    branch: ref,
    draft: {
      title: joined(' ', 'Job', textAt(body, 'build_name'), standing.said, ref && `on ${ref}`, inProject(body)),
      text: mayFail ? 'It may fail: the pipeline goes on.' : undefined,
      severity: mayFail ? 'warning' : standing.severity,
      facts: [
        { name: 'Stage', value: textAt(body, 'build_stage') },
        { name: 'Reason', value: status === 'failed' ? reasonOf(body) : undefined },
        { name: 'Environment', value: textAt(body, 'environment', 'name') },
        { name: 'Commit', value: commitLine(at(body, 'commit')) },
        { name: 'Started by', value: actorOf(body) },
        { name: 'Duration', value: secondsAt(body, 'build_duration') },
        { name: 'Pipeline', value: textAt(body, 'pipeline_id') },
      ],
      links: [
        { title: 'Repository', url: textAt(body, 'project', 'web_url') ?? textAt(body, 'repository', 'homepage') },
      ],
      key: keyOf(body, ' job ', textAt(body, 'build_id')),
      state: mayFail ? 'resolved' : standing.state,
      occurredAt: latestOf([
        textAt(body, 'build_created_at'),
        textAt(body, 'build_started_at'),
        textAt(body, 'build_finished_at'),
      ]),
    },
  };
}

function reasonOf(body: unknown): string | undefined {
  return textAt(body, 'build_failure_reason')?.replaceAll('_', ' ');
}

/** One for each time that something goes to an environment. */
export function toDeployment(body: unknown): Told {
  const status = textAt(body, 'status');
  const { said, severity, state } = standingOf(status);
  return {
    action: status,
    branch: textAt(body, 'ref'),
    draft: {
      title: joined(' ', 'Deployment to', textAt(body, 'environment') ?? 'an environment', said, inProject(body)),
      severity,
      facts: [
        { name: 'Commit', value: joined(' ', textAt(body, 'short_sha'), textAt(body, 'commit_title')) },
        { name: 'By', value: actorOf(body) },
      ],
      links: [
        { title: 'Job', url: textAt(body, 'deployable_url') },
        { title: 'Environment', url: textAt(body, 'environment_external_url') },
        { title: 'Commit', url: textAt(body, 'commit_url') },
      ],
      key: keyOf(body, ' deployment ', textAt(body, 'deployment_id')),
      state,
      occurredAt: textAt(body, 'status_changed_at'),
    },
  };
}
