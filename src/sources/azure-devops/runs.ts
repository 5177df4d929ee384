// Azure DevOps' events about what runs: builds, runs of pipelines with their stages and jobs, releases, approvals.

import type { Severity } from '../../domain/notification.ts';
import { at, joined, listAt, textAt } from '../payload.ts';
import { excerpt, inWords, listed, took } from '../phrases.ts';
import { pageOf, personOf, refName, type Standing, sentenceOf, standingOf, type Told } from './parts.ts';

/** A build is a run of a pipeline, so both have one card. */
export function toBuild(body: unknown): Told {
  const build = at(body, 'resource');
  const pipeline = textAt(build, 'definition', 'name');
  const who = personOf(at(build, 'requestedFor')) ?? personOf(at(build, 'requests', 0, 'requestedFor'));
  const branch = refName(textAt(build, 'sourceBranch') ?? branchIn(textAt(build, 'sourceGetVersion')));
  return {
    draft: {
      ...running(joined(' ', 'Pipeline', pipeline), textAt(build, 'buildNumber'), standingOf(build)),
      facts: [
        { name: 'Project', value: textAt(build, 'project', 'name') },
        { name: 'Branch', value: branch },
        { name: 'Started by', value: who },
        { name: 'Reason', value: REASONS.get(textAt(build, 'reason') ?? '') },
        { name: 'Duration', value: took(at(build, 'startTime'), at(build, 'finishTime')) },
      ],
      links: [{ title: 'Build', url: pageOf(body, build) }],
      key: keyOf(pipeline, textAt(build, 'id')),
    },
    traits: { repository: repositoryIn(build), branch, actor: who },
  };
}

const REASONS: ReadonlyMap<string, string> = new Map([
  ['manual', 'started by hand'],
  ['individualCI', 'a push'],
  ['batchedCI', 'pushes'],
  ['schedule', 'a schedule'],
  ['pullRequest', 'a pull request'],
  ['buildCompletion', 'another build'],
  ['resourceTrigger', 'a resource'],
]);

/** `LG:refs/heads/main:600c52d2`, as old builds say it. */
function branchIn(version: string | undefined): string | undefined {
  return version?.split(':')[1];
}

/** Repositories of Azure DevOps belong to its project; others have a full name of their own. */
function repositoryIn(build: unknown): string | undefined {
  const name = textAt(build, 'repository', 'name');
  const isOurs = textAt(build, 'repository', 'type') === 'TfsGit';
  return name && joined('/', isOurs ? textAt(build, 'project', 'name') : undefined, name);
}

function running(what: string | undefined, run: string | undefined, standing: Standing): Told['draft'] {
  const { said, severity, state } = standing;
  // Without a name its own message says more.
  const title = run === undefined ? undefined : joined(' ', what, said, `(${run})`);
  return { title, severity, state };
}

function keyOf(pipeline: string | undefined, run: string | undefined, part?: string): string | undefined {
  return pipeline === undefined || run === undefined ? undefined : joined(' ', pipeline, 'run', run, part);
}

/** A run as a whole. */
export function toRun(body: unknown): Told {
  return toPartOfRun(body, undefined);
}

/** A stage of a run. */
export function toStage(body: unknown): Told {
  return toPartOfRun(body, 'stage');
}

/** A job of a stage of a run. */
export function toJob(body: unknown): Told {
  return toPartOfRun(body, 'job');
}

function toPartOfRun(body: unknown, kind: 'stage' | 'job' | undefined): Told {
  const run = at(body, 'resource', 'run');
  const thing = kind === undefined ? run : at(body, 'resource', kind);
  const branch = refName(textAt(run, 'resources', 'repositories', 'self', 'refName'));
  const pipeline = textAt(body, 'resource', 'pipeline', 'name') ?? textAt(run, 'pipeline', 'name');
  const name = kind === undefined ? undefined : (textAt(thing, 'displayName') ?? textAt(thing, 'name'));
  // Jobs of two stages may have one name.
  const part = kind === undefined ? undefined : joined(' ', kind, partName(body, kind));
  const of = joined(' ', kind === undefined ? undefined : `${kind} ${name ?? ''} of`, 'pipeline', pipeline);
  return {
    draft: {
      ...running(capital(of), textAt(run, 'name'), standingOf(thing)),
      facts: [
        { name: 'Stage', value: kind === 'job' ? textAt(body, 'resource', 'stage', 'name') : undefined },
        { name: 'Branch', value: branch },
        { name: 'Commit', value: commitOf(body) },
        { name: 'Duration', value: durationOf(thing) },
      ],
      links: [{ title: 'Run', url: pageOf(body, thing, run) }],
      key: keyOf(pipeline, textAt(run, 'id'), part),
    },
    traits: { branch, actor: textAt(body, 'resource', 'repositories', 0, 'change', 'author', 'name') },
  };
}

function partName(body: unknown, kind: 'stage' | 'job'): string | undefined {
  const stage = textAt(body, 'resource', 'stage', 'name');
  return kind === 'stage' ? stage : joined('/', stage, textAt(body, 'resource', 'job', 'name'));
}

function capital(text: string | undefined): string | undefined {
  return text && `${text[0]?.toUpperCase()}${text.slice(1)}`;
}

function durationOf(thing: unknown): string | undefined {
  return took(at(thing, 'startTime') ?? at(thing, 'createdDate'), at(thing, 'finishTime') ?? at(thing, 'finishedDate'));
}

function commitOf(body: unknown): string | undefined {
  const change = at(body, 'resource', 'repositories', 0, 'change');
  return joined(' · ', excerpt(textAt(change, 'message'), 100), textAt(change, 'author', 'name'));
}

const DECISIONS: ReadonlyMap<string, Severity> = new Map([
  ['pending', 'warning'],
  ['approved', 'success'],
  ['rejected', 'error'],
  ['timedOut', 'error'],
]);

/** A stage that waits for somebody: told until it is decided. */
export function toApproval(body: unknown): Told {
  const approval = at(body, 'resource', 'approval');
  const status = textAt(approval, 'status');
  const id = textAt(approval, 'id');
  const people = listAt(approval, 'steps').flatMap((step) => personOf(at(step, 'assignedApprover')) ?? []);
  const comments = listAt(approval, 'steps').flatMap((step) => textAt(step, 'comment') ?? []);
  return {
    draft: {
      // Its own message says for what, which the payload often does not.
      title: sentenceOf(body) ?? joined(': ', joined(' ', 'Approval', status), textAt(body, 'resource', 'stageName')),
      text: status === 'pending' ? excerpt(textAt(approval, 'instructions')) : listed(comments, '\n'),
      severity: DECISIONS.get(status ?? '') ?? 'info',
      facts: [
        { name: 'Decision', value: status === 'pending' ? undefined : status },
        { name: 'Pipeline', value: textAt(body, 'resource', 'pipeline', 'name') },
        { name: 'Stage', value: textAt(body, 'resource', 'stageName') },
        { name: 'Environment', value: textAt(body, 'resource', 'resource', 'name') },
        { name: 'Approvers', value: listed(people) },
      ],
      links: [{ title: 'Run', url: pageOf(body, at(body, 'resource', 'run')) }],
      key: id && `approval ${id}`,
      state: status === 'pending' ? 'open' : 'resolved',
    },
  };
}

/** A release of a classic pipeline that was created or abandoned. */
export function toRelease(body: unknown): Told {
  const release = at(body, 'resource', 'release');
  const name = textAt(release, 'name');
  const status = textAt(release, 'status');
  const did = status === 'abandoned' ? 'was abandoned' : 'was created';
  return {
    draft: {
      title: name && joined(' ', name, did, inDefinition(release)),
      text: excerpt(textAt(release, 'description')),
      facts: [
        { name: 'Project', value: textAt(body, 'resource', 'project', 'name') },
        { name: 'By', value: personOf(at(release, status === 'abandoned' ? 'modifiedBy' : 'createdBy')) },
        { name: 'Stages', value: listed(listAt(release, 'environments').flatMap((one) => textAt(one, 'name') ?? [])) },
      ],
      links: [{ title: 'Release', url: pageOf(body, release) }],
    },
    traits: { actor: personOf(at(release, 'modifiedBy')) ?? personOf(at(release, 'createdBy')) },
  };
}

function inDefinition(release: unknown): string | undefined {
  const definition = textAt(release, 'releaseDefinition', 'name');
  return definition && `(${definition})`;
}

/** A release on its way to one stage. */
export function toDeployment(body: unknown): Told {
  const stage = at(body, 'resource', 'environment');
  const { release, name, key } = placeOf(body, at(stage, 'release'), textAt(stage, 'name'));
  const isStart = textAt(body, 'eventType') === 'ms.vss-release.deployment-started-event';
  const { said, severity, state } = standingOf(isStart ? { state: 'running' } : stage);
  return {
    draft: {
      title: name && joined(' ', 'Deployment of', release, 'to', name, said),
      severity,
      facts: [
        { name: 'Project', value: textAt(body, 'resource', 'project', 'name') },
        { name: 'Duration', value: inWords(60 * Number(textAt(stage, 'timeToDeploy') ?? Number.NaN)) },
        { name: 'Comment', value: textAt(body, 'resource', 'comment') },
      ],
      links: [{ title: 'Release', url: pageOf(body, at(body, 'resource', 'release'), at(stage, 'release')) }],
      key,
      state,
    },
  };
}

/** A release that waits for somebody before or after a stage. */
export function toReleaseApproval(body: unknown): Told {
  const approval = at(body, 'resource', 'approval');
  const status = textAt(approval, 'status');
  const stage = textAt(approval, 'releaseEnvironment', 'name');
  const { release, name, key } = placeOf(body, at(approval, 'release'), stage);
  const said = status === 'pending' ? 'waits for an approval' : `was ${status ?? 'decided'}`;
  const who = personOf(at(approval, 'approvedBy')) ?? personOf(at(approval, 'approver'));
  return {
    draft: {
      title: name && joined(' ', release, 'to', name, said),
      text: excerpt(textAt(approval, 'comments')),
      severity: DECISIONS.get(status ?? '') ?? 'info',
      facts: [
        { name: 'Project', value: textAt(body, 'resource', 'project', 'name') },
        { name: status === 'pending' ? 'Approver' : 'By', value: who },
        {
          name: 'When',
          value: textAt(approval, 'approvalType') === 'postDeploy' ? 'after the stage' : 'before the stage',
        },
      ],
      links: [{ title: 'Release', url: pageOf(body, at(body, 'resource', 'release')) }],
      key: key && joined(' ', key, textAt(approval, 'approvalType'), 'approval'),
      state: status === 'pending' ? 'open' : 'resolved',
    },
    traits: { actor: status === 'pending' ? undefined : who },
  };
}

/** Releases of two pipelines of one project may have one name, but no two have one number. */
function placeOf(body: unknown, release: unknown, name: string | undefined) {
  const project = textAt(body, 'resource', 'project', 'name');
  const id = textAt(release, 'id');
  const isKnown = project !== undefined && id !== undefined && name !== undefined;
  return { release: textAt(release, 'name'), name, key: isKnown ? `${project} release ${id} ${name}` : undefined };
}
