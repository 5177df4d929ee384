// GitLab's events about code and what is around it: pushes and tags, releases, pages of the wiki, feature flags, tokens.

import { at, count, firstLine, joined, listAt, textAt } from '../payload.ts';
import { excerpt } from '../phrases.ts';
import { actorOf, commitLine, inProject, projectOf, refName, shortSha, type Told, whoDid } from './parts.ts';

const MAX_COMMITS_SHOWN = 10;
/** Stands for a branch or tag that is not there. */
const NOTHING = /^0+$/;

/** Commits to a branch, or a branch that comes or goes. */
export function toPush(body: unknown): Told {
  const branch = refName(textAt(body, 'ref'));
  const commits = listAt(body, 'commits');
  const many = Number(textAt(body, 'total_commits_count') ?? commits.length) || commits.length;
  const latest = commits.find((commit) => textAt(commit, 'id') === textAt(body, 'after')) ?? commits.at(-1);
  return {
    action: changeOf(body),
    branch,
    draft: {
      title: whoDid(body, pushed(body, many), branch, inProject(body)),
      text: commitsShown(commits, many),
      links: [
        { title: commits.length > 1 ? 'Latest commit' : 'Commit', url: textAt(latest, 'url') },
        { title: 'Repository', url: textAt(body, 'project', 'web_url') },
      ],
    },
  };
}

function pushed(body: unknown, many: number): string {
  const change = changeOf(body);
  return change === 'create' ? 'created branch' : change === 'delete' ? 'deleted branch' : `pushed ${commitsTo(many)}`;
}

function commitsTo(many: number): string {
  return many > 0 ? `${count(many, 'commit')} to` : 'to';
}

function changeOf(body: unknown): 'create' | 'delete' | undefined {
  if (NOTHING.test(textAt(body, 'after') ?? '')) {
    return 'delete';
  }
  return NOTHING.test(textAt(body, 'before') ?? '') ? 'create' : undefined;
}

/** GitLab tells the oldest first; who reads it wants the newest. */
function commitsShown(commits: readonly unknown[], many: number): string | undefined {
  const shown = commits.slice(-MAX_COMMITS_SHOWN).reverse();
  const lines = shown.map((commit) => joined(' · ', commitLine(commit), textAt(commit, 'author', 'name')));
  const more = many - shown.length;
  return joined('\n', ...lines, shown.length > 0 && more > 0 ? `… ${count(more, 'more commit')}` : undefined);
}

/** A tag that comes, goes or moves. */
export function toTag(body: unknown): Told {
  const tag = refName(textAt(body, 'ref'));
  const change = changeOf(body);
  const did = change === 'delete' ? 'deleted tag' : change === 'create' ? 'pushed tag' : 'moved tag';
  return {
    action: change,
    branch: tag,
    draft: {
      title: whoDid(body, did, tag, inProject(body)),
      text: excerpt(textAt(body, 'message')),
      facts: [{ name: 'Commit', value: shortSha(textAt(body, 'checkout_sha')) }],
      links: [{ title: 'Repository', url: textAt(body, 'project', 'web_url') }],
    },
  };
}

/** What is said of a release, and what belongs to it. */
export function toRelease(body: unknown): Told {
  const action = textAt(body, 'action');
  const name = textAt(body, 'name') ?? textAt(body, 'tag');
  const became = action === 'delete' ? 'was deleted' : action === 'update' ? 'was changed' : 'is out';
  return {
    action,
    branch: textAt(body, 'tag'),
    draft: {
      title: joined(' ', 'Release', name, became, inProject(body)),
      text: action === 'delete' ? undefined : excerpt(textAt(body, 'description')),
      textFormat: 'markdown',
      facts: [
        { name: 'Tag', value: textAt(body, 'tag') },
        { name: 'Commit', value: commitLine(at(body, 'commit')) },
      ],
      links: action === 'delete' ? [] : releaseLinks(body),
    },
  };
}

function releaseLinks(body: unknown) {
  const assets = listAt(body, 'assets', 'links')
    .slice(0, 4)
    .map((link) => ({ title: textAt(link, 'name') ?? 'Download', url: textAt(link, 'url') }));
  return [{ title: 'Release', url: textAt(body, 'url') }, ...assets];
}

const WIKI_VERBS = new Map([
  ['create', 'created'],
  ['update', 'changed'],
  ['delete', 'deleted'],
]);

/** A page that was made, changed or deleted; not what stands on it. */
export function toWikiPage(body: unknown): Told {
  const page = at(body, 'object_attributes');
  const action = textAt(page, 'action');
  const title = textAt(page, 'title') ?? textAt(page, 'slug');
  return {
    action,
    draft: {
      title: whoDid(body, WIKI_VERBS.get(action ?? '') ?? 'changed', 'wiki page', title, inProject(body)),
      text: firstLine(textAt(page, 'message')),
      links: [
        { title: 'Page', url: action === 'delete' ? undefined : textAt(page, 'url') },
        { title: 'Changes', url: textAt(page, 'diff_url') },
      ],
    },
  };
}

/** It changes what runs without a release. */
export function toFeatureFlag(body: unknown): Told {
  const flag = at(body, 'object_attributes');
  const isOn = at(flag, 'active') === true;
  return {
    action: isOn ? 'on' : 'off',
    draft: {
      title: whoDid(body, `turned ${isOn ? 'on' : 'off'} feature flag`, textAt(flag, 'name'), inProject(body)),
      text: excerpt(textAt(flag, 'description')),
      links: [{ title: 'Project', url: textAt(body, 'project', 'web_url') }],
    },
  };
}

/** Somebody has to make another one before that day. */
export function toAccessToken(body: unknown): Told {
  const token = at(body, 'object_attributes');
  const day = textAt(token, 'expires_at');
  return {
    draft: {
      title: joined(
        ' ',
        'Access token',
        textAt(token, 'name'),
        `expires${day ? ` on ${day}` : ' soon'}`,
        inProject(body),
      ),
      severity: 'warning',
      links: [{ title: 'Project', url: textAt(body, 'project', 'web_url') }],
    },
  };
}

/** A kind of event that nobody described here: what it commonly has. */
export function toOther(body: unknown, kind: string): Told {
  const thing = at(body, 'object_attributes');
  const action = textAt(thing, 'action') ?? textAt(body, 'action');
  const what = textAt(thing, 'title') ?? textAt(thing, 'name') ?? textAt(body, 'name');
  return {
    action,
    draft: {
      title: joined(': ', 'GitLab', joined(' ', kind, action), what),
      text: firstLine(textAt(thing, 'description')),
      facts: [
        { name: 'Project', value: projectOf(body) },
        { name: 'By', value: actorOf(body) },
        { name: 'Person', value: at(body, 'group_access') === undefined ? undefined : textAt(body, 'user_name') },
        { name: 'Access', value: textAt(body, 'group_access') },
        { name: 'State', value: textAt(thing, 'state') },
        { name: 'Expires', value: textAt(thing, 'expires_at') ?? textAt(body, 'expires_at') },
      ],
      links: [
        { title: 'Open', url: textAt(thing, 'url') ?? textAt(thing, 'awarded_on_url') ?? textAt(body, 'url') },
        { title: 'Project', url: textAt(body, 'project', 'web_url') },
      ],
    },
  };
}
