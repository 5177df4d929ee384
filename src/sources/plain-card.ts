// What payloads without a published shape have alike: names that mean something, members that become lines, and addresses. Pure.

import type { Severity } from '../domain/notification.ts';
import type { Draft, DraftFact, DraftLink } from '../domain/source.ts';
import { at, count, isObject, listAt, membersAt, textAt } from './payload.ts';
import { capitalize, severityOf, wordsOf } from './plain-words.ts';

/** A member by one of its names. */
export interface Member {
  /** As the payload writes it. */
  readonly name: string;
  readonly value: unknown;
}

/** The members of an object by their names without case and marks: `Event-Type` is `eventtype`. */
export type Members = ReadonlyMap<string, Member>;

/** The first thousand members of an object. Of two names that are alike the first one counts. */
export function membersOf(value: unknown): Members {
  const members = membersAt(value)
    .slice(0, 1_000)
    .map(([name, inner]) => [name.toLowerCase().replace(/[^a-z0-9]/g, ''), { name, value: inner }] as const);
  return new Map(members.toReversed());
}

/** The first of these that holds a text or a number. */
export function pickText(members: Members, names: readonly string[]): (Member & { readonly text: string }) | undefined {
  return names
    .flatMap((name) => members.get(name) ?? [])
    .flatMap((member) => {
      const text = typeof member.value === 'boolean' ? undefined : textAt(member.value);
      return text === undefined ? [] : [{ ...member, text }];
    })[0];
}

const SEVERITY_NAMES = [
  'severity',
  'severitytext',
  'level',
  'loglevel',
  'levelname',
  'urgency',
  'criticality',
  'priority',
];
const OUTCOME_NAMES = ['status', 'state', 'result', 'outcome', 'conclusion', 'alertstate'];

/** As loggers count. */
const LEVELS: ReadonlyMap<string, Severity> = new Map([
  ['10', 'info'],
  ['20', 'info'],
  ['30', 'info'],
  ['40', 'warning'],
  ['50', 'error'],
  ['60', 'critical'],
]);

/** A member and how bad it says that it is. */
export interface SaidSeverity {
  readonly name: string;
  readonly severity: Severity;
}

/** What a member says that tells nothing else. */
export function saidSeverity(members: Members): SaidSeverity | undefined {
  return SEVERITY_NAMES.flatMap((name) => {
    const member = pickText(members, [name]);
    const severity =
      name === 'level' ? (LEVELS.get(member?.text ?? '') ?? severityOf(member?.text)) : severityOf(member?.text);
    // A task may be of high priority, and nothing is wrong.
    const said = name === 'priority' && severity === 'error' ? 'warning' : severity;
    return member && said ? [{ name: member.name, severity: said }] : [];
  })[0];
}

/** What the outcome says; its own word says more. */
export function outcomeSeverity(members: Members): Severity | undefined {
  return OUTCOME_NAMES.flatMap((name) => severityOf(pickText(members, [name])?.text) ?? [])[0];
}

/** More lines than these nobody reads on a phone. */
const MAX_FACTS = 12;
const MAX_LISTED = 10;
/** Of an object, and of each of those in it; more are counted only. */
const MAX_MEMBERS = 200;

/**
 * The texts, numbers and truths of an object as lines, and those of the objects in it, as `host.name`.
 *
 * @param except the names of members that are told elsewhere
 */
export function factsOf(value: unknown, except: ReadonlySet<string>): readonly DraftFact[] {
  const members = membersAt(value).filter(([name]) => !except.has(name));
  const facts = members
    .slice(0, MAX_MEMBERS)
    .flatMap(([name, inner]) => (isObject(inner) ? innerFacts(name, inner) : toFact(name, inner)));
  // Ids are what one looks at last.
  const inOrder = [...facts.filter(({ name }) => !isId(name)), ...facts.filter(({ name }) => isId(name))];
  return withinLines(inOrder, Math.max(0, members.length - MAX_MEMBERS));
}

function innerFacts(name: string, value: unknown): readonly DraftFact[] {
  const members = isSecretName(name) ? [] : membersAt(value).slice(0, MAX_MEMBERS);
  return members.flatMap(([innerName, inner]) => toFact(`${name}.${innerName}`, inner));
}

function isId(name: string): boolean {
  return ['id', 'uuid', 'guid'].includes(wordsOf(name).at(-1) ?? '');
}

function withinLines(facts: readonly DraftFact[], unread: number): readonly DraftFact[] {
  const leftOut = facts.length - MAX_FACTS + unread;
  return leftOut > 1 ? [...facts.slice(0, MAX_FACTS), { name: '…', value: `${count(leftOut, 'line')} more` }] : facts;
}

function toFact(name: string, value: unknown): readonly DraftFact[] {
  const text = Array.isArray(value) ? listed(value) : textAt(value);
  return text === undefined || isSecretName(name) ? [] : [{ name, value: text }];
}

/** The texts of a list; undefined when it holds anything else. */
function listed(values: readonly unknown[]): string | undefined {
  const texts = values.slice(0, MAX_LISTED).map((one) => textAt(one));
  const more = values.length > MAX_LISTED ? `, … ${values.length - MAX_LISTED} more` : '';
  return texts.length > 0 && texts.every((text) => text !== undefined) ? `${texts.join(', ')}${more}` : undefined;
}

const SECRETS: ReadonlySet<string> = new Set([
  'password',
  'passwd',
  'pwd',
  'secret',
  'token',
  'authorization',
  'cookie',
  'credential',
  'credentials',
  'apikey',
  'signature',
  // Of somebody's token.
  'claims',
]);

/** Addresses that let whoever has them do something. */
const HANDLES: ReadonlySet<string> = new Set(['callback', 'webhook', 'hook', 'response', 'upload']);

/** What nobody wants to read in a chat. */
function isSecretName(name: string): boolean {
  const words = wordsOf(name);
  const last = words.at(-1) ?? '';
  const isKey = last === 'key' && ['api', 'private', 'secret', 'access'].includes(words.at(-2) ?? '');
  return SECRETS.has(last) || isKey || (ADDRESS_WORDS.has(last) && words.some((word) => HANDLES.has(word)));
}

/** Addresses of programs and pictures, where nobody is led to. */
const NO_PAGES: ReadonlySet<string> = new Set([
  'api',
  'avatar',
  'icon',
  'image',
  'logo',
  'picture',
  'photo',
  'thumbnail',
  'clone',
  'git',
  'ssh',
  'unsubscribe',
]);
/** Words that do not tell one page from another. */
const ANY_PAGE: ReadonlySet<string> = new Set([
  'html',
  'web',
  'page',
  'site',
  'public',
  'click',
  'action',
  'target',
  'short',
  'external',
  'self',
  'perma',
  'share',
]);
const ADDRESS_WORDS: ReadonlySet<string> = new Set(['url', 'uri', 'link', 'href', 'permalink', 'click']);

/** Members that lead to a page, by their names: `url`, `dashboard_url`, `runbookLink`. */
export function linksOf(value: unknown): { readonly links: readonly DraftLink[]; readonly names: readonly string[] } {
  const members = membersAt(value).slice(0, MAX_MEMBERS);
  const found = members.flatMap(([name, inner]) => {
    const words = wordsOf(name);
    const isAddress =
      ADDRESS_WORDS.has(words.at(-1) ?? '') && !words.some((word) => NO_PAGES.has(word)) && !isSecretName(name);
    return isAddress && typeof inner === 'string' && /^https?:\/\//i.test(inner.trim())
      ? [{ name, link: { title: linkTitle(words), url: inner.trim() } }]
      : [];
  });
  return { links: found.map(({ link }) => link), names: found.map(({ name }) => name) };
}

function linkTitle(words: readonly string[]): string {
  const telling = words.slice(0, -1).filter((word) => !ANY_PAGE.has(word));
  return telling.length > 0 ? capitalize(telling.join(' ')) : 'Open';
}

/** A list of lines: `[{name, value}]`, `[{title, value}]`, or an object. */
export function factList(value: unknown): readonly DraftFact[] {
  const pairs = listAt(value).map((fact) => ({
    name: textAt(fact, 'name') ?? textAt(fact, 'title') ?? textAt(fact, 'label') ?? textAt(fact, 'key') ?? '…',
    value: at(fact, 'value') ?? at(fact, 'text'),
  }));
  return isObject(value) ? membersAt(value).map(([name, inner]) => ({ name, value: inner })) : pairs;
}

/** Buttons: `[{title, url}]`, addresses alone, one of either, or an object with their titles as names. */
export function linkList(value: unknown): readonly DraftLink[] {
  const isMap = isObject(value) && !['url', 'href', 'link'].some((name) => textAt(value, name));
  if (isMap) {
    return membersAt(value).flatMap(([title, url]) => (typeof url === 'string' ? [{ title, url }] : []));
  }
  return (isObject(value) ? [value] : listAt(value)).map((link) => ({
    title: textAt(link, 'title') ?? textAt(link, 'text') ?? textAt(link, 'label') ?? textAt(link, 'name') ?? 'Open',
    url: textAt(link, 'url') ?? textAt(link, 'href') ?? textAt(link, 'link') ?? textAt(link),
  }));
}

/** A longer line makes a poor title. */
const MAX_TITLE_LINE = 120;

/** A text without a title: its first line is one, and the rest is what is left; of a long first line the beginning. */
export function titleAndText(text: string): Pick<Draft, 'title' | 'text'> {
  const [line = ''] = text.trim().split(/\r?\n/, 1);
  if (line.length <= MAX_TITLE_LINE) {
    return { title: line, text: textAt(text.trim().slice(line.length)) };
  }
  const start = line.slice(0, MAX_TITLE_LINE - 1).replace(/[\ud800-\udbff]$/, '');
  return { title: `${start.replace(/\s+\S{0,30}$/, '')}…`, text: text.trim() };
}
