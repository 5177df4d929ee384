// What a producer with the right to it asks about a person: all that is held, or that it be erased.

import { z } from 'zod';
import type { Clock } from '../domain/clock.ts';
import { AppError } from '../domain/errors.ts';
import { parseRequest } from '../domain/parse-request.ts';
import { isGuid, type PersonProfile } from '../domain/person.ts';
import { isCovered, isPerson, PERSON_FORMS, parseRecipient } from '../domain/recipient.ts';
import type { PersonRecipient } from '../store/statements/people.ts';
import type { Store } from '../store/store.ts';
import { describeError, type Logger } from '../telemetry/logger.ts';
import { erasePerson } from './erase-person.ts';
import { exportPerson } from './export-person.ts';
import type { PersonQuery } from './find-person.ts';
import type { ErasedCounts } from './person-answers.ts';

/** What these requests take. */
export interface PersonRequestDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Who asks, and what limits them. */
export interface Asker {
  readonly keyId: string;
  /** When set, they reach people of this tenant only. */
  readonly tenantId?: string;
  /** When not empty, only these: forms of `to`, or `*@domain`. */
  readonly recipients: readonly string[];
}

/** A request: `json` is `{ "person": name, "tenant"?: directory id }`. */
export interface PersonRequest {
  readonly asker: Asker;
  readonly json: unknown;
}

/** All throw AppError `invalid_request`, `forbidden`, `not_found`, `ambiguous_person`. Each leaves a line in the log. */
export interface PersonRequests {
  /** @returns the parts of a JSON document */
  exportPerson(request: PersonRequest): Promise<AsyncIterable<string>>;
  erasePerson(request: PersonRequest): Promise<ErasedCounts>;
}

/** Who is meant. */
export const personBody = z.strictObject({
  person: z
    .string()
    .describe(`Who: ${PERSON_FORMS}.`)
    .transform((text, context): PersonRecipient => toPerson(text) ?? refuse(context)),
  tenant: z
    .string()
    .describe('In which directory (tenant), where a name is of several people.')
    .refine(isGuid, 'Expected a directory (tenant) id, a GUID')
    .transform((id) => id.toLowerCase())
    .optional(),
});

/** Binds them to the store. */
export function createPersonRequests(deps: PersonRequestDeps): PersonRequests {
  const { store, clock, logger } = deps;
  return {
    exportPerson({ asker, json }) {
      const onEnd = (counts: object, isComplete: boolean) =>
        logger.info({ keyId: asker.keyId, ...counts, isComplete }, 'personal data exported');
      return exportPerson({ store, nowMs: clock.nowMs(), onEnd }, toQuery(asker, json));
    },
    async erasePerson({ asker, json }) {
      const erased = await erasePerson(deps, toQuery(asker, json));
      logger.info({ keyId: asker.keyId, ...erased }, 'personal data erased');
      await purge(deps);
      return erased;
    },
  };
}

/** Erases somebody who asks for it themselves, by all ids that Teams gives them. To ask again changes nothing. */
export async function eraseOnOwnWish(deps: PersonRequestDeps, profile: PersonProfile): Promise<void> {
  const { tenantId, aadObjectId, teamsUserId } = profile;
  const names: readonly PersonRecipient[] = [
    ...(aadObjectId === undefined ? [] : [{ kind: 'aadObjectId', aadObjectId } as const]),
    ...(teamsUserId === undefined ? [] : [{ kind: 'teamsUserId', teamsUserId } as const]),
  ];
  for (const recipient of names) {
    try {
      const erased = await erasePerson(deps, { recipient, tenantId });
      deps.logger.info(erased, 'personal data erased on the wish of the person');
    } catch (error) {
      if (!(error instanceof AppError && error.code === 'not_found')) {
        throw error;
      }
    }
  }
  await purge(deps);
}

async function purge({ store, logger }: PersonRequestDeps): Promise<void> {
  await store.purge().catch((error: unknown) => {
    // Done is done: the files are purged again within the hour.
    logger.warn({ error: describeError(error) }, 'older copies of erased data are overwritten later');
  });
}

function toQuery({ tenantId, recipients }: Asker, json: unknown): PersonQuery {
  const { person: recipient, tenant } = parseRequest(personBody, json, 'request');
  if (recipients.length > 0 && !recipients.some((allowed) => isCovered(recipient, allowed))) {
    throw new AppError('forbidden', 'This API key may not ask about this person');
  }
  if (tenantId !== undefined && tenant !== undefined && tenant !== tenantId) {
    throw new AppError('forbidden', 'The producer of this API key may not ask about people of this tenant');
  }
  return { recipient, tenantId: tenantId ?? tenant };
}

/** @returns undefined when the text names no single person */
export function toPerson(text: string): PersonRecipient | undefined {
  const recipient = parseRecipient(text);
  return recipient !== undefined && isPerson(recipient) ? recipient : undefined;
}

function refuse(context: z.RefinementCtx): never {
  context.addIssue({ code: 'custom', message: `Expected ${PERSON_FORMS}` });
  return z.NEVER;
}
