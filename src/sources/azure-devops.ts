// Azure DevOps' service hooks: repositories, pipelines, releases, boards.

import type { Dialect, SourceEvent, SourceRequest, Translation } from '../domain/source.ts';
import { repositoryPage, toCheckin, toComment, toPullRequest, toPush } from './azure-devops/code.ts';
import { toWorkItem } from './azure-devops/items.ts';
import { detailsOf, pageOf, sentenceOf, type Told } from './azure-devops/parts.ts';
import {
  toApproval,
  toBuild,
  toDeployment,
  toJob,
  toRelease,
  toReleaseApproval,
  toRun,
  toStage,
} from './azure-devops/runs.ts';
import { at, isObject, membersAt, requireObject, textAt } from './payload.ts';

/** @see https://learn.microsoft.com/azure/devops/service-hooks/events */
export const azureDevops: Dialect = {
  name: 'azure-devops',
  title: 'Azure DevOps',
  body: 'json',
  auth: ['token', 'key'],
  translate,
};

const EVENTS: ReadonlyMap<string, (body: unknown) => Told> = new Map([
  ['git.push', toPush],
  ['git.pullrequest.created', toPullRequest],
  ['git.pullrequest.updated', toPullRequest],
  ['git.pullrequest.merged', toPullRequest],
  ['ms.vss-code.git-pullrequest-comment-event', toComment],
  ['tfvc.checkin', toCheckin],
  ['build.complete', toBuild],
  ['ms.vss-pipelines.run-state-changed-event', toRun],
  ['ms.vss-pipelines.stage-state-changed-event', toStage],
  ['ms.vss-pipelines.job-state-changed-event', toJob],
  ['ms.vss-pipelinechecks-events.approval-pending', toApproval],
  ['ms.vss-pipelinechecks-events.approval-completed', toApproval],
  ['ms.vss-release.release-created-event', toRelease],
  ['ms.vss-release.release-abandoned-event', toRelease],
  ['ms.vss-release.deployment-started-event', toDeployment],
  ['ms.vss-release.deployment-completed-event', toDeployment],
  ['ms.vss-release.deployment-approval-pending-event', toReleaseApproval],
  ['ms.vss-release.deployment-approval-completed-event', toReleaseApproval],
  ['workitem.created', toWorkItem],
  ['workitem.updated', toWorkItem],
  ['workitem.commented', toWorkItem],
  ['workitem.deleted', toWorkItem],
  ['workitem.restored', toWorkItem],
]);

function translate({ body }: SourceRequest): Translation {
  requireObject(body, 'a payload of Azure DevOps', ['eventType']);
  return { kind: 'events', events: [toEvent(body)] };
}

function toEvent(body: unknown): SourceEvent {
  const event = textAt(body, 'eventType');
  const { draft, traits } = EVENTS.get(event ?? '')?.(body) ?? toOther(body);
  const sentence = sentenceOf(body);
  const title = draft.title ?? sentence ?? (event && `Azure DevOps: ${event}`);
  return {
    id: idOf(body),
    draft: {
      severity: 'info',
      occurredAt: textAt(body, 'createdDate'),
      ...draft,
      title,
      text: draft.text ?? (isBare(body) ? detailsOf(body) : undefined),
    },
    traits: { ...traits, event },
  };
}

/** Subscriptions can leave out the resource, or nearly all of it; what is left are the messages. */
function isBare(body: unknown): boolean {
  return membersAt(body, 'resource').every(([, value]) => !isObject(value));
}

/** A kind of event that nobody described here says itself what it is. */
function toOther(body: unknown): Told {
  return {
    draft: {
      text: detailsOf(body),
      links: [
        { title: 'Open', url: pageOf(body, at(body, 'resource')) },
        { title: 'Repository', url: repositoryPage(at(body, 'resource', 'repository')) },
      ],
    },
  };
}

/** What the settings page sends as a test belongs to no subscription, and always has the same id. */
const NO_SUBSCRIPTION = /^[0-]+$/;

function idOf(body: unknown): string | undefined {
  const isTest = NO_SUBSCRIPTION.test(textAt(body, 'subscriptionId') ?? '');
  return isTest ? undefined : textAt(body, 'id');
}
