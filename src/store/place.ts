// A team or group chat with all conversations in it: stopping what is posted there, letting it go on, forgetting it.

import type { RosterRow } from './statements/rosters.ts';
import type { Statements } from './store.ts';

/** How many conversations one statement is about. */
const AT_ONCE = 500;

/** Pauses the conversations of what is archived or deleted, and resumes the others. */
export async function settlePlace(tx: Statements, roster: RosterRow, nowMs: number): Promise<void> {
  const channels = await tx.rosters.listChannels(roster.id);
  const open = new Set([roster.teamsId, ...channels.filter(({ state }) => state === 'active').map(idOf)]);
  const conversations = await listConversations(tx, roster, [roster.teamsId, ...channels.map(idOf)]);
  const isOpen = (teamsId: string) => roster.state === 'active' && open.has(teamsId);
  const paused = conversations.filter(({ teamsId }) => !isOpen(teamsId));
  for (const ids of parts(paused)) {
    await tx.rosters.pauseConversations(ids);
  }
  const resumed = conversations.filter(({ teamsId }) => isOpen(teamsId));
  for (const ids of parts(resumed)) {
    await tx.rosters.resumeConversations(ids, nowMs);
  }
}

/** The bot is not there any more: what waits ends, and what is known of the place and of who is in it goes. */
export async function forgetPlace(tx: Statements, roster: RosterRow, nowMs: number): Promise<void> {
  const channels = await tx.rosters.listChannels(roster.id);
  for (const ids of parts(await listConversations(tx, roster, [roster.teamsId, ...channels.map(idOf)]))) {
    await tx.rosters.closeConversations(ids, 'uninstalled', nowMs);
  }
  await tx.rosters.removeMembers(roster.id, { kind: 'all' }, nowMs);
  await tx.rosters.delete(roster.id);
}

const idOf = ({ teamsId }: { readonly teamsId: string }) => teamsId;

async function listConversations(tx: Statements, { tenantId }: RosterRow, teamsIds: readonly string[]) {
  const wanted = new Set(teamsIds);
  return (await tx.rosters.listKnownConversations(tenantId)).filter(({ teamsId }) => wanted.has(teamsId));
}

function* parts(conversations: readonly { readonly id: number }[]): Generator<readonly number[]> {
  for (let at = 0; at < conversations.length; at += AT_ONCE) {
    yield conversations.slice(at, at + AT_ONCE).map(({ id }) => id);
  }
}
