// What GitHub's events come to, beyond what holds for every dialect.

import { AppError } from '../../../src/domain/errors.ts';
import { applyLifecycleEvent, type Lifecycle } from '../../../src/domain/lifecycle.ts';
import type { Draft, SourceEvent, Traits } from '../../../src/domain/source.ts';
import { parseNotificationRequest } from '../../../src/notifications/parse-notification.ts';
import { finishDraft } from '../../../src/sources/finish-draft.ts';
import { github } from '../../../src/sources/github.ts';
import { readPayload } from '../../support/senders.ts';

type Json = Readonly<Record<string, unknown>>;

const DELIVERY = '72d3162e-cc78-11e3-81ab-4c9367dc0958';

function read(file: string): Json {
  return JSON.parse(readPayload('github', { file: `${file}.json` }).toString('utf8'));
}

/** The payload with members changed; those of its thing are changed inside it. */
function changed(file: string, thing: string, changes: Json, around: Json = {}): Json {
  const body = read(file);
  return { ...body, [thing]: { ...(body[thing] as Json), ...changes }, ...around };
}

function told(event: string, body: unknown): SourceEvent {
  const translation = github.translate({
    body,
    headers: { 'x-github-event': event, 'x-github-delivery': DELIVERY },
  });
  const [first] = translation.kind === 'events' ? translation.events : [];
  if (!first) {
    throw new Error(`Expected something to tell of ${event}`);
  }
  return first;
}

function draftOf(event: string, body: unknown): Draft {
  return told(event, body).draft;
}

function traitsOf(event: string, body: unknown): Traits | undefined {
  return told(event, body).traits;
}

function factOf({ facts = [] }: Draft, name: string): unknown {
  return facts.find((fact) => fact.name === name)?.value;
}

/** What becomes of the card, event by event. */
function stepsOf(drafts: readonly Draft[]): readonly string[] {
  let current: Lifecycle | undefined;
  return drafts.map((draft, at) => {
    const notification = { to: 'ana@contoso.com', ...finishDraft(draft, 'GitHub') };
    const { severity, title, state = 'open', occurredAt: occurredAtMs } = parseNotificationRequest(notification);
    const step = applyLifecycleEvent(current, { severity, title, state, occurredAtMs }, at * 60_000);
    current = step.kind === 'outdated' ? current : step.next;
    return `${step.kind} ${current?.state}`;
  });
}

describe('deliveries', () => {
  test('a ping greets, and has nothing to tell', () => {
    const headers = { 'x-github-event': 'ping', 'x-github-delivery': DELIVERY };
    expect(github.translate({ headers, body: { zen: 'Design for failure.', hook_id: 30, hook: {} } })).toEqual({
      kind: 'greeting',
    });
  });

  test('the id is that of the delivery', () => {
    expect(told('issues', read('issue-opened')).id).toBe(DELIVERY);
  });

  test('where the id was lost on the way, the payload stands in for it', () => {
    const idOf = (body: Json) => {
      const translation = github.translate({ headers: { 'x-github-event': 'star' }, body });
      return translation.kind === 'events' ? translation.events[0]?.id : undefined;
    };
    expect(idOf(read('star'))).toBe(idOf(read('star')));
    expect(idOf(read('star'))).not.toBe(idOf({ ...read('star'), action: 'deleted' }));
  });

  test('what does not say which event it is, is refused', () => {
    expect(() => github.translate({ headers: {}, body: read('star') })).toThrow(AppError);
  });

  test.each([null, 'push', [], 7])('%j is no payload', (body) => {
    expect(() => github.translate({ headers: { 'x-github-event': 'push' }, body })).toThrow(AppError);
  });

  test('the SHA-1 signature is none', () => {
    expect(github.signature).toEqual({ header: 'x-hub-signature-256', prefix: 'sha256=' });
  });

  test.each(['toString', '__proto__', 'constructor', 'something_new'])(
    'an event called %s has a plain card',
    (event) => {
      const { draft, traits } = told(event, { ...read('star'), action: 'toString' });
      expect(draft.title).toBe(`GitHub: ${event} toString (Hello-World)`);
      expect(traits).toMatchObject({ event: `${event}.toString`, repository: 'Codertocat/Hello-World' });
    },
  );

  test('a plain card says what it is about', () => {
    const milestone = { title: 'v1.0', html_url: 'https://github.com/Codertocat/Hello-World/milestone/1' };
    const draft = draftOf('milestone', { ...read('star'), action: 'closed', milestone });
    expect(draft.title).toBe('GitHub: milestone closed (Hello-World)');
    expect(factOf(draft, 'Milestone')).toBe('v1.0');
    expect(draft.links).toEqual([{ title: 'Open on GitHub', url: milestone.html_url }]);
  });

  test.each(['pull_request', 'push', 'workflow_run', 'dependabot_alert', 'status', 'release', 'member', 'repository'])(
    'a payload of %s without its thing has a plain card',
    (event) => {
      expect(draftOf(event, { action: 'opened' }).title).toBe(`GitHub: ${event} opened`);
    },
  );

  test('several events of one release are told once, another release and its deletion are others', () => {
    const idOf = (action: string, changes: Json = {}) =>
      told('release', { ...changed('release-published', 'release', changes), action }).id;
    const id = idOf('published');
    expect([idOf('created'), idOf('released')]).toEqual([id, id]);
    expect([idOf('deleted'), idOf('edited'), idOf('created', { draft: true })]).toEqual([DELIVERY, DELIVERY, DELIVERY]);
    expect(idOf('published', { id: 2 })).not.toBe(id);
    expect(idOf('prereleased', { prerelease: true })).not.toBe(id);
  });
});

describe('pull requests and issues', () => {
  const pull = (action: string, changes: Json, around: Json = {}) =>
    changed('pull-request-opened', 'pull_request', changes, { action, ...around });

  test('one card lives from the opening to the merge, and a label put on it later does not open it again', () => {
    const merged = { state: 'closed', merged: true, merged_at: '2019-05-15T16:00:00Z' };
    const drafts = [
      draftOf('pull_request', pull('opened', {})),
      draftOf('pull_request', pull('synchronize', { updated_at: '2019-05-15T15:30:00Z' })),
      draftOf('pull_request', pull('closed', { ...merged, updated_at: '2019-05-15T16:00:00Z' })),
      draftOf(
        'pull_request',
        pull('labeled', { ...merged, updated_at: '2019-05-15T16:10:00Z' }, { label: { name: 'bug' } }),
      ),
    ];
    expect(new Set(drafts.map(({ key }) => key))).toEqual(new Set(['Codertocat/Hello-World#2']));
    expect(stepsOf(drafts)).toEqual(['post open', 'edit open', 'edit resolved', 'edit resolved']);
  });

  test('an opening that arrives behind the merge changes nothing', () => {
    const merge = pull('closed', { state: 'closed', merged: true, updated_at: '2019-05-15T16:00:00Z' });
    expect(stepsOf([draftOf('pull_request', merge), draftOf('pull_request', pull('opened', {}))])).toEqual([
      'post resolved',
      'outdated resolved',
    ]);
  });

  test('what is reopened is told anew', () => {
    const drafts = [
      draftOf('pull_request', read('pull-request-closed')),
      draftOf('pull_request', pull('reopened', { updated_at: '2019-05-15T15:30:00Z' })),
    ];
    expect(stepsOf(drafts)).toEqual(['post resolved', 'post open']);
  });

  test('a merge is good news, and filters can tell it from a pull request that was dropped', () => {
    const merge = pull('closed', { state: 'closed', merged: true });
    expect(draftOf('pull_request', merge)).toMatchObject({
      title: 'Codertocat merged PR Hello-World#2: Update the README with new information.',
      severity: 'success',
    });
    expect(traitsOf('pull_request', merge)?.labels).toEqual(['merged=true']);
    expect(traitsOf('pull_request', read('pull-request-closed'))?.labels).toEqual(['bug']);
  });

  test.each([
    ['review_requested', { requested_team: { name: 'Platform' } }, 'asked Platform to review PR Hello-World#2'],
    ['labeled', { label: { name: 'bug' } }, 'labeled PR Hello-World#2 as bug'],
    ['ready_for_review', {}, 'marked PR Hello-World#2 as ready for review'],
    ['some_new_action', {}, 'changed PR Hello-World#2 (some new action)'],
    ['constructor', {}, 'changed PR Hello-World#2 (constructor)'],
  ])('%s says what was done', (action, around, said) => {
    expect(draftOf('pull_request', pull(action, {}, around)).title).toContain(said);
  });

  test('a branch of a fork is named with its owner', () => {
    const head = { label: 'octocat:patch-1', ref: 'patch-1', repo: { full_name: 'octocat/Hello-World' } };
    expect(factOf(draftOf('pull_request', pull('opened', { head })), 'Branch')).toBe('octocat:patch-1 → master');
  });

  test('filters see the branch that it goes to, who did it, and its labels', () => {
    expect(traitsOf('pull_request', read('pull-request-review-requested'))).toEqual({
      event: 'pull_request.review_requested',
      repository: 'Codertocat/Hello-World',
      branch: 'master',
      actor: 'Codertocat',
      labels: ['bug'],
    });
  });

  test.each([
    ['completed', 'success', 'Codertocat closed issue Hello-World#1: '],
    ['not_planned', 'info', 'Codertocat closed issue Hello-World#1 as not planned: '],
    ['duplicate', 'info', 'Codertocat closed issue Hello-World#1 as a duplicate: '],
  ])('an issue closed as %s is %s', (reason, severity, title) => {
    const issue = { state: 'closed', state_reason: reason };
    const draft = draftOf('issues', changed('issue-opened', 'issue', issue, { action: 'closed' }));
    expect(draft).toMatchObject({ severity, state: 'resolved', title: expect.stringContaining(title) });
  });

  test('an issue that is deleted or moved away is over', () => {
    const stateOf = (action: string) => draftOf('issues', { ...read('issue-opened'), action }).state;
    expect([stateOf('deleted'), stateOf('transferred'), stateOf('pinned')]).toEqual(['resolved', 'resolved', 'open']);
  });

  test('a comment on a pull request says so, and leaves its card as it is', () => {
    const body = changed('issue-comment', 'issue', { pull_request: { html_url: 'https://github.com/x/y/pull/1' } });
    const draft = draftOf('issue_comment', body);
    expect(draft.title).toBe('Codertocat commented on PR Hello-World#1: Spelling error in the README file');
    expect(draft.key).toBeUndefined();
  });

  test.each([
    ['approved', 'success', 'approved'],
    ['CHANGES_REQUESTED', 'warning', 'requested changes to'],
    ['commented', 'info', 'reviewed'],
    ['valueOf', 'info', 'submitted a review by'],
  ])('a review that has %s is %s', (state, severity, said) => {
    const draft = draftOf('pull_request_review', changed('pull-request-review', 'review', { state }));
    expect(draft).toMatchObject({ severity, title: expect.stringContaining(`Codertocat ${said}`) });
  });
});

describe('what tests a commit', () => {
  const run = (changes: Json, action = 'completed') =>
    changed('workflow-run-failed', 'workflow_run', changes, { action });

  test('a failure stays open, with a toast, until the workflow passes on that branch', () => {
    const drafts = [
      run({ id: 1, conclusion: 'success', updated_at: '2026-10-04T12:00:00Z' }),
      run({ id: 2, conclusion: 'failure', updated_at: '2026-10-04T13:00:00Z' }),
      run({ id: 3, conclusion: null, status: 'queued', updated_at: '2026-10-04T14:00:00Z' }, 'requested'),
      run({ id: 3, conclusion: null, status: 'in_progress', updated_at: '2026-10-04T14:00:02Z' }, 'in_progress'),
      run({ id: 3, conclusion: 'timed_out', updated_at: '2026-10-04T14:10:00Z' }),
      run({ id: 4, conclusion: 'success', updated_at: '2026-10-04T15:00:00Z' }),
    ].map((body) => draftOf('workflow_run', body));
    expect(stepsOf(drafts)).toEqual([
      'post resolved',
      'post open',
      'edit open',
      'edit open',
      'edit open',
      'edit resolved',
    ]);
  });

  test('a run that begins is a card, and its failure another toast', () => {
    const drafts = [
      run({ conclusion: null, status: 'queued', updated_at: '2026-10-04T14:00:00Z' }, 'requested'),
      run({ conclusion: 'failure', updated_at: '2026-10-04T14:10:00Z' }),
    ].map((body) => draftOf('workflow_run', body));
    expect(stepsOf(drafts)).toEqual(['post open', 'post open']);
  });

  test.each([
    ['success', 'resolved', 'success', 'CI passed on main (api)'],
    ['failure', 'open', 'error', 'CI failed on main (api)'],
    ['startup_failure', 'open', 'error', 'CI could not start on main (api)'],
    ['action_required', 'open', 'warning', 'CI needs action on main (api)'],
    ['cancelled', 'resolved', 'info', 'CI was cancelled on main (api)'],
    ['skipped', 'resolved', 'info', 'CI was skipped on main (api)'],
    ['hasOwnProperty', 'resolved', 'info', 'CI ended (hasOwnProperty) on main (api)'],
  ])('%s is %s', (conclusion, state, severity, title) => {
    expect(draftOf('workflow_run', run({ conclusion }))).toMatchObject({ state, severity, title });
  });

  test('a run of a stranger that is made with a conclusion waits for somebody', () => {
    const draft = draftOf('workflow_run', run({ status: 'completed', conclusion: 'action_required' }, 'requested'));
    expect(draft).toMatchObject({ state: 'open', severity: 'warning' });
  });

  test('a branch of a fork is not the branch of the same name here', () => {
    const fork = { full_name: 'octocat/api', owner: { login: 'octocat' } };
    const { draft, traits } = told('workflow_run', run({ head_repository: fork }));
    expect(draft.key).toBe('contoso/api@octocat:main workflow CI');
    expect(traits?.branch).toBe('octocat:main');
  });

  test('filters see how it ended', () => {
    expect(traitsOf('workflow_run', run({}))?.labels).toEqual(['conclusion=failure']);
  });

  test('a check that another system makes does not say when it was: its clock is not ours', () => {
    expect(draftOf('check_run', read('check-run-completed')).occurredAt).toBeUndefined();
  });

  test('a check that is asked for again is open', () => {
    const body = changed('check-run-completed', 'check_run', { conclusion: 'success' }, { action: 'rerequested' });
    expect(draftOf('check_run', body)).toMatchObject({ state: 'open', severity: 'info' });
  });

  test('a job that was skipped before it began is not older than its beginning', () => {
    const times = {
      created_at: '2026-10-04T13:00:05Z',
      started_at: '2026-10-04T13:00:05Z',
      completed_at: '2026-10-04T13:00:03Z',
    };
    const body = changed('workflow-job-failed', 'workflow_job', { ...times, conclusion: 'skipped' });
    expect(draftOf('workflow_job', body).occurredAt).toBe('2026-10-04T13:00:05Z');
  });

  test.each([
    ['pending', 'open', 'info'],
    ['success', 'resolved', 'success'],
    ['failure', 'open', 'error'],
    ['error', 'open', 'error'],
  ])('a status that is %s is %s', (state, expected, severity) => {
    expect(draftOf('status', { ...read('status-success'), state })).toMatchObject({ state: expected, severity });
  });

  test('a status of a commit on no branch is known by its commit', () => {
    expect(draftOf('status', { ...read('status-success'), branches: [] }).key).toBe(
      'Codertocat/Hello-World@6113728 status default',
    );
  });
});

describe('deployments', () => {
  const status = (state: string, at: string) =>
    draftOf('deployment_status', changed('deployment-status', 'deployment_status', { state, created_at: at }));

  test('one card lives from the beginning to the end, and is quiet when another deployment takes its place', () => {
    const started = draftOf('deployment', read('deployment-status'));
    const drafts = [
      started,
      status('in_progress', '2022-01-03T01:28:40Z'),
      status('success', '2022-01-03T01:30:00Z'),
      status('inactive', '2022-01-04T01:30:00Z'),
    ];
    expect(new Set(drafts.map(({ key }) => key)).size).toBe(1);
    expect(stepsOf(drafts)).toEqual(['post open', 'edit open', 'edit resolved', 'edit resolved']);
  });

  test('a failure is told again', () => {
    const drafts = [status('queued', '2022-01-03T01:28:40Z'), status('failure', '2022-01-03T01:30:00Z')];
    expect(stepsOf(drafts)).toEqual(['post open', 'post open']);
    expect(drafts.at(-1)?.severity).toBe('error');
  });

  test('who may let it go on is asked, until somebody has', () => {
    const run = read('workflow-run-failed');
    const ask = {
      ...run,
      action: 'requested',
      environment: 'production',
      reviewers: [{ type: 'Team', reviewer: { name: 'admins' } }],
      requestor: { login: 'bob-contoso' },
    };
    const answer = { ...run, action: 'approved', workflow_job_runs: [{ environment: 'production' }] };
    const drafts = [ask, answer].map((body) => draftOf('deployment_review', body));
    expect(drafts[0]?.title).toBe('Deployment to production waits for a review (api)');
    expect(drafts[0] && factOf(drafts[0], 'May review')).toBe('admins');
    expect(drafts[0]?.key).toBe(drafts[1]?.key);
    expect(stepsOf(drafts)).toEqual(['post open', 'edit resolved']);
  });
});

describe('alerts', () => {
  test.each([
    ['fixed', { state: 'fixed' }, 'success'],
    ['dismissed', { state: 'dismissed', dismissed_reason: 'tolerable_risk', dismissed_by: { login: 'ana' } }, 'info'],
    ['auto_dismissed', { state: 'auto_dismissed' }, 'info'],
  ])('one that is %s is over', (action, changes, severity) => {
    const body = changed(
      'dependabot-alert-created',
      'alert',
      { ...changes, updated_at: '2023-07-01T00:00:00Z' },
      { action },
    );
    const drafts = [draftOf('dependabot_alert', read('dependabot-alert-created')), draftOf('dependabot_alert', body)];
    expect(stepsOf(drafts)).toEqual(['post open', 'edit resolved']);
    expect(drafts[1]?.severity).toBe(severity);
  });

  test('one that is dismissed says by whom, and why', () => {
    const alert = {
      state: 'dismissed',
      dismissed_reason: 'tolerable_risk',
      dismissed_comment: 'Only in tests',
      dismissed_by: { login: 'ana' },
    };
    const draft = draftOf(
      'dependabot_alert',
      changed('dependabot-alert-created', 'alert', alert, { action: 'dismissed' }),
    );
    expect(factOf(draft, 'Closed by')).toBe('ana');
    expect(factOf(draft, 'Reason')).toBe('tolerable risk: Only in tests');
  });

  test.each([
    ['low', 'info'],
    ['medium', 'warning'],
    ['high', 'error'],
    ['critical', 'critical'],
    ['toString', 'warning'],
  ])('what GitHub calls %s is %s', (severity, expected) => {
    const body = changed('dependabot-alert-created', 'alert', { security_vulnerability: { severity } });
    expect(draftOf('dependabot_alert', body).severity).toBe(expected);
  });

  test('a secret is never shown', () => {
    const body = changed('secret-scanning-alert-created', 'alert', { secret: 'AccountKey=c2VjcmV0' });
    expect(JSON.stringify(told('secret_scanning_alert', body))).not.toContain('c2VjcmV0');
    expect(JSON.stringify(told('some_other_alert', body))).not.toContain('c2VjcmV0');
  });

  test('a secret that is still valid or public is critical, any other an error', () => {
    const severityOf = (changes: Json) =>
      draftOf('secret_scanning_alert', changed('secret-scanning-alert-created', 'alert', changes)).severity;
    expect(severityOf({ validity: 'active' })).toBe('critical');
    expect(severityOf({ validity: 'inactive', publicly_leaked: true })).toBe('critical');
    expect(severityOf({ validity: 'unknown' })).toBe('error');
  });

  test('where a secret was found is told on the card of its alert', () => {
    const location = { type: 'commit', details: { path: 'src/storage.ts', start_line: 7 } };
    const draft = draftOf('secret_scanning_alert_location', { ...read('secret-scanning-alert-created'), location });
    expect(draft.key).toBe('contoso/api secret #7');
    expect(factOf(draft, 'Found in')).toBe('src/storage.ts:7');
  });

  test('a secret that is revoked is over, though its alert does not say its state', () => {
    const body = changed('secret-scanning-alert-created', 'alert', { state: undefined }, { action: 'revoked' });
    expect(draftOf('secret_scanning_alert', body)).toMatchObject({ state: 'resolved', severity: 'success' });
  });
});

describe('pushes', () => {
  test('of many commits the latest are shown', () => {
    const commits = Array.from({ length: 25 }, (_, at) => ({
      id: String(at).padStart(7, '0').repeat(6).slice(0, 40),
      message: `Change ${at}\n\nmore about it`,
      author: { username: 'ana-contoso' },
    }));
    const lines = draftOf('push', { ...read('push-commits'), commits }).text?.split('\n');
    expect(lines).toHaveLength(11);
    expect(lines?.[0]).toBe('… 15 earlier commits');
    expect(lines?.at(-1)).toBe('0000024 Change 24');
  });

  test('a forced push is a warning, and says what was there before', () => {
    const draft = draftOf('push', { ...read('push-commits'), forced: true });
    expect(draft).toMatchObject({ title: 'ana-contoso force-pushed 3 commits to main (api)', severity: 'warning' });
    expect(factOf(draft, 'Before')).toBe('f95f852');
  });

  test('what is deleted has nothing to compare', () => {
    const draft = draftOf('push', { ...read('push-commits'), deleted: true, commits: [], head_commit: null });
    expect(draft.title).toBe('ana-contoso deleted branch main (api)');
    expect(draft.links?.map(({ title }) => title)).toEqual(['Open repository']);
  });

  test('a tag is called one, and a branch with slashes keeps its name', () => {
    const titleOf = (ref: string) => draftOf('push', { ...read('push-branch-created'), ref, commits: [] }).title;
    expect(titleOf('refs/tags/v1.2')).toBe('Codertocat created tag v1.2 (Hello-World)');
    expect(titleOf('refs/heads/fix/a/b')).toBe('Codertocat created branch fix/a/b (Hello-World)');
  });
});

describe('what people have written', () => {
  const textOf = (body: string) => draftOf('issues', changed('issue-opened', 'issue', { body })).text;

  test('is markdown', () => {
    expect(draftOf('issues', read('issue-opened')).textFormat).toBe('markdown');
  });

  test('is shown without comments, images and tags', () => {
    const body =
      '<!-- Tell us <b>all</b> -->\r\n## What\r\n\r\n![a shot](https://x.example/a.png)It **breaks**.\r\n' +
      '<details>\n<summary>Log</summary>\n\n```\nMap<Key, Value>\n```\n</details>\n<img width="3" src="https://x.example/b.png"> <https://example.com>\n<!-- no end';
    expect(textOf(body)).toBe(
      '## What\n\na shotIt **breaks**.\n\nLog\n\n```\nMap<Key, Value>\n```\n\n <https://example.com>',
    );
  });

  test('is left out where nothing of it can be shown', () => {
    expect(textOf('<!-- Nobody filled this in. -->\n\n')).toBeUndefined();
  });

  test('is cut behind a paragraph, or behind a word', () => {
    expect(textOf(`${'a '.repeat(200)}\n\n${'b '.repeat(500)}`)).toBe(`${'a '.repeat(200).trim()} …`);
    const words = textOf('word '.repeat(500));
    expect(words?.length).toBeLessThanOrEqual(602);
    expect(words?.endsWith('word …')).toBe(true);
  });

  test('is never cut inside an address', () => {
    const text = textOf(`${'x '.repeat(250)}https://bank.example.org/${'a'.repeat(500)}`);
    expect(text).toBe(`${'x '.repeat(250).trim()} …`);
    expect(textOf(`https://bank.example.org/${'a'.repeat(900)}`)).toBe('…');
  });

  test('is cut between two characters where it has no blanks', () => {
    const text = textOf('👍'.repeat(900));
    expect(text?.isWellFormed()).toBe(true);
    expect(text).toBe(`${'👍'.repeat(300)} …`);
    expect(textOf(`a${'👍'.repeat(900)}`)?.isWellFormed()).toBe(true);
  });

  test('is cut with its code closed', () => {
    const text = textOf(`\`\`\`\n${'line of code\n'.repeat(100)}\`\`\``) ?? '';
    expect(text.split('```')).toHaveLength(3);
    expect(text.endsWith('```\n…')).toBe(true);
  });
});
