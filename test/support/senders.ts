// What senders post: payloads in the shape that each publishes, and what has to be seen of them.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = join(import.meta.dirname, '..', 'fixtures', 'senders');

/** One request of a sender. */
export interface SenderPayload {
  readonly file: string;
  /** Names in lower case; `content-type` is JSON, or plain text for a `.txt`, unless it stands here. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Texts that the card shows; empty when there is nothing to tell. */
  readonly shows: readonly string[];
  /** The thing that it is about, and how it stands with it. */
  readonly key?: string;
  readonly state?: string;
  readonly severity?: string;
}

/** The payloads of one dialect. */
export interface SenderPayloads {
  /** How they came to be, whose documentation they follow, and its licence. */
  readonly origin: string;
  readonly source: string;
  readonly licence: string;
  readonly payloads: readonly SenderPayload[];
}

/** The dialects that have payloads. */
export function payloadFolders(): readonly string[] {
  return readdirSync(FOLDER).toSorted();
}

export function readPayloads(dialect: string): SenderPayloads {
  return JSON.parse(readFileSync(join(FOLDER, dialect, 'index.json'), 'utf8'));
}

/** The bytes that are posted. */
export function readPayload(dialect: string, { file }: Pick<SenderPayload, 'file'>): Buffer {
  return readFileSync(join(FOLDER, dialect, file));
}

/** The headers that go with them. */
export function headersOf({ file, headers }: SenderPayload): Readonly<Record<string, string>> {
  return { 'content-type': file.endsWith('.txt') ? 'text/plain' : 'application/json', ...headers };
}
