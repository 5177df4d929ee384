// What only Azure DevOps does: messages that may be left out, addresses for programs, fields of work items.

import { azureDevops } from '../../../src/sources/azure-devops.ts';
import { finishDraft } from '../../../src/sources/finish-draft.ts';
import { stepsOf, tellOne } from '../../support/sender-life.ts';
import { readPayload } from '../../support/senders.ts';

/** A payload with some members of its resource, or some of its own, changed. */
function payload(file: string, resource: object = {}, members: object = {}) {
  const body = JSON.parse(readPayload('azure-devops', { file }).toString('utf8'));
  return { ...body, resource: body.resource && { ...body.resource, ...resource }, ...members };
}

const tell = (body: unknown) => tellOne(azureDevops, body);
const linksOf = (body: unknown) => finishDraft(tell(body).draft, 'Azure DevOps')['links'] ?? [];

test('a pull request has one card, which rings again when it cannot be merged', () => {
  const files = ['created', 'approved', 'conflicts', 'completed'].map((file) => payload(`pull-request-${file}.json`));
  expect(stepsOf(azureDevops, files)).toEqual(['post', 'edit', 'post', 'edit']);
});

test('a pull request that is abandoned is over, and no success', () => {
  const { draft } = tell(payload('pull-request-conflicts.json', { status: 'abandoned', mergeStatus: 'conflicts' }));
  expect(draft).toMatchObject({ title: 'PR 12 was abandoned: Retry uploads', severity: 'info', state: 'resolved' });
});

test('a run and its build have one card, and a failure rings', () => {
  const files = ['run-in-progress.json', 'build-failed.json', 'run-succeeded.json'];
  expect(
    stepsOf(
      azureDevops,
      files.map((file) => payload(file)),
    ),
  ).toEqual(['post', 'post', 'edit']);
});

test.each([
  ['partiallySucceeded', 'warning', 'open'],
  ['canceled', 'warning', 'resolved'],
  ['succeeded', 'success', 'resolved'],
  ['none', 'info', 'open'],
])('a build that is %s is %s and %s', (result, severity, state) => {
  expect(tell(payload('build-failed.json', { result })).draft).toMatchObject({ severity, state });
});

test('old builds have their result as their status, and the branch in their version', () => {
  const old = { status: 'failed', result: undefined, sourceBranch: undefined };
  const { draft, traits } = tell(
    payload('build-failed.json', { ...old, sourceGetVersion: 'LG:refs/heads/next:600c5' }),
  );
  expect(draft).toMatchObject({ severity: 'error' });
  expect(traits?.branch).toBe('next');
});

test('an approval is over when it is decided', () => {
  const pending = payload('approval-pending.json');
  const decided = payload('approval-pending.json', { approval: { ...pending.resource.approval, status: 'rejected' } });
  expect(stepsOf(azureDevops, [pending, decided])).toEqual(['post', 'edit']);
  expect(tell(decided).draft).toMatchObject({ severity: 'error', state: 'resolved' });
});

test('a deployment that starts again opens its card anew', () => {
  const completed = payload('deployment-failed.json');
  const environment = { ...completed.resource.environment, status: 'succeeded' };
  const succeeded = payload('deployment-failed.json', { environment });
  const started = { ...succeeded, eventType: 'ms.vss-release.deployment-started-event' };
  expect(stepsOf(azureDevops, [started, succeeded, started])).toEqual(['post', 'edit', 'post']);
});

test('a work item has one card until it is closed, and a comment on it is another', () => {
  const files = ['work-item-created.json', 'work-item-updated.json'];
  expect(
    stepsOf(
      azureDevops,
      files.map((file) => payload(file)),
    ),
  ).toEqual(['post', 'edit']);
  expect(tell(payload('work-item-commented.json')).draft.key).toBeUndefined();
});

test('a work item that is deleted is over, and its page is gone', () => {
  const deleted = payload('work-item-created.json', {}, { eventType: 'workitem.deleted' });
  expect(tell(deleted).draft).toMatchObject({ state: 'resolved' });
  expect(linksOf(deleted)).toEqual([]);
});

test('people are named without their addresses', () => {
  expect(JSON.stringify(tell(payload('work-item-updated.json')).draft)).not.toContain('@contoso.com');
});

test('addresses for programs are no buttons', () => {
  const self = { href: 'https://dev.azure.com/contoso/_apis/wit/workItems/505' };
  const message = { text: 'Restored', markdown: `[Bug 505](${self.href}) restored` };
  expect(linksOf(payload('no-messages.json', { _links: { self }, url: self.href }, { message }))).toEqual([]);
});

test('an address that names the organization as a user is not shown', () => {
  const { repository } = payload('push.json').resource;
  const body = payload('push.json', { repository: { ...repository, webUrl: undefined } }, { detailedMessage: null });
  expect(JSON.stringify(finishDraft(tell(body).draft, 'Azure DevOps'))).not.toContain('contoso@');
});

test('without its resource an event is told by its messages, and without those by its name', () => {
  const bare = payload('build-failed.json', {}, { resource: null });
  expect(tell(bare).draft.title).toBe('Build 20261005.3 failed');
  expect(tell({ ...bare, message: null, detailedMessage: null }).draft.title).toBe('Azure DevOps: build.complete');
});

test('what the page of settings sends as a test is told each time', () => {
  const subscriptionId = '00000000-0000-0000-0000-000000000000';
  expect(tell(payload('push.json', {}, { subscriptionId })).id).toBeUndefined();
  expect(tell(payload('push.json')).id).toBe('03c164c2-0000-4d5e-8009-3707d5f80001');
});

test('of many commits ten are shown, and how many more there are', () => {
  const commits = Array.from({ length: 14 }, (_, at) => ({
    commitId: `${at}`.padStart(40, 'a'),
    comment: `Step ${at}`,
  }));
  const lines = tell(payload('push.json', { commits })).draft.text?.split('\n') ?? [];
  expect([lines.length, lines.at(-1)]).toEqual([11, '… 4 more commits']);
});

test('several branches of one push are all named', () => {
  const refUpdates = ['main', 'next'].map((name) => ({
    name: `refs/heads/${name}`,
    oldObjectId: 'a',
    newObjectId: 'b',
  }));
  expect(tell(payload('push.json', { refUpdates })).draft.title).toBe(
    'Ana Costa pushed 1 commit to main, next (Web/api)',
  );
});

test('filters see the event, the repository, the branch, the person and the tags', () => {
  expect(tell(payload('pull-request-comment.json')).traits).toMatchObject({
    event: 'ms.vss-code.git-pullrequest-comment-event',
    repository: 'Web/api',
    branch: 'main',
    actor: 'Ben Okafor',
  });
  expect(tell(payload('work-item-created.json')).traits?.labels).toEqual(['uploads', 'customer']);
});

test.each([[[]], [null], ['push'], [{}], [{ resource: {} }]])('%j is no payload of Azure DevOps', (body) => {
  const refusal = expect.objectContaining({ code: 'invalid_request' });
  expect(() => azureDevops.translate({ body, headers: {} })).toThrow(refusal);
});
