// What the events of GitLab have in common: a project, somebody who did it, labels, commits.

import type { Draft } from '../../domain/source.ts';
import { at, firstLine, joined, listAt, textAt } from '../payload.ts';

/** What one event of GitLab comes to. */
export interface Told {
  readonly draft: Draft;
  /** What was done, in GitLab's word: `open`, `failed`. */
  readonly action?: string | undefined;
  readonly branch?: string | undefined;
  readonly labels?: readonly string[] | undefined;
}

/** `contoso/api`, or a group. */
export function projectOf(body: unknown): string | undefined {
  return (
    textAt(body, 'project', 'path_with_namespace') ??
    textAt(body, 'project_name') ??
    textAt(body, 'project', 'name') ??
    textAt(body, 'group', 'full_path') ??
    textAt(body, 'path_with_namespace') ??
    textAt(body, 'full_path') ??
    textAt(body, 'group_path')
  );
}

/** The name of whoever did it. */
export function actorOf(body: unknown): string | undefined {
  return (
    textAt(body, 'user', 'name') ??
    textAt(body, 'user', 'username') ??
    // Where somebody gets into a group, that is whom it happens to.
    (at(body, 'group_access') === undefined ? (textAt(body, 'user_name') ?? textAt(body, 'user_username')) : undefined)
  );
}

/** `Ana Costa opened ...`. */
export function whoDid(body: unknown, ...what: readonly (string | undefined)[]): string | undefined {
  return joined(' ', actorOf(body) ?? 'Somebody', ...what);
}

/** ` (contoso/api)`, for the end of a title. */
export function inProject(body: unknown): string | undefined {
  const project = projectOf(body);
  return project === undefined ? undefined : `(${project})`;
}

/** The key of a thing of this project; none for a thing that is not named. */
export function keyOf(body: unknown, sign: string, number: string | undefined): string | undefined {
  const project = projectOf(body);
  return project === undefined || number === undefined ? undefined : `${project}${sign}${number}`;
}

/** `!12: Retry uploads`, `#7: Login fails`. */
export function numbered(thing: unknown, sign: string): string | undefined {
  const number = textAt(thing, 'iid');
  return joined(': ', number === undefined ? undefined : `${sign}${number}`, textAt(thing, 'title'));
}

/** The names of the people in the list there. */
export function namesAt(body: unknown, member: string): readonly string[] {
  return listAt(body, member).flatMap((person) => textAt(person, 'name') ?? textAt(person, 'username') ?? []);
}

/** The names of the labels of the first of these that has any. */
export function labelsOf(...things: readonly unknown[]): readonly string[] {
  const lists = things.map((thing) => listAt(thing, 'labels').flatMap((label) => textAt(label, 'title') ?? []));
  return lists.find((labels) => labels.length > 0) ?? [];
}

/** `1a2b3c4d Retry uploads`. */
export function commitLine(commit: unknown): string | undefined {
  const id = textAt(commit, 'sha') ?? textAt(commit, 'id');
  return joined(' ', shortSha(id), textAt(commit, 'title') ?? firstLine(textAt(commit, 'message')));
}

/** As GitLab itself shortens it. */
export function shortSha(sha: string | undefined): string | undefined {
  return sha?.slice(0, 8);
}

/** The branch or tag without the folders that git keeps it in. */
export function refName(ref: string | undefined): string | undefined {
  return ref?.replace(/^refs\/(heads|tags)\//, '');
}
