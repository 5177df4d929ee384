// A request of our own API that comes through a hook: it says the same there. Pure.

import { LIFECYCLE_STATES } from '../../domain/lifecycle.ts';
import { PRIORITIES, SEVERITIES, TEXT_FORMATS } from '../../domain/notification.ts';
import type { Draft } from '../../domain/source.ts';
import { at, isObject, textAt } from '../payload.ts';
import { factList, linkList } from '../plain-card.ts';

/** Fields that a hook reads, and those that it knows and leaves out. */
const FIELDS: ReadonlySet<string> = new Set(
  [
    'to',
    'title',
    'text',
    'textFormat',
    'severity',
    'facts',
    'links',
    'summary',
    'priority',
    'key',
    'state',
    'occurredAt',
    'card',
  ].concat(['ttl', 'onUnknown', 'mentions', 'at', 'timeZone']),
);

/** The draft of a request as docs/api.md describes it; undefined for anything else. */
export function ownDraft(body: unknown): Draft | undefined {
  const card = at(body, 'card');
  const [title, summary] = [stringAt(body, 'title'), stringAt(body, 'summary')];
  const [severity, priority] = [at(body, 'severity'), at(body, 'priority')];
  const [state, textFormat] = [at(body, 'state'), at(body, 'textFormat')];
  const isKnown = isObject(body) && Object.keys(body).every((name) => FIELDS.has(name));
  const isOwn = title !== undefined || (isObject(card) && summary !== undefined);
  if (!isKnown || !isOwn || !isWord(severity, SEVERITIES) || !isWord(priority, PRIORITIES)) {
    return undefined;
  }
  if (!isWord(state, LIFECYCLE_STATES) || !isWord(textFormat, TEXT_FORMATS)) {
    return undefined;
  }
  return {
    title: title ?? summary,
    text: stringAt(body, 'text'),
    textFormat,
    severity,
    facts: factList(at(body, 'facts')),
    links: linkList(at(body, 'links')),
    summary,
    priority,
    key: textAt(body, 'key'),
    state,
    occurredAt: at(body, 'occurredAt'),
    ...(isObject(card) && { card }),
  };
}

function stringAt(body: unknown, name: string): string | undefined {
  const value = at(body, name);
  return typeof value === 'string' ? value : undefined;
}

function isWord<Word extends string>(value: unknown, words: readonly Word[]): value is Word | undefined {
  return value === undefined || words.some((word) => word === value);
}
