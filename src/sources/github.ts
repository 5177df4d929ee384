// Webhooks of GitHub, of github.com and of servers of one's own: which event is told how.

import { createHash } from 'node:crypto';
import { AppError } from '../domain/errors.ts';
import type { Dialect, SourceEvent, SourceRequest, Translation } from '../domain/source.ts';
import { tellCodeAlert, tellSecretAlert } from './github/alerts.ts';
import { tellCheckRun, tellCheckSuite, tellStatus } from './github/checks.ts';
import { tellCreate, tellDelete, tellPush, tellRelease } from './github/code.ts';
import {
  tellCommitComment,
  tellDiscussionComment,
  tellIssueComment,
  tellReview,
  tellReviewComment,
} from './github/comments.ts';
import { tellAdvisory, tellDependabotAlert, tellVulnerabilityAlert } from './github/dependencies.ts';
import { tellDeployment, tellDeploymentReview, tellDeploymentStatus } from './github/deployments.ts';
import { pick, repositoryOf, type Teller, type Told } from './github/parts.ts';
import { tellFork, tellMember, tellPlainly, tellPublic, tellRepository, tellStar } from './github/repository.ts';
import { tellWorkflowJob, tellWorkflowRun } from './github/runs.ts';
import { tellDiscussion, tellIssue, tellPullRequest } from './github/threads.ts';
import { requireObject, textAt } from './payload.ts';

/** @see https://docs.github.com/en/webhooks/webhook-events-and-payloads */
export const github: Dialect = {
  name: 'github',
  title: 'GitHub',
  body: 'json',
  auth: ['signature', 'url'],
  signature: { header: 'x-hub-signature-256', prefix: 'sha256=' },
  translate,
};

const TELLERS: Readonly<Record<string, Teller>> = {
  check_run: tellCheckRun,
  check_suite: tellCheckSuite,
  code_scanning_alert: tellCodeAlert,
  commit_comment: tellCommitComment,
  create: tellCreate,
  delete: tellDelete,
  dependabot_alert: tellDependabotAlert,
  deployment: tellDeployment,
  deployment_review: tellDeploymentReview,
  deployment_status: tellDeploymentStatus,
  discussion: tellDiscussion,
  discussion_comment: tellDiscussionComment,
  fork: tellFork,
  issue_comment: tellIssueComment,
  issues: tellIssue,
  member: tellMember,
  public: tellPublic,
  pull_request: tellPullRequest,
  pull_request_review: tellReview,
  pull_request_review_comment: tellReviewComment,
  push: tellPush,
  release: tellRelease,
  repository: tellRepository,
  repository_advisory: tellAdvisory,
  repository_vulnerability_alert: tellVulnerabilityAlert,
  secret_scanning_alert: tellSecretAlert,
  secret_scanning_alert_location: tellSecretAlert,
  security_advisory: tellAdvisory,
  star: tellStar,
  status: tellStatus,
  workflow_job: tellWorkflowJob,
  workflow_run: tellWorkflowRun,
};

function translate({ body, headers }: SourceRequest): Translation {
  const event = textAt(headers, 'x-github-event');
  if (event === undefined) {
    throw new AppError('invalid_request', 'Expected a webhook of GitHub: the header X-GitHub-Event says which event');
  }
  requireObject(body, 'a payload of GitHub');
  if (event === 'ping') {
    return { kind: 'greeting' };
  }
  const action = textAt(body, 'action') ?? '';
  const told = pick(TELLERS, event)?.(body, action) ?? tellPlainly(body, event, action);
  const delivery = textAt(headers, 'x-github-delivery') ?? digestOf(event, body);
  return { kind: 'events', events: [toEvent(body, action === '' ? event : `${event}.${action}`, { delivery, told })] };
}

interface Telling {
  readonly delivery: string;
  readonly told: Told;
}

function toEvent(body: unknown, event: string, { delivery, told: { id, draft, traits } }: Telling): SourceEvent {
  const repository = repositoryOf(body);
  return {
    id: id ?? delivery,
    draft: { ...draft, facts: [{ name: 'Repository', value: repository }, ...(draft.facts ?? [])] },
    traits: { event, repository, actor: textAt(body, 'sender', 'login'), ...traits },
  };
}

/** Somebody who passes on what GitHub has sent may lose its header. */
function digestOf(event: string, body: unknown): string {
  return createHash('sha256')
    .update(`${event} ${JSON.stringify(body)}`)
    .digest('hex');
}
