// Erasing a person on request, also one who has not removed the app.

import type { Clock } from '../domain/clock.ts';
import { personSubjects } from '../domain/installation-subject.ts';
import { failDialogs, forgetDialogs } from '../store/close-dialog.ts';
import { type EndedNotification, eraseContents } from '../store/erase-contents.ts';
import { type Forgotten, forgetMentions, forgetPerson, forgetTells } from '../store/forget-person.ts';
import { installationLock, NAMES_LOCK, PEOPLE_LOCK, RETENTION_LOCK } from '../store/locks.ts';
import type { Statements, Store } from '../store/store.ts';
import {
  type FoundPerson,
  findNamingHooks,
  findPerson,
  type KnownPerson,
  type NamingKey,
  type PersonQuery,
} from './find-person.ts';
import { eachPart } from './notification-parts.ts';
import type { ErasedCounts } from './person-answers.ts';

/** What erasing takes. */
export interface EraseDeps {
  readonly store: Store;
  readonly clock: Clock;
}

const REASON = 'person_erased';

/** What stands in a list of those who are allowed in the place of the name: it fits nobody, and no more is allowed than before. */
const NOBODY = '(erased)';

/** Contents that are overwritten in one transaction. */
const AT_ONCE = 20;

/**
 * Nothing more is sent to the person from the first transaction on; then what only they were told is erased, and at last
 * they themselves. Whatever breaks this off, calling it again ends it. The files themselves are for the caller to purge.
 *
 * @throws AppError `not_found`, also when it is done already; `ambiguous_person`
 */
export async function erasePerson(deps: EraseDeps, query: PersonQuery): Promise<ErasedCounts> {
  const { store } = deps;
  const found = await findPerson(store.read, query);
  const { person } = found;
  if (!person) {
    return store.write(async (tx) => ({ ...NOTHING, ...(await eraseNames(tx, found)) }));
  }
  const stopped = await store.write((tx) => stop(tx, person, deps.clock.nowMs()));
  const contents = await eraseOwnContents(deps, stopped.conversationIds);
  const erased = await store.write((tx) => forget(tx, { ...found, person }, deps.clock.nowMs()));
  return {
    ...erased,
    contents: contents + erased.contents,
    deliveriesEnded: stopped.deliveriesEnded + erased.deliveriesEnded,
  };
}

const NOTHING: ErasedCounts = {
  people: 0,
  installations: 0,
  conversations: 0,
  names: 0,
  contents: 0,
  deliveriesEnded: 0,
  apiKeys: 0,
  hooks: 0,
};

/** Of somebody who was only named. */
async function eraseNames(tx: Statements, found: FoundPerson) {
  const { nameKeys, mentions } = found;
  await tx.locks.take(NAMES_LOCK);
  const notificationIds = mentions.map(({ notificationId }) => notificationId);
  return { names: await forgetMentions(tx, { nameKeys, notificationIds }), ...(await eraseFromLimits(tx, found)) };
}

interface Stopped {
  readonly conversationIds: readonly number[];
  readonly deliveriesEnded: number;
}

async function stop(tx: Statements, person: KnownPerson, nowMs: number): Promise<Stopped> {
  if (!(await isStillThere(tx, person))) {
    return { conversationIds: [], deliveriesEnded: 0 };
  }
  await closeInstallations(tx, person, { nowMs, isLinked: true });
  await failDialogs(tx, { personId: person.id, reason: REASON, nowMs });
  const conversationIds = (await tx.personalData.listConversations(person.id)).map(({ id }) => id);
  let deliveriesEnded = 0;
  for (const conversationId of conversationIds) {
    deliveriesEnded += await tx.deliveries.failQueued(conversationId, REASON, nowMs);
  }
  return { conversationIds, deliveriesEnded };
}

/** Who has removed the app meanwhile is erased already, and the row id may be somebody else's now. */
async function isStillThere(tx: Statements, { id, tenantId, aadObjectId, teamsUserId }: KnownPerson): Promise<boolean> {
  const ids = { ...(aadObjectId !== null && { aadObjectId }), ...(teamsUserId !== null && { teamsUserId }) };
  return (await tx.people.findId({ tenantId, ...ids })) === id;
}

interface Closing {
  readonly nowMs: number;
  /** Whether they still lead to the person. */
  readonly isLinked: boolean;
}

/** Marks them as removed, so that late signs change nothing. @returns how many */
async function closeInstallations(tx: Statements, person: KnownPerson, { nowMs, isLinked }: Closing): Promise<number> {
  const { id: personId } = person;
  const installations = await tx.personalData.listInstallations(personId);
  for (const { tenantId, scope, digest } of installations) {
    await tx.locks.take(installationLock(digest));
    const current = await tx.installations.find(digest);
    if (current) {
      const changedAtMs = Math.max(current.changedAtMs, nowMs);
      const { generation, conversationId } = current;
      await tx.installations.save(
        { tenantId, scope, digest },
        { state: 'removed', changedAtMs, generation, isErased: true },
        { conversationId: isLinked ? conversationId : null, personId: isLinked ? personId : null, name: null },
      );
    }
  }
  await rememberErasure(tx, person, nowMs);
  return installations.length;
}

/** Whoever is named by a roster, or mentioned by either of their ids, is not to be made known by that again. */
async function rememberErasure(tx: Statements, person: KnownPerson, nowMs: number): Promise<void> {
  await tx.locks.share(PEOPLE_LOCK);
  const { tenantId, aadObjectId, teamsUserId } = person;
  const ids = { ...(aadObjectId !== null && { aadObjectId }), ...(teamsUserId !== null && { teamsUserId }) };
  for (const digest of personSubjects({ tenantId, ...ids })) {
    if (!(await tx.installations.find(digest))) {
      await tx.installations.save(
        { tenantId, scope: 'personal', digest },
        { state: 'removed', changedAtMs: nowMs, generation: 0, isErased: true },
        { conversationId: null, personId: null, name: null },
      );
    }
  }
}

async function eraseOwnContents(deps: EraseDeps, conversationIds: readonly number[]): Promise<number> {
  const { personalData, retention } = deps.store.read;
  let contents = 0;
  for (const conversationId of conversationIds) {
    contents += await eraseInTurn(deps, await personalData.listForNobodyElse(conversationId, undefined));
    // What comes before has been erased because of its age, or was passed over.
    for await (const part of eachPart(deps.store.read, await retention.getCursor())) {
      contents += await eraseInTurn(deps, await personalData.listForNobodyElse(conversationId, part));
    }
  }
  return contents;
}

/** @returns how many there were */
async function eraseInTurn({ store, clock }: EraseDeps, notificationIds: readonly number[]): Promise<number> {
  for (let at = 0; at < notificationIds.length; at += AT_ONCE) {
    const endedAtMs = clock.nowMs();
    await erase(
      store,
      notificationIds.slice(at, at + AT_ONCE).map((id) => ({ id, endedAtMs })),
    );
  }
  return notificationIds.length;
}

function erase(store: Store, notifications: readonly EndedNotification[]): Promise<void> {
  return store.write(async (tx) => {
    await tx.locks.take(RETENTION_LOCK);
    await eraseContents(tx, notifications);
  });
}

type Known = FoundPerson & { readonly person: KnownPerson };

async function forget(tx: Statements, found: Known, nowMs: number): Promise<ErasedCounts> {
  const { person, nameKeys } = found;
  const known = (await isStillThere(tx, person)) ? await forgetKnown(tx, person, nowMs) : NOTHING;
  await tx.locks.take(NAMES_LOCK);
  const mentions = await forgetMentions(tx, { nameKeys });
  return { ...known, names: known.names + mentions, ...(await eraseFromLimits(tx, found)) };
}

async function forgetKnown(tx: Statements, person: KnownPerson, nowMs: number): Promise<ErasedCounts> {
  const { id: personId } = person;
  const installations = await closeInstallations(tx, person, { nowMs, isLinked: false });
  const conversations = await tx.personalData.listConversations(personId);
  let sum: Forgotten = { deliveriesEnded: 0, names: 0 };
  for (const { id: conversationId } of conversations) {
    sum = add(sum, await forgetPerson(tx, { conversationId, personId: null, reason: REASON, nowMs }));
  }
  const told = await forgetTells(tx, personId, nowMs);
  await tx.polls.eraseVotes(personId);
  await forgetDialogs(tx, { personId, reason: REASON, nowMs });
  await tx.people.erase(personId);
  const deliveriesEnded = sum.deliveriesEnded + told.deliveriesEnded;
  const counts = { ...sum, deliveriesEnded, contents: told.contents, conversations: conversations.length };
  return { ...NOTHING, ...counts, people: 1, installations };
}

function add(left: Forgotten, right: Forgotten): Forgotten {
  return { deliveriesEnded: left.deliveriesEnded + right.deliveriesEnded, names: left.names + right.names };
}

/** @returns how many API keys and hooks have named the person */
async function eraseFromLimits(tx: Statements, found: FoundPerson): Promise<Pick<ErasedCounts, 'apiKeys' | 'hooks'>> {
  return { apiKeys: await eraseFromKeys(tx, found.keys), hooks: await eraseFromHooks(tx, found) };
}

/** An emptied list would mean everybody. @returns how many keys */
async function eraseFromKeys(tx: Statements, keys: readonly NamingKey[]): Promise<number> {
  for (const { keyId, recipients, names } of keys) {
    const left = recipients.map((text) => (names.includes(text) ? NOBODY : text));
    await tx.personalData.setKeyRecipients(keyId, left);
  }
  return keys.length;
}

/**
 * Reads them again: under the lock of names nobody changes them. A hook that was for nobody else is for nobody then.
 *
 * @returns how many hooks
 */
async function eraseFromHooks(tx: Statements, found: FoundPerson): Promise<number> {
  const hooks = await findNamingHooks(tx, found);
  for (const { id, settings, names } of hooks) {
    const { to, choosable } = settings;
    await tx.hooks.change(id, {
      settings: {
        ...settings,
        to: to.filter((text) => !names.includes(text)),
        // An emptied list would mean anybody.
        ...(choosable && { choosable: choosable.map((text) => (names.includes(text) ? NOBODY : text)) }),
      },
    });
  }
  return hooks.length;
}
