// An event with a type of its sender's making and data of any shape: what happened, to what, and the data as lines. Pure.

import type { Draft } from '../domain/source.ts';
import { count, textAt } from './payload.ts';
import { factsOf, linksOf, membersOf, outcomeSeverity, pickText, saidSeverity } from './plain-card.ts';
import { eventTitle, severityOfEvent } from './plain-words.ts';

/** What its envelope says of an event. */
export interface PlainEvent {
  /** `invoice.payment_failed` */
  readonly type: string;
  /** What it is about, where the envelope says so; a path, as often as not. */
  readonly subject?: string | undefined;
  readonly data: unknown;
}

const NAMES = ['title', 'displayname', 'fullname', 'name', 'subject', 'summary', 'number', 'email'];
const IDS = ['key', 'id'];
const TEXTS = ['text', 'message', 'description', 'body', 'details', 'msg', 'reason'];

/** Title, text, severity, facts and links; when it happened, and its own id, its envelope says. */
export function describeEvent(event: PlainEvent): Draft {
  const { type, data } = event;
  const members = membersOf(data);
  const name = pickText(members, NAMES);
  const text = pickText(members, TEXTS);
  const id = pickText(members, IDS);
  const thing = name?.text ?? lastPart(event.subject) ?? id?.text;
  const severity = saidSeverity(members);
  const pages = linksOf(data);
  const read = [name, text, severity, id?.text === thing ? id : undefined];
  const told = [...read.flatMap((member) => member?.name ?? []), ...pages.names];
  return {
    title: thing === undefined ? eventTitle(type) : `${eventTitle(type)}: ${thing}`,
    text: text?.text ?? (typeof data === 'string' ? textAt(data) : undefined),
    severity: severity?.severity ?? severityOfEvent(type) ?? outcomeSeverity(members),
    facts: [
      ...factsOf(data, new Set(told)),
      { name: 'Data', value: dataValue(data) },
      { name: 'Subject', value: event.subject === thing ? undefined : event.subject },
      { name: 'Event', value: type },
    ],
    links: pages.links,
  };
}

/** `4711.pdf` of `/containers/invoices/blobs/4711.pdf` */
function lastPart(subject: string | undefined): string | undefined {
  return textAt(subject?.split('/').findLast((part) => part.trim() !== ''));
}

/** Of data that has no members. */
function dataValue(data: unknown): string | undefined {
  return Array.isArray(data)
    ? count(data.length, 'entry', 'entries')
    : typeof data === 'string'
      ? undefined
      : textAt(data);
}
