// The commands for what is held about a person: export, erase.

import { createWriteStream, rmSync } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Command, InvalidArgumentError } from 'commander';
import { erasePerson } from '../directory/erase-person.ts';
import { exportPerson } from '../directory/export-person.ts';
import type { PersonQuery } from '../directory/find-person.ts';
import type { ErasedCounts } from '../directory/person-answers.ts';
import { toPerson } from '../directory/person-requests.ts';
import type { Clock } from '../domain/clock.ts';
import { isGuid } from '../domain/person.ts';
import { PERSON_FORMS } from '../domain/recipient.ts';
import type { PersonRecipient } from '../store/statements/people.ts';
import type { Store } from '../store/store.ts';

/** What the commands work with. */
export interface PeopleCommandTools {
  /** Opens the database for `work`, beside a running service. */
  withStore<T>(work: (deps: { readonly store: Store; readonly clock: Clock }) => Promise<T>): Promise<T>;
  print(text: string): void;
}

interface TenantOption {
  readonly tenant?: string;
}

/** Adds them below `command`. */
export function addPeopleCommands(command: Command, tools: PeopleCommandTools): void {
  command
    .command('export')
    .argument('<recipient>', `whose data: ${PERSON_FORMS}`, parsePerson)
    .description('write all that is held about a person, as JSON')
    .option('--out <file>', 'where to write it; standard output by default')
    .option('--tenant <id>', 'in this tenant only', parseTenant)
    .action((recipient: PersonRecipient, { out, tenant }: TenantOption & { readonly out?: string }) =>
      writeExport(tools, { recipient, tenantId: tenant }, out),
    );
  command
    .command('erase')
    .argument('<recipient>', `whose data: ${PERSON_FORMS}`, parsePerson)
    .description('erase all that is held about a person; asks nothing')
    .option('--tenant <id>', 'in this tenant only', parseTenant)
    .action((recipient: PersonRecipient, { tenant }: TenantOption) => erase(tools, { recipient, tenantId: tenant }));
}

async function writeExport(
  { withStore, print }: PeopleCommandTools,
  query: PersonQuery,
  out: string | undefined,
): Promise<void> {
  await withStore(async ({ store, clock }) => {
    const parts = await exportPerson({ store, nowMs: clock.nowMs(), onEnd: () => undefined }, query);
    await (out === undefined ? pipeline(Readable.from(parts), process.stdout, { end: false }) : writeFile(out, parts));
  });
  if (out !== undefined) {
    print(`Wrote ${out}.\n`);
  }
}

/** For the eyes of its owner; half a file is none. */
async function writeFile(path: string, parts: AsyncIterable<string>): Promise<void> {
  try {
    await pipeline(Readable.from(parts), createWriteStream(path, { mode: 0o600 }));
  } catch (error) {
    rmSync(path, { force: true });
    throw error;
  }
}

async function erase({ withStore, print }: PeopleCommandTools, query: PersonQuery): Promise<void> {
  const erased = await withStore(async (deps) => {
    const counts = await erasePerson(deps, query);
    await deps.store.purge();
    return counts;
  });
  for (const [name, count] of Object.entries(erased)) {
    print(`${WHAT[name as keyof ErasedCounts]}: ${count}\n`);
  }
}

const WHAT: Readonly<Record<keyof ErasedCounts, string>> = {
  people: 'People',
  installations: 'Installations',
  conversations: 'Chats',
  names: 'Names that producers used',
  contents: 'Contents that only they got',
  deliveriesEnded: 'Deliveries that will not be sent',
  apiKeys: 'API keys that named them',
  hooks: 'Hooks that named them',
};

function parsePerson(text: string): PersonRecipient {
  const person = toPerson(text);
  if (!person) {
    throw new InvalidArgumentError(`Expected ${PERSON_FORMS}.`);
  }
  return person;
}

function parseTenant(text: string): string {
  if (!isGuid(text)) {
    throw new InvalidArgumentError('Expected a directory (tenant) id, a GUID.');
  }
  return text.toLowerCase();
}
