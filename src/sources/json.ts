// Any JSON: what members commonly mean by their names is read, and the others become lines.

import { AppError } from '../domain/errors.ts';
import { PRIORITIES } from '../domain/notification.ts';
import type { Dialect, Draft, SourceEvent, SourceRequest, Traits, Translation } from '../domain/source.ts';
import { headerText } from './header-text.ts';
import { ownDraft } from './json/request.ts';
import { at, count, isObject, joined, membersAt, textAt, textsAt } from './payload.ts';
import {
  factList,
  factsOf,
  linkList,
  linksOf,
  type Members,
  membersOf,
  outcomeSeverity,
  pickText,
  saidSeverity,
  titleAndText,
} from './plain-card.ts';
import { outcomeOf, stateOf } from './plain-words.ts';

export const json: Dialect = {
  name: 'json',
  title: 'JSON message',
  body: 'json',
  auth: ['token', 'key', 'standard-webhooks', 'url'],
  translate,
};

/** A longer list is told in one card. */
const MAX_CARDS = 10;
const MAX_LINES = 10;

function translate({ body, headers }: SourceRequest): Translation {
  const id = idOf(headers);
  if (isObject(body)) {
    return { kind: 'events', events: [{ ...toEvent(unwrap(body)), id }] };
  }
  if (!Array.isArray(body)) {
    throw new AppError('invalid_request', 'Expected a JSON object, or a list of objects', {
      faults: [{ pointer: '', detail: 'Expected an object or a list' }],
    });
  }
  if (body.length === 0) {
    return { kind: 'greeting' };
  }
  if (body.length > MAX_CARDS || !body.every(isObject)) {
    return { kind: 'events', events: [{ id, draft: listDraft(body) }] };
  }
  const events = body.map((one, index) => ({
    ...toEvent(one),
    id: id !== undefined && body.length > 1 ? JSON.stringify([id, index]) : id,
  }));
  return { kind: 'events', events };
}

/** Only what senders repeat when they try again; the id of a request is a new one each time, or that of a whole trace. */
function idOf(headers: SourceRequest['headers']): string | undefined {
  const isStandard = headers['webhook-timestamp'] !== undefined;
  return headerText(headers, 'idempotency-key') ?? (isStandard ? headerText(headers, 'webhook-id') : undefined);
}

/** `{"alert": {...}}` is about what is in it. */
function unwrap(body: unknown): unknown {
  const members = membersAt(body);
  const [only] = members;
  return members.length === 1 && isObject(only?.[1]) ? only[1] : body;
}

function listDraft(list: readonly unknown[]): Draft {
  const lines = list.slice(0, MAX_LINES).map((one) => (isObject(one) ? toEvent(one).draft.title : textAt(one)));
  const more = list.length - MAX_LINES;
  const text = joined('\n', ...lines, more > 0 ? `… ${count(more, 'more entry', 'more entries')}` : undefined);
  return { title: count(list.length, 'entry', 'entries'), text };
}

function toEvent(body: unknown): SourceEvent {
  const members = membersOf(body);
  return { draft: ownDraft(body) ?? toDraft(body, members), traits: toTraits(members), to: recipientsOf(members) };
}

const TITLES = ['title', 'subject', 'headline', 'heading', 'summary', 'alertname', 'detailtype'];
const TEXTS = ['text', 'message', 'body', 'description', 'details', 'detail', 'content', 'msg', 'reason'];
const EVENTS = ['event', 'eventtype', 'eventname', 'type', 'action'];
const KEYS = ['key', 'dedupkey', 'dedupekey', 'incidentkey', 'alertkey'];
/** They may be those of a thing, or of this one message: the former where its state is said, too. */
const IDS = ['incident', 'incidentid', 'alertid', 'issueid', 'ticketid', 'fingerprint', 'id'];
const STATES = ['state', 'status', 'alertstate', 'eventaction'];
const TIMES = ['occurredat', 'timestamp', 'time', 'datetime', 'eventtime', 'ts'];

function toDraft(body: unknown, members: Members): Draft {
  const said = wordsIn(members);
  const { key, state, names: lifecycleNames } = lifecycleIn(members);
  const severity = saidSeverity(members);
  const time = TIMES.flatMap((name) => members.get(name) ?? []).find(({ value }) => isInstant(value));
  const priority = PRIORITIES.find((word) => word === members.get('priority')?.value);
  const pages = linksOf(body);
  const read = READ_WHOLE.flatMap((name) => members.get(name)?.name ?? []);
  const told = [...said.names, ...lifecycleNames, ...pages.names, ...read, severity?.name, time?.name];
  const except = new Set(told.filter((name) => name !== undefined));
  return {
    title: said.title,
    text: said.text,
    textFormat: at(body, 'textFormat') === 'markdown' ? 'markdown' : 'plain',
    severity: state === 'resolved' ? 'success' : (severity?.severity ?? outcomeSeverity(members)),
    priority,
    facts: [
      ...READ_FACTS.flatMap((name) => factList(members.get(name)?.value)),
      ...factsOf(body, priority === undefined ? except : new Set([...except, 'priority'])),
    ],
    links: [...pages.links, ...READ_LINKS.flatMap((name) => linkList(members.get(name)?.value))],
    key,
    state,
    occurredAt: time?.value,
  };
}

const READ_FACTS = ['facts', 'fields'];
const READ_LINKS = ['links', 'link'];
/** What is told as it is, and who it is for. */
const READ_WHOLE = [...READ_FACTS, ...READ_LINKS, 'to', 'textformat'];

interface SaidWords {
  readonly title: string | undefined;
  readonly text: string | undefined;
  /** The members that say it. */
  readonly names: readonly string[];
}

/** What an event is called is its title where nothing else is said; it is no good one beside a text. */
function wordsIn(members: Members): SaidWords {
  const text = pickText(members, TEXTS);
  // In a line of a log, `name` says whose it is.
  const names = members.has('msg') ? [] : ['name'];
  const title =
    pickText(members, [...TITLES, ...names]) ?? (text === undefined ? pickText(members, EVENTS) : undefined);
  if (title === undefined) {
    return { title: undefined, text: undefined, ...(text && titleAndText(text.text)), names: text ? [text.name] : [] };
  }
  const summary = pickText(members, ['summary']);
  const more = text ?? (summary?.name === title.name ? undefined : summary);
  return {
    title: title.text,
    text: more?.text === title.text ? undefined : more?.text,
    names: more ? [title.name, more.name] : [title.name],
  };
}

function lifecycleIn(members: Members): Pick<Draft, 'key' | 'state'> & { readonly names: readonly string[] } {
  const states = STATES.flatMap((name) => pickText(members, [name]) ?? []);
  const strict = states.find(({ text }) => stateOf(text) !== undefined);
  const key = pickText(members, KEYS);
  const said = strict ?? (key ? states.find(({ text }) => outcomeOf(text) !== undefined) : undefined);
  const id = strict ? (pickText(members, IDS) ?? nestedId(members)) : undefined;
  const thing = key ?? id;
  if (thing === undefined) {
    return { key: undefined, state: undefined, names: [] };
  }
  return { key: thing.text, state: outcomeOf(said?.text), names: said ? [thing.name, said.name] : [thing.name] };
}

/** `"incident": {"id": ...}`: the others of its members are lines. */
function nestedId(members: Members): { readonly name: string; readonly text: string } | undefined {
  const incident = members.get('incident');
  const text = textAt(incident?.value, 'id');
  return incident && text ? { name: `${incident.name}.id`, text } : undefined;
}

/** Of the year 2000: a smaller number is no instant, but perhaps how long it took. */
const MIN_SECONDS = 946_684_800;

/** What `occurredAt` may be; a time that does not say its zone stays a line. */
function isInstant(value: unknown): boolean {
  return (
    (typeof value === 'number' && value > MIN_SECONDS) ||
    (typeof value === 'string' && /(Z|UTC|[+-]\d\d:?\d\d)$|^\d{9,13}(\.\d+)?$/i.test(value.trim()))
  );
}

const MAX_RECIPIENTS = 100;

function recipientsOf(members: Members): readonly string[] | undefined {
  const to = members.get('to')?.value;
  const named = typeof to === 'string' ? [to.trim()] : textsAt(to);
  const recipients = named.filter((name) => name !== '').slice(0, MAX_RECIPIENTS);
  return recipients.length > 0 ? recipients : undefined;
}

function toTraits(members: Members): Traits {
  const labels = members.get('labels')?.value ?? members.get('tags')?.value;
  return {
    event: pickText(members, EVENTS)?.text,
    repository: pickText(members, ['repository', 'repo'])?.text,
    branch: pickText(members, ['branch'])?.text,
    actor: pickText(members, ['actor', 'user', 'username', 'author'])?.text,
    labels: [...textsAt(labels), ...membersAt(labels).map(([name, value]) => `${name}=${textAt(value) ?? ''}`)],
  };
}
