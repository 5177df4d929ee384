// People of the sandbox who have the bot, known to the queue as well.

import type { SandboxPerson } from '../../src/sandbox/organisation.ts';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import type { Store } from '../../src/store/store.ts';
import { APP_ID, type InstalledPerson } from './store-fixtures.ts';

export interface SandboxPlace {
  readonly sandbox: Sandbox;
  readonly nowMs: number;
  readonly intervalUs: number;
}

/** Installs the bot for the person on both sides, without a welcome. */
export async function installSandboxPerson(
  store: Store,
  person: SandboxPerson,
  { sandbox, nowMs, intervalUs }: SandboxPlace,
): Promise<InstalledPerson> {
  const { tenantId } = sandbox.organisation;
  const { aadObjectId, teamsUserId, email, conversationId } = person;
  sandbox.people.installQuietly(person.key);
  return store.write(async (tx) => {
    const personId = await tx.people.insert({ tenantId, aadObjectId, teamsUserId, email }, nowMs);
    const laneId = await tx.lanes.ensure({ appId: APP_ID, tenantId, intervalUs });
    const botAccountId = `28:${APP_ID}`;
    const { serviceUrl } = sandbox;
    const reference = { tenantId, kind: 'personal', serviceUrl, botAccountId, conversationId } as const;
    const conversation = await tx.conversations.insert(reference, { laneId, personId }, nowMs);
    await tx.installations.save(
      { tenantId, scope: 'personal', digest: person.key },
      { state: 'active', changedAtMs: nowMs, generation: 1 },
      { conversationId: conversation.id, personId, name: null },
    );
    return { personId, conversationId: conversation.id, laneId, email, aadObjectId };
  });
}
