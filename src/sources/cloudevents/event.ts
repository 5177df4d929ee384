// One event as CloudEvents 1.0 defines it, checked: its attributes, and what its data are. Pure.

import type { Fault } from '../../domain/errors.ts';
import { decodeUtf8 } from '../header-text.ts';
import { count, isObject } from '../payload.ts';

/** An event in which everything is as the specification wants it. */
export interface CloudEvent {
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly subject?: string | undefined;
  /** RFC 3339. */
  readonly time?: string | undefined;
  /** JSON, or text. */
  readonly data: unknown;
  /** In the place of data that cannot be read: what they are. */
  readonly unread?: string | undefined;
  /** Attributes that the specification does not name. */
  readonly extensions: Readonly<Record<string, unknown>>;
}

type Json = Readonly<Record<string, unknown>>;

const REQUIRED = ['id', 'source', 'type'];
const OPTIONAL = ['subject', 'dataschema', 'datacontenttype', 'time'];
const KNOWN: ReadonlySet<string> = new Set(['specversion', 'data', 'data_base64', ...REQUIRED, ...OPTIONAL]);

/** Everything that is wrong with it; nothing when it is an event. @param pointer where it stands in the body */
export function findEventFaults(event: unknown, pointer: string): readonly Fault[] {
  if (!isObject(event)) {
    return [{ pointer, detail: 'Expected an event: an object' }];
  }
  const faultsAt = (name: string, detail: string | undefined) =>
    detail === undefined ? [] : [{ pointer: `${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`, detail }];
  const hasBoth = isThere(event['data']) && isThere(event['data_base64']);
  return [
    ...faultsAt('specversion', event['specversion'] === '1.0' ? undefined : 'Expected "1.0"'),
    ...REQUIRED.flatMap((name) => faultsAt(name, isFilled(event[name]) ? undefined : 'Expected some text')),
    ...OPTIONAL.flatMap((name) =>
      faultsAt(name, isThere(event[name]) ? findOptionalFault(name, event[name]) : undefined),
    ),
    ...faultsAt('data_base64', hasBoth ? 'Expected either data or data_base64' : findBase64Fault(event['data_base64'])),
    ...Object.keys(event)
      .filter((name) => !KNOWN.has(name))
      .flatMap((name) => faultsAt(name, findExtensionFault(name, event[name]))),
  ];
}

function isThere(value: unknown): boolean {
  return value !== undefined && value !== null;
}

function isFilled(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== '';
}

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/i;
const MEDIA_TYPE = /^[\w!#$&^.+-]+\/[\w!#$&^.+-]+\s*(;|$)/;

function findOptionalFault(name: string, value: unknown): string | undefined {
  if (!isFilled(value)) {
    return 'Expected some text, or nothing';
  }
  if (name === 'time' && !(TIME.test(value) && !Number.isNaN(Date.parse(value)))) {
    return 'Expected an instant with its offset (RFC 3339), for example "2026-01-31T08:00:00Z"';
  }
  return name === 'datacontenttype' && !MEDIA_TYPE.test(value)
    ? 'Expected a media type, for example "application/json"'
    : undefined;
}

function findBase64Fault(value: unknown): string | undefined {
  const isBase64 = typeof value === 'string' && /^[A-Za-z0-9+/]*={0,2}$/.test(value) && value.length % 4 === 0;
  return isThere(value) && !isBase64 ? 'Expected base64' : undefined;
}

function findExtensionFault(name: string, value: unknown): string | undefined {
  if (!/^[a-z0-9]+$/.test(name)) {
    return 'Expected no such member: attributes are called by lower-case letters and digits';
  }
  const isScalar = ['string', 'boolean'].includes(typeof value) || Number.isInteger(value) || !isThere(value);
  return isScalar ? undefined : 'Expected a text, a boolean or an integer: only data may be more';
}

/** An event that has no faults. */
export function readEvent(event: Json): CloudEvent {
  const text = (name: string) => (typeof event[name] === 'string' ? event[name] : undefined);
  return {
    id: text('id') ?? '',
    source: text('source') ?? '',
    type: text('type') ?? '',
    subject: text('subject'),
    time: text('time')?.toUpperCase(),
    ...readData(event, text('datacontenttype')),
    extensions: Object.fromEntries(Object.entries(event).filter(([name]) => !KNOWN.has(name))),
  };
}

const JSON_TYPE = /^[^;]*[/+]json\s*(;|$)/i;
const TEXT_TYPE = /^text\//i;
/** A longer text in a format of its own (XML, CSV) is nothing to read in a chat. */
const MAX_FOREIGN_TEXT = 1_000;

function readData(event: Json, mediaType: string | undefined): Pick<CloudEvent, 'data' | 'unread'> {
  const base64 = event['data_base64'];
  if (typeof base64 === 'string') {
    return readBytes(Buffer.from(base64, 'base64'), mediaType);
  }
  const data = event['data'];
  return typeof data === 'string' ? readText(data, mediaType) : { data };
}

function readBytes(bytes: Uint8Array, mediaType: string | undefined): Pick<CloudEvent, 'data' | 'unread'> {
  const isReadable = mediaType === undefined || JSON_TYPE.test(mediaType) || TEXT_TYPE.test(mediaType);
  const text = isReadable ? decodeUtf8(bytes) : undefined;
  if (text === undefined) {
    return { data: undefined, unread: `${count(bytes.length, 'byte')}${ofType(mediaType)}` };
  }
  return mediaType !== undefined && TEXT_TYPE.test(mediaType) ? { data: text } : { data: parseJson(text) };
}

function readText(text: string, mediaType: string | undefined): Pick<CloudEvent, 'data' | 'unread'> {
  const isPlain = mediaType === undefined || JSON_TYPE.test(mediaType) || TEXT_TYPE.test(mediaType);
  return isPlain || text.length <= MAX_FOREIGN_TEXT
    ? { data: text }
    : { data: undefined, unread: `${count(text.length, 'character')}${ofType(mediaType)}` };
}

function ofType(mediaType: string | undefined): string {
  return mediaType === undefined ? '' : ` of ${mediaType}`;
}

/** Text that is no JSON stays text. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
