// GitLab's webhooks, of projects, of groups and of the whole system.

import { createHash } from 'node:crypto';
import type { Dialect, SourceEvent, SourceRequest, Translation } from '../domain/source.ts';
import { toDeployment, toJob, toPipeline } from './gitlab/ci.ts';
import { toAccessToken, toFeatureFlag, toOther, toPush, toRelease, toTag, toWikiPage } from './gitlab/code.ts';
import { projectOf, type Told } from './gitlab/parts.ts';
import { toComment, toIssue, toMergeRequest, toVulnerability } from './gitlab/talk.ts';
import { at, isObject, joined, requireObject, textAt } from './payload.ts';

/** @see https://docs.gitlab.com/user/project/integrations/webhook_events/ */
export const gitlab: Dialect = {
  name: 'gitlab',
  title: 'GitLab',
  body: 'json',
  auth: ['token', 'standard-webhooks', 'key'],
  tokenHeaders: ['x-gitlab-token'],
  translate,
};

const KINDS: ReadonlyMap<string, (body: unknown) => Told> = new Map([
  ['push', toPush],
  ['tag_push', toTag],
  ['merge_request', toMergeRequest],
  ['note', toComment],
  ['issue', toIssue],
  ['work_item', toIssue],
  ['pipeline', toPipeline],
  ['build', toJob],
  ['deployment', toDeployment],
  ['release', toRelease],
  ['wiki_page', toWikiPage],
  ['vulnerability', toVulnerability],
  ['feature_flag', toFeatureFlag],
  ['access_token', toAccessToken],
]);

function translate({ body, headers }: SourceRequest): Translation {
  const kind = requireKind(body);
  const told = KINDS.get(kind)?.(body) ?? toOther(body, kind);
  return { kind: 'events', events: [toEvent(told, kind, { body, headers })] };
}

/** Members of groups, projects and the system have no `object_kind`. */
function requireKind(body: unknown): string {
  const kind = textAt(body, 'object_kind') ?? textAt(body, 'event_name');
  if (kind === undefined || !isObject(body)) {
    requireObject(body, 'a payload of GitLab', ['object_kind']);
  }
  return kind ?? 'event';
}

function toEvent({ draft, action, branch, labels }: Told, kind: string, request: SourceRequest): SourceEvent {
  const { body } = request;
  return {
    id: idOf(request),
    draft: { severity: 'info', ...draft },
    traits: {
      event: joined('.', kind, action),
      repository: projectOf(body),
      branch,
      actor: at(body, 'group_access') === undefined ? loginOf(body) : undefined,
      labels,
    },
  };
}

function loginOf(body: unknown): string | undefined {
  return textAt(body, 'user', 'username') ?? textAt(body, 'user_username') ?? textAt(body, 'user', 'name');
}

/** One event can lead to others, which all have its UUID; the key of idempotency is of one message. */
function idOf({ body, headers }: SourceRequest): string | undefined {
  const event = headers['x-gitlab-event-uuid'];
  const digest = () => createHash('sha256').update(JSON.stringify(body)).digest('hex').slice(0, 32);
  return (
    headers['idempotency-key'] ?? headers['webhook-id'] ?? (event === undefined ? undefined : `${event} ${digest()}`)
  );
}
