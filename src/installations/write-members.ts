// One page of a roster, written down: who became known, what changed of the others, and that they are in the place.

import type { PersonProfile } from '../domain/person.ts';
import type { KnownMember } from '../store/statements/roster-members.ts';
import { withoutRemoved } from '../store/without-removed.ts';
import { queueWelcomes } from './bot-messages.ts';
import { isNews } from './known-person.ts';
import type { Written } from './reading.ts';
import type { RosterMember } from './roster.ts';

/** People that one statement is about. */
const AT_ONCE = 500;

/** Whoever removed the app, or was erased, is neither recorded nor welcomed. */
export async function writeMembers(written: Written, members: readonly RosterMember[]): Promise<void> {
  const distinct = distinctMembers(members);
  for (let at = 0; at < distinct.length; at += AT_ONCE) {
    const part = await withoutRemoved(written.tx, distinct.slice(at, at + AT_ONCE));
    if (part.length > 0) {
      await writePart(written, part);
    }
  }
}

/** A roster that changes while it is read may name somebody twice. */
function distinctMembers(members: readonly RosterMember[]): readonly RosterMember[] {
  const seen = new Set<string>();
  return members.filter(({ profile: { aadObjectId, teamsUserId } }) => {
    const ids = [aadObjectId, teamsUserId].flatMap((id) => id ?? []);
    const isNew = !ids.some((id) => seen.has(id));
    for (const id of ids) {
      seen.add(id);
    }
    return isNew;
  });
}

/** A member, and the person that they are known as. */
interface Recognised {
  readonly role: string | null;
  /** Without a pairwise id that is somebody else's. */
  readonly profile: PersonProfile;
  readonly row: KnownMember | undefined;
}

async function writePart(written: Written, members: readonly RosterMember[]): Promise<void> {
  const { tx, reading, nowMs, voice, welcomesMembers } = written;
  const recognised = await recognise(written, members);
  const strangers = recognised.filter(({ row }) => row === undefined).map(({ profile }) => profile);
  const added = strangers.length === 0 ? [] : await tx.rosters.insertPeople(strangers, nowMs);
  for (const { profile, row } of recognised) {
    if (row && isNews(profile, row)) {
      await tx.people.refresh(row.id, profile, nowMs);
    }
  }
  const idOf = new Map(added.flatMap(({ id, ...ids }) => [ids.aadObjectId, ids.teamsUserId].map((name) => [name, id])));
  const saved = recognised.flatMap(({ role, profile, row }) => {
    const personId = row?.id ?? idOf.get(profile.aadObjectId ?? profile.teamsUserId ?? null);
    return personId === undefined ? [] : [{ personId, role }];
  });
  const personIds = saved.map(({ personId }) => personId);
  await tx.rosters.prepareChats(personIds, { ...reading, nowMs });
  await tx.rosters.saveMembers(reading.id, reading.reading, saved);
  if (welcomesMembers) {
    await queueWelcomes({ tx, personIds: added.map(({ id }) => id), nowMs, voice });
  }
}

/** The object id decides who somebody is; the pairwise id only of somebody of whom no other object id is known. */
async function recognise({ tx, reading }: Written, members: readonly RosterMember[]): Promise<readonly Recognised[]> {
  const rows = await tx.rosters.findKnown({
    tenantId: reading.tenantId,
    aadObjectIds: members.flatMap(({ profile }) => profile.aadObjectId ?? []),
    teamsUserIds: members.flatMap(({ profile }) => profile.teamsUserId ?? []),
  });
  const byObjectId = new Map(rows.map((row) => [row.aadObjectId, row]));
  const byUserId = new Map(rows.map((row) => [row.teamsUserId, row]));
  return members.map(({ profile, role = null }) => {
    const { teamsUserId, ...rest } = profile;
    const named = rest.aadObjectId === undefined ? undefined : byObjectId.get(rest.aadObjectId);
    const paired = teamsUserId === undefined ? undefined : byUserId.get(teamsUserId);
    const isSame = rest.aadObjectId === undefined || paired?.aadObjectId === null;
    const row = named ?? (isSame ? paired : undefined);
    const isTaken = paired !== undefined && paired.id !== row?.id;
    return { role, row, profile: isTaken ? rest : profile };
  });
}
