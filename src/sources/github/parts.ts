// What the payloads of GitHub have in common: who did it, in which repository, and how both are written.

import type { DraftFact, SourceEvent, Traits } from '../../domain/source.ts';
import { joined, listAt, textAt } from '../payload.ts';

/** What one kind of event comes to. The repository stands on the card anyway, and so do event and actor in its traits. */
export interface Told extends Pick<SourceEvent, 'id' | 'draft'> {
  readonly traits?: Pick<Traits, 'branch' | 'labels'>;
}

/** Reads one kind of event; undefined when what it is about is missing. `action` is blank where there is none. */
export type Teller = (body: unknown, action: string) => Told | undefined;

/** `contoso/api` */
export function repositoryOf(body: unknown): string | undefined {
  return textAt(body, 'repository', 'full_name') ?? textAt(body, 'repository', 'name');
}

/** `api`: short enough for a title. */
export function repositoryNameOf(body: unknown): string | undefined {
  return textAt(body, 'repository', 'name') ?? textAt(body, 'repository', 'full_name');
}

/** ` (api)`, for the end of a title. */
export function inRepository(body: unknown): string {
  const name = repositoryNameOf(body);
  return name === undefined ? '' : ` (${name})`;
}

/** Who did it, as a title names them. */
export function actorOf(body: unknown): string {
  return textAt(body, 'sender', 'login') ?? 'Somebody';
}

/** A thing of the repository, by what follows the repository's name; undefined when one of the two is missing. */
export function keyOf(body: unknown, thing: string | undefined): string | undefined {
  const repository = repositoryOf(body);
  return repository === undefined || thing === undefined ? undefined : `${repository}${thing}`;
}

/** As commits are called in short. */
export function shortSha(sha: string | undefined): string | undefined {
  return sha?.slice(0, 7);
}

/** `main` of `refs/heads/main`. */
export function branchOf(ref: string | undefined): string | undefined {
  return ref?.replace(/^refs\/(heads|tags)\//, '');
}

const MAX_NAMES = 10;

/** `ana, bob`, from a list of users, teams or labels; at most ten. */
export function namesAt(body: unknown, ...path: readonly (string | number)[]): string | undefined {
  return namesOf(listAt(body, ...path));
}

/** The same of a list at hand. */
export function namesOf(list: readonly unknown[]): string | undefined {
  const all = list.flatMap((one) => textAt(one, 'login') ?? textAt(one, 'name') ?? []);
  const more = all.length > MAX_NAMES ? [`… ${all.length - MAX_NAMES} more`] : [];
  return joined(', ', ...all.slice(0, MAX_NAMES), ...more);
}

/** The names of its labels, for filters. */
export function labelsAt(value: unknown): readonly string[] {
  return listAt(value, 'labels').flatMap((label) => textAt(label, 'name') ?? []);
}

/** The text of a table for a word of the payload, which may be any word. */
export function pick<Value>(table: Readonly<Record<string, Value>>, word: string | undefined): Value | undefined {
  return word !== undefined && Object.hasOwn(table, word) ? table[word] : undefined;
}

/** `in_progress` as one says it. */
export function spoken(word: string): string {
  return word.replaceAll('_', ' ');
}

/** A line, unless it would only repeat who did it. */
export function unlessActor(body: unknown, name: string, login: string | undefined): readonly DraftFact[] {
  return login === undefined || login === textAt(body, 'sender', 'login') ? [] : [{ name, value: login }];
}

/** The latest of the instants that are there; GitHub writes all of an object in one form. */
export function latestOf(...instants: readonly (string | undefined)[]): string | undefined {
  return instants
    .filter((instant) => instant !== undefined && !Number.isNaN(Date.parse(instant)))
    .toSorted((left = '', right = '') => Date.parse(left) - Date.parse(right))
    .at(-1);
}

/** `file.ts:12`, from where something was found. */
export function placeOf(path: string | undefined, line: string | undefined): string | undefined {
  return path === undefined ? undefined : joined(':', path, line);
}
