// Jira's webhooks, of Jira Cloud and of Jira Data Center.

import { createHash } from 'node:crypto';
import type { Dialect, SourceEvent, SourceRequest, Translation } from '../domain/source.ts';
import { personOf, type Told, toComment, toIssue } from './jira/issue.ts';
import { textOf } from './jira/text.ts';
import { at, isObject, joined, membersAt, requireObject, textAt } from './payload.ts';

/** @see https://developer.atlassian.com/cloud/jira/platform/webhooks/ */
export const jira: Dialect = {
  name: 'jira',
  title: 'Jira',
  body: 'json',
  auth: ['signature', 'url'],
  signature: { header: 'x-hub-signature', prefix: 'sha256=' },
  translate,
};

function translate({ body, headers }: SourceRequest): Translation {
  requireObject(body, 'a payload of Jira', ['webhookEvent']);
  const event = textAt(body, 'webhookEvent') ?? 'event';
  return { kind: 'events', events: [toEvent(tell(body, event), event, { body, headers })] };
}

function tell(body: unknown, event: string): Told {
  if (/^comment_(created|updated|deleted)$/.test(event) || (event.endsWith('issue_updated') && isCommentOnly(body))) {
    return toComment(body);
  }
  if (/^(jira:)?issue_(created|updated|deleted)$/.test(event) && isObject(at(body, 'issue'))) {
    return toIssue(body);
  }
  if (/^sprint_/.test(event)) {
    return toSprint(body, event);
  }
  return /^(jira:)?version_/.test(event) || /^project_/.test(event) ? toWhole(body, event) : toOther(body, event);
}

/** One's own Jira tells of a comment as a change of the issue in which nothing changes. */
function isCommentOnly(body: unknown): boolean {
  return isObject(at(body, 'comment')) && isObject(at(body, 'issue')) && !isObject(at(body, 'changelog'));
}

function toEvent({ draft, traits }: Told, event: string, request: SourceRequest): SourceEvent {
  const timestamp = at(request.body, 'timestamp');
  return {
    id: idOf(request, event),
    draft: { severity: 'info', occurredAt: timestamp, ...draft },
    traits: { ...traits, event },
  };
}

/** Old Jiras do not number what they send; there, an event is known by its thing and its millisecond. */
function idOf({ body, headers }: SourceRequest, event: string): string | undefined {
  const timestamp = textAt(body, 'timestamp');
  const things = membersAt(body).map(([name, thing]) => [name, textAt(thing, 'id'), textAt(thing, 'updated')]);
  const digest = () =>
    createHash('sha256')
      .update(JSON.stringify([event, timestamp, things]))
      .digest('hex');
  return headers['x-atlassian-webhook-identifier'] ?? (timestamp === undefined ? undefined : digest());
}

/** `version_released`, `restored_archived` in words. */
function inWords(event: string): string {
  const done = event.replace(/^(jira:)?(sprint|version|project)_/, '').replaceAll('_', ' ');
  return done === 'started' ? 'has started' : done === 'updated' ? 'was changed' : `was ${done}`;
}

/** Told from its creation until it is closed or deleted. */
function toSprint(body: unknown, event: string): Told {
  const sprint = at(body, 'sprint');
  const id = textAt(sprint, 'id');
  const isOver = event === 'sprint_closed' || event === 'sprint_deleted' || textAt(sprint, 'state') === 'closed';
  return {
    draft: {
      title: joined(' ', textAt(sprint, 'name') ?? 'A sprint', inWords(event)),
      text: textOf(at(sprint, 'goal')),
      severity: event === 'sprint_closed' ? 'success' : 'info',
      facts: [
        { name: 'Start', value: dayOf(textAt(sprint, 'startDate')) },
        { name: 'End', value: dayOf(textAt(sprint, 'completeDate') ?? textAt(sprint, 'endDate')) },
      ],
      key: id && `sprint ${id}`,
      state: isOver ? 'resolved' : 'open',
    },
  };
}

/** `2026-12-12` of an instant: nobody plans a sprint by the second. */
function dayOf(instant: string | undefined): string | undefined {
  return instant?.match(/^\d{4}-\d\d-\d\d/)?.[0];
}

/** A version, or a whole project. */
function toWhole(body: unknown, event: string): Told {
  const kind = event.includes('version') ? 'version' : 'project';
  const thing = at(body, kind);
  const name = joined(' ', kind === 'version' ? 'Version' : 'Project', textAt(thing, 'name') ?? textAt(thing, 'key'));
  return {
    draft: {
      title: joined(' ', name, inWords(event)),
      text: textOf(at(thing, 'description')),
      severity: event.endsWith('version_released') ? 'success' : 'info',
      facts: [
        { name: 'Key', value: textAt(thing, 'key') },
        { name: 'Release date', value: dayOf(textAt(thing, 'releaseDate')) ?? textAt(thing, 'userReleaseDate') },
        { name: 'Lead', value: personOf(at(thing, 'projectLead')) },
      ],
    },
    traits: { repository: textAt(thing, 'key') },
  };
}

const MAX_THINGS_SHOWN = 5;

/** A kind of event that nobody described here: the names of the things in it. */
function toOther(body: unknown, event: string): Told {
  const things = membersAt(body).filter(([, thing]) => isObject(thing));
  const who = personOf(at(body, 'user')) ?? things.map(([, thing]) => personOf(at(thing, 'author'))).find(isText);
  const facts = things.slice(0, MAX_THINGS_SHOWN).map(([name, thing]) => ({
    name,
    value: textAt(thing, 'key') ?? textAt(thing, 'name') ?? textAt(thing, 'filename') ?? textAt(thing, 'displayName'),
  }));
  return {
    draft: {
      title: `Jira: ${event}`,
      facts: [{ name: 'By', value: who }, ...facts.filter(({ name }) => name !== 'user')],
    },
    traits: { actor: who, repository: textAt(body, 'issue', 'fields', 'project', 'key') },
  };
}

function isText(value: string | undefined): boolean {
  return value !== undefined;
}
