// What the events of Azure DevOps have in common: messages, people, pages, and how it stands with what runs.

import type { LifecycleState } from '../../domain/lifecycle.ts';
import type { Severity } from '../../domain/notification.ts';
import type { Draft, Traits } from '../../domain/source.ts';
import { at, joined, textAt } from '../payload.ts';
import { excerpt } from '../phrases.ts';
import { decodeEntities } from '../readable-text.ts';

/** What one event of Azure DevOps comes to; without a title, its own message becomes one. */
export interface Told {
  readonly draft: Partial<Draft>;
  readonly traits?: Traits | undefined;
}

/** Messages are searched for addresses no further than this. */
const MAX_SEARCHED = 4_000;

/** What the event says of itself in one line, without the address behind it. */
export function sentenceOf(body: unknown): string | undefined {
  const text = textAt(body, 'message', 'text') ?? textAt(body, 'detailedMessage', 'text');
  const [line = ''] = text?.slice(0, MAX_SEARCHED).split(/\r?\n|\\r\\n/, 1) ?? [];
  return textAt(line.replace(/\(?https?:\/\/\S+$/, '').replace(/[.\s]+$/, ''));
}

/** What it says of itself at more length, if that is more. */
export function detailsOf(body: unknown): string | undefined {
  const text = excerpt(textAt(body, 'detailedMessage', 'text')?.replaceAll('\\r\\n', '\n'));
  const lines = text?.split('\n').filter((line) => !/^\(?https?:\/\/\S+$/.test(line.trim()));
  return textAt(lines?.slice(1).join('\n'));
}

/** The page of a thing, for people. `url` and `self` are for programs, so they are not offered. */
export function pageOf(body: unknown, ...things: readonly unknown[]): string | undefined {
  const linked = things.flatMap((thing) => [
    textAt(thing, '_links', 'web', 'href'),
    textAt(thing, '_links', 'html', 'href'),
  ]);
  return [...linked, ...addressesIn(body)].find((url) => url !== undefined && isPage(url));
}

/** The addresses in its messages, as they stand there. */
export function addressesIn(body: unknown): readonly string[] {
  const texts = ['message', 'detailedMessage'].flatMap((message) => [
    textAt(body, message, 'markdown') ?? '',
    textAt(body, message, 'text') ?? '',
  ]);
  const found = texts.flatMap((text) => text.slice(0, MAX_SEARCHED).match(/https:\/\/[^\s()[\]<>"']+/g) ?? []);
  return found.map((url) => url.replace(/[.,;:]+$/, ''));
}

function isPage(url: string): boolean {
  return url.startsWith('https://') && !url.includes('/_apis/');
}

/** The name of somebody, who is written as an object or as `Ana Costa <ana@contoso.com>`. */
export function personOf(value: unknown): string | undefined {
  const written = textAt(value, 'displayName') ?? textAt(value, 'name') ?? textAt(value);
  return textAt(written?.slice(0, MAX_NAME).replace(/<[^<>]*>$/, ''));
}

const MAX_NAME = 256;

/** `Web/api`. */
export function repositoryOf(repository: unknown): string | undefined {
  return joined('/', textAt(repository, 'project', 'name'), textAt(repository, 'name'));
}

/** The branch or tag without the folders that git keeps it in. */
export function refName(ref: string | undefined): string | undefined {
  return ref?.replace(/^refs\/(heads|tags)\//, '');
}

/** The text of a little HTML, for who reads it as text. */
export function plainOf(html: string | undefined): string | undefined {
  const text = html
    ?.slice(0, MAX_SEARCHED)
    .replace(/<(br|\/p|\/div|\/li|\/h\d)\b[^<>]*>/gi, '\n')
    .replace(/<[^<>]*>/g, '');
  return excerpt(text && decodeEntities(text));
}

/** How it stands with something that runs. */
export interface Standing {
  readonly said: string;
  readonly severity: Severity;
  readonly state: LifecycleState;
}

const FAILED: Standing = { said: 'failed', severity: 'error', state: 'open' };
const CANCELED: Standing = { said: 'was canceled', severity: 'warning', state: 'resolved' };
const RUNNING: Standing = { said: 'is running', severity: 'info', state: 'open' };
const WAITING: Standing = { said: 'is waiting', severity: 'info', state: 'open' };

/** What has failed is not over: somebody has to look at it, or start it again. */
const STANDINGS: ReadonlyMap<string, Standing> = new Map([
  ['succeeded', { said: 'succeeded', severity: 'success', state: 'resolved' }],
  ['partiallysucceeded', { said: 'succeeded in part', severity: 'warning', state: 'open' }],
  ['failed', FAILED],
  ['rejected', FAILED],
  ['canceled', CANCELED],
  ['stopped', CANCELED],
  ['skipped', { said: 'was skipped', severity: 'info', state: 'resolved' }],
  ['inprogress', RUNNING],
  ['running', RUNNING],
  ['queued', WAITING],
  ['waiting', WAITING],
  ['notstarted', WAITING],
  ['canceling', { said: 'is being canceled', severity: 'info', state: 'open' }],
]);

/** By its result, or by its state while there is none; Azure DevOps writes both in either case. */
export function standingOf(thing: unknown): Standing {
  const words = [textAt(thing, 'result'), textAt(thing, 'status'), textAt(thing, 'state')];
  const known = words.flatMap((word) => STANDINGS.get(word?.toLowerCase() ?? '') ?? []);
  return (
    known[0] ?? {
      said:
        joined(
          ' ',
          'is',
          words.find((word) => word !== undefined),
        ) ?? 'changed',
      severity: 'info',
      state: 'open',
    }
  );
}

/** The value of a field of a work item: as it is, or as it has become. */
export function fieldOf(item: unknown, name: string): unknown {
  const field = at(item, 'revision', 'fields', name) ?? at(item, 'fields', name);
  return at(field, 'newValue') ?? (at(field, 'oldValue') === undefined ? field : undefined);
}
