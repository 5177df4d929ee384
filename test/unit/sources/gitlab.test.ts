// What only GitLab does: merge requests, pipelines that are started again, ids of events that led to others.

import { gitlab } from '../../../src/sources/gitlab.ts';
import { stepsOf, tellOne } from '../../support/sender-life.ts';
import { readPayload } from '../../support/senders.ts';

/** A payload with some of its `object_attributes`, or some of its own members, changed. */
function payload(file: string, attributes: object = {}, members: object = {}) {
  const body = JSON.parse(readPayload('gitlab', { file }).toString('utf8'));
  const changed = body.object_attributes && { object_attributes: { ...body.object_attributes, ...attributes } };
  return { ...body, ...changed, ...members };
}

const tell = (body: unknown, headers: Readonly<Record<string, string>> = {}) => tellOne(gitlab, body, headers);
const live = (bodies: readonly unknown[]) => stepsOf(gitlab, bodies);

test('a merge request has one card from its opening until it is merged', () => {
  const files = ['merge-request-opened', 'merge-request-updated', 'merge-request-approved', 'merge-request-merged'];
  expect(live(files.map((file) => payload(`${file}.json`)))).toEqual(['post', 'edit', 'edit', 'edit']);
});

test('a merge request that is closed is over, and one that is reopened is not', () => {
  const act = (action: string, state: string) => tell(payload('merge-request-opened.json', { action, state })).draft;
  expect(act('close', 'closed')).toMatchObject({ title: 'Ana Costa closed !12: Retry uploads', state: 'resolved' });
  expect(act('reopen', 'opened')).toMatchObject({ title: 'Ana Costa reopened !12: Retry uploads', state: 'open' });
});

test('an approval that is taken back is a warning', () => {
  const { draft } = tell(payload('merge-request-approved.json', { action: 'unapproved' }));
  expect(draft).toMatchObject({ severity: 'warning', state: 'open' });
});

test('a pipeline that fails rings, and one whose jobs are started again goes on on the same card', () => {
  const again = payload('pipeline-succeeded.json', { status: 'running', finished_at: '2026-10-05 07:34:20 UTC' });
  const files = ['pipeline-running.json', 'pipeline-failed.json'].map((file) => payload(file));
  expect(live([...files, again, payload('pipeline-succeeded.json')])).toEqual(['post', 'post', 'edit', 'edit']);
});

test('word of a pipeline that comes too late changes nothing', () => {
  expect(live([payload('pipeline-failed.json'), payload('pipeline-running.json')])).toEqual(['post', 'outdated']);
});

test.each([
  ['success', 'success', 'resolved'],
  ['failed', 'error', 'open'],
  ['canceled', 'warning', 'resolved'],
  ['skipped', 'info', 'resolved'],
  ['waiting_for_resource', 'info', 'open'],
])('a pipeline that is %s is %s and %s', (status, severity, state) => {
  expect(tell(payload('pipeline-failed.json', { status })).draft).toMatchObject({ severity, state });
});

test('a job that may fail is only a warning, and over', () => {
  const { draft } = tell(payload('job-failed.json', {}, { build_allow_failure: true }));
  expect(draft).toMatchObject({ severity: 'warning', state: 'resolved' });
});

test('of jobs that failed only those are told that stopped the pipeline', () => {
  expect(tell(payload('pipeline-failed.json')).draft.text).toBe('Failed: unit (script failure)');
});

test('of many commits ten are shown, the newest first, and how many more there are', () => {
  const commits = Array.from({ length: 20 }, (_, at) => ({ id: `${at}`.padStart(40, 'a'), title: `Step ${at}` }));
  const { draft } = tell(payload('push.json', {}, { commits, total_commits_count: 37 }));
  expect(draft.title).toBe('Ana Costa pushed 37 commits to main (contoso/api)');
  expect(draft.text?.split('\n')[0]).toContain('Step 19');
  expect(draft.text?.split('\n').at(-1)).toBe('… 27 more commits');
});

test('a new branch is told as one', () => {
  const { draft, traits } = tell(payload('push.json', {}, { before: '0'.repeat(40) }));
  expect(draft.title).toBe('Ana Costa created branch main (contoso/api)');
  expect(traits?.event).toBe('push.create');
});

test('a feature flag that is turned off is not told as one that is turned on', () => {
  const { draft, traits } = tell(payload('feature-flag.json', { active: false }));
  expect(draft.title).toBe('Ana Costa turned off feature flag large-uploads (contoso/api)');
  expect(traits?.event).toBe('feature_flag.off');
});

test('hints of a template for descriptions are not shown', () => {
  expect(tell(payload('merge-request-opened.json')).draft.text).not.toContain('Tell how it was tested');
});

test('events that one event led to are told apart, and one that is sent again is not', () => {
  const headers = { 'x-gitlab-event-uuid': '7c9e6679-7425-40de-944b-e07fc1f90001' };
  const [push, merge] = [payload('push.json'), payload('merge-request-merged.json')];
  expect(tell(push, headers).id).not.toBe(tell(merge, headers).id);
  expect(tell(push, headers).id).toBe(tell(push, headers).id);
  expect(tell(push, { ...headers, 'idempotency-key': 'one' }).id).toBe('one');
  expect(tell(push).id).toBeUndefined();
});

test('filters see what happened, where, and who did it', () => {
  expect(tell(payload('merge-request-updated.json')).traits).toEqual({
    event: 'merge_request.update',
    repository: 'contoso/api',
    branch: 'main',
    actor: 'ana',
    labels: ['uploads'],
  });
});

test.each([[[]], [null], ['push'], [{}], [{ object_attributes: {} }]])('%j is no payload of GitLab', (body) => {
  expect(() => gitlab.translate({ body, headers: {} })).toThrow(expect.objectContaining({ code: 'invalid_request' }));
});
