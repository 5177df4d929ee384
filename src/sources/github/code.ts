// What becomes of code on GitHub: pushes, branches and tags, releases.

import { at, count, firstLine, isObject, joined, listAt, textAt } from '../payload.ts';
import { excerptOf } from './excerpt.ts';
import { actorOf, branchOf, inRepository, repositoryNameOf, shortSha, type Told } from './parts.ts';

const MAX_COMMITS = 10;

/** Commits that come to a branch; also a branch or a tag that is made, moved or deleted. */
export function tellPush(body: unknown): Told | undefined {
  const ref = textAt(body, 'ref');
  if (ref === undefined) {
    return undefined;
  }
  const commits = listAt(body, 'commits');
  const isDeleted = at(body, 'deleted') === true;
  const isForced = at(body, 'forced') === true;
  const head = at(body, 'head_commit');
  const [only] = commits.length === 1 ? commits : [head];
  return {
    draft: {
      title: `${textAt(body, 'sender', 'login') ?? textAt(body, 'pusher', 'name') ?? 'Somebody'} ${deedOf(body, ref)}`,
      text: isDeleted ? undefined : commitLines(body, commits.length > 0 ? commits : [head].filter(isObject)),
      severity: isForced ? 'warning' : 'info',
      facts: [
        { name: 'Before', value: isForced || isDeleted ? shortSha(textAt(body, 'before')) : undefined },
        { name: 'After', value: isForced ? shortSha(textAt(body, 'after')) : undefined },
      ],
      // What was deleted cannot be compared any more.
      links: isDeleted
        ? [{ title: 'Open repository', url: textAt(body, 'repository', 'html_url') }]
        : [
            { title: commits.length > 1 ? 'Compare' : 'Open changes', url: textAt(body, 'compare') },
            { title: 'Open commit', url: textAt(only, 'url') },
          ].filter(({ url }, index) => index === 0 || url !== textAt(body, 'compare')),
    },
    traits: { branch: branchOf(ref) },
  };
}

function deedOf(body: unknown, ref: string): string {
  const [name, where] = [branchOf(ref), inRepository(body)];
  const kind = ref.startsWith('refs/tags/') ? 'tag' : 'branch';
  const commits = listAt(body, 'commits').length;
  if (at(body, 'deleted') === true) {
    return `deleted ${kind} ${name}${where}`;
  }
  if (at(body, 'created') === true) {
    return `created ${kind} ${name}${commits > 0 ? ` with ${count(commits, 'commit')}` : ''}${where}`;
  }
  if (at(body, 'forced') === true) {
    return kind === 'tag' ? `moved tag ${name}${where}` : `force-pushed ${count(commits, 'commit')} to ${name}${where}`;
  }
  return kind === 'tag' ? `moved tag ${name}${where}` : `pushed ${count(commits, 'commit')} to ${name}${where}`;
}

/** The latest of them, in the order in which they were made. */
function commitLines(body: unknown, commits: readonly unknown[]): string | undefined {
  const earlier = commits.length - MAX_COMMITS;
  return joined(
    '\n',
    earlier > 0 ? `… ${count(earlier, 'earlier commit')}` : undefined,
    ...commits.slice(-MAX_COMMITS).map((commit) => lineOf(body, commit)),
  );
}

/** `6113728 Initial commit`, and whose it is, where that is not who pushed it. */
function lineOf(body: unknown, commit: unknown): string {
  const author = textAt(commit, 'author', 'username') ?? textAt(commit, 'author', 'name');
  const isOther = author !== textAt(body, 'sender', 'login') && author !== textAt(body, 'pusher', 'name');
  const message = firstLine(textAt(commit, 'message')) ?? '(no message)';
  const said = joined(' ', shortSha(textAt(commit, 'id')), message);
  return joined(' — ', said, isOther ? author : undefined) ?? '';
}

/** A branch or a tag; a push tells of it as well. */
export function tellCreate(body: unknown): Told | undefined {
  return tellRef(body, 'created');
}

/** A branch or a tag; a push tells of it as well. */
export function tellDelete(body: unknown): Told | undefined {
  return tellRef(body, 'deleted');
}

function tellRef(body: unknown, deed: string): Told | undefined {
  const name = textAt(body, 'ref');
  if (name === undefined) {
    return undefined;
  }
  return {
    draft: {
      title: `${actorOf(body)} ${deed} ${textAt(body, 'ref_type') ?? 'branch'} ${name}${inRepository(body)}`,
      severity: 'info',
      links: [{ title: 'Open repository', url: textAt(body, 'repository', 'html_url') }],
    },
    traits: { branch: branchOf(name) },
  };
}

/** When one release is published, GitHub sends these at once. */
const PUBLISHING = ['published', 'released', 'prereleased', 'created'];
const DEEDS: readonly (readonly [string, string])[] = [
  ['deleted', 'deleted'],
  ['unpublished', 'took back'],
  ['edited', 'edited'],
];

/** A release or a pre-release. That it is published is told once, whatever GitHub sends of it. */
export function tellRelease(body: unknown, action: string): Told | undefined {
  const release = at(body, 'release');
  if (!isObject(release)) {
    return undefined;
  }
  const isDraft = at(release, 'draft') === true;
  const isPre = at(release, 'prerelease') === true;
  const isPublished = PUBLISHING.includes(action) && !isDraft;
  const [, other = 'drafted'] = DEEDS.find(([name]) => name === action) ?? [];
  const what = `${isPre ? 'pre-release' : 'release'} ${textAt(release, 'tag_name') ?? ''}`.trim();
  const name = textAt(release, 'name');
  const title = `${actorOf(body)} ${isPublished ? 'published' : other} ${what} of ${repositoryNameOf(body) ?? '?'}`;
  const [id, published] = [textAt(release, 'id'), textAt(release, 'published_at')];
  return {
    id: isPublished && id && published ? `release ${id} ${isPre ? 'pre' : ''}published ${published}` : undefined,
    draft: {
      title: name === undefined || name === textAt(release, 'tag_name') ? title : `${title}: ${name}`,
      text: excerptOf(textAt(release, 'body')),
      textFormat: 'markdown',
      severity: isPublished ? 'success' : 'info',
      facts: [
        { name: 'From', value: textAt(release, 'target_commitish') },
        { name: 'Files', value: listAt(release, 'assets').length || undefined },
      ],
      links: [{ title: 'Open release', url: textAt(release, 'html_url') }],
      occurredAt: isPublished ? published : undefined,
    },
    traits: { branch: textAt(release, 'target_commitish') },
  };
}
