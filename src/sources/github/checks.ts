// Checks that apps make of a commit, by GitHub's own interface and by the older one of commit statuses.

import { at, firstLine, isObject, joined, listAt, textAt } from '../payload.ts';
import { excerptOf } from './excerpt.ts';
import { type Check, commitOf, outcomeOf, pullsOf, toTold, under } from './outcome.ts';
import type { Told } from './parts.ts';

/** One check, of an app: a linter, the measure of what is tested. */
export function tellCheckRun(body: unknown, action: string): Told | undefined {
  const run = at(body, 'check_run');
  if (!isObject(run)) {
    return undefined;
  }
  const conclusion = textAt(run, 'conclusion');
  const name = textAt(run, 'name') ?? 'Check';
  const annotations = textAt(run, 'output', 'annotations_count');
  const isAgain = action === 'rerequested';
  const check: Check = {
    name,
    thing: `check ${name}`,
    outcome: isAgain ? under('is asked for again') : outcomeOf(textAt(run, 'status'), conclusion),
    conclusion: isAgain ? undefined : conclusion,
    branch: textAt(run, 'check_suite', 'head_branch'),
    sha: textAt(run, 'head_sha'),
  };
  return toTold(body, check, {
    text: excerptOf(textAt(run, 'output', 'summary')),
    textFormat: 'markdown',
    facts: [
      { name: 'Result', value: textAt(run, 'output', 'title') },
      { name: 'Annotations', value: annotations === '0' ? undefined : annotations },
      { name: 'Checked by', value: textAt(run, 'app', 'name') },
      ...pullsOf(run),
    ],
    links: [
      { title: 'Open check', url: textAt(run, 'html_url') },
      {
        title: 'Details',
        url: textAt(run, 'details_url') === textAt(run, 'html_url') ? undefined : textAt(run, 'details_url'),
      },
    ],
  });
}

/** All checks of one app together. */
export function tellCheckSuite(body: unknown, action: string): Told | undefined {
  const suite = at(body, 'check_suite');
  if (!isObject(suite)) {
    return undefined;
  }
  const app = textAt(suite, 'app', 'name') ?? 'of an app';
  const conclusion = action === 'completed' ? textAt(suite, 'conclusion') : undefined;
  const check: Check = {
    name: `Check suite ${app}`,
    thing: `suite ${app}`,
    outcome: outcomeOf(action === 'completed' ? 'completed' : 'requested', conclusion),
    conclusion,
    branch: textAt(suite, 'head_branch'),
    sha: textAt(suite, 'head_sha'),
    occurredAt: textAt(suite, 'updated_at'),
  };
  return toTold(body, check, {
    text: commitOf(suite),
    facts: [{ name: 'Checks', value: textAt(suite, 'latest_check_runs_count') }, ...pullsOf(suite)],
    links: [{ title: 'Open repository', url: textAt(body, 'repository', 'html_url') }],
  });
}

/** Of a commit, by another system. */
export function tellStatus(body: unknown): Told | undefined {
  const state = textAt(body, 'state');
  const sha = textAt(body, 'sha');
  if (state === undefined || sha === undefined) {
    return undefined;
  }
  const name = textAt(body, 'context') ?? 'Status';
  const commit = at(body, 'commit', 'commit');
  const check: Check = {
    name,
    thing: `status ${name}`,
    outcome: outcomeOf(state === 'pending' ? 'pending' : 'completed', state),
    conclusion: state,
    branch: branchOfStatus(body),
    sha,
    occurredAt: textAt(body, 'updated_at'),
  };
  return toTold(body, check, {
    text: textAt(body, 'description'),
    facts: [
      {
        name: 'Message',
        value: joined(' — ', firstLine(textAt(commit, 'message')), textAt(commit, 'author', 'name')),
      },
    ],
    links: [
      { title: 'Details', url: textAt(body, 'target_url') },
      { title: 'Open commit', url: textAt(body, 'commit', 'html_url') },
    ],
  });
}

/** It is of a commit that may be on several branches; the one that matters most to the most people is taken. */
function branchOfStatus(body: unknown): string | undefined {
  const names = listAt(body, 'branches').flatMap((branch) => textAt(branch, 'name') ?? []);
  const main = textAt(body, 'repository', 'default_branch');
  return names.find((name) => name === main) ?? names[0];
}
