// Who is meant by a name, and by which other names they are known.

import { AppError } from '../domain/errors.ts';
import { isPerson, nameKey, parseRecipient } from '../domain/recipient.ts';
import type { PersonRecipient } from '../store/statements/people.ts';
import type { AddressedHook, LimitedKey } from '../store/statements/personal-data.ts';
import type { Statements } from '../store/store.ts';

/** Whose data is meant. */
export interface PersonQuery {
  readonly recipient: PersonRecipient;
  /** In this tenant only; in any when absent. */
  readonly tenantId?: string | undefined;
}

/** All that is known of a person. */
export type KnownPerson = Awaited<ReturnType<Statements['personalData']['listPeople']>>[number];

/** Where producers have named somebody and not reached them. */
export type Mention = Awaited<ReturnType<Statements['personalData']['listMentions']>>[number];

/** An API key that may send to the person, who is one of few. */
export interface NamingKey extends LimitedKey {
  /** Its entries that name the person. */
  readonly names: readonly string[];
}

/** A hook that is for the person, or whose sender may choose them. */
export interface NamingHook extends AddressedHook {
  /** What its settings call the person, each once. */
  readonly names: readonly string[];
}

/** Somebody of whom something is held. */
export interface FoundPerson {
  /** Undefined when Teams never told of them, and producers have only named them. */
  readonly person: KnownPerson | undefined;
  /** Every form in which they can be named, as `nameKey()` gives it. */
  readonly nameKeys: readonly string[];
  readonly mentions: readonly Mention[];
  readonly keys: readonly NamingKey[];
  readonly hooks: readonly NamingHook[];
  /** Producers of this tenant alone have named them, as far as this is about; of any tenant when undefined. */
  readonly producersOf: string | undefined;
}

/** @throws AppError `ambiguous_person` with their number when the name fits several; `not_found` when nothing is held */
export async function findPerson(statements: Statements, query: PersonQuery): Promise<FoundPerson> {
  const { recipient, tenantId } = query;
  const people = await statements.personalData.listPeople(recipient, tenantId);
  if (people.length > 1) {
    throw new AppError(
      'ambiguous_person',
      `Expected a name that one person has; ${people.length} have it. Use "aad:<Entra object id>", and the tenant`,
      { details: { candidates: people.length } },
    );
  }
  const [person] = people;
  const nameKeys = person ? await statements.people.listNameKeys(person.id) : [nameKey(recipient)];
  // A name alone belongs to no tenant; what producers of the tenant wrote does.
  const producersOf = person ? undefined : tenantId;
  const mentions = await statements.personalData.listMentions(nameKeys, producersOf);
  const keys = namingKeys(await statements.personalData.listLimitedKeys(producersOf), nameKeys);
  const hooks = await findNamingHooks(statements, { nameKeys, producersOf });
  if (!person && mentions.length + keys.length + hooks.length === 0) {
    throw new AppError('not_found', 'Nothing is held about a person of this name');
  }
  return { person, nameKeys, mentions, keys, hooks, producersOf };
}

/** As they are now. */
export async function findNamingHooks(
  { personalData }: Statements,
  { nameKeys, producersOf }: Pick<FoundPerson, 'nameKeys' | 'producersOf'>,
): Promise<readonly NamingHook[]> {
  const hooks = await personalData.listAddressedHooks(producersOf);
  return hooks.flatMap((hook) => {
    const { to, choosable = [] } = hook.settings;
    const names = [...new Set([...to, ...choosable])].filter((text) => isNameOf(text, nameKeys));
    return names.length > 0 ? [{ ...hook, names }] : [];
  });
}

function namingKeys(keys: readonly LimitedKey[], nameKeys: readonly string[]): readonly NamingKey[] {
  return keys.flatMap((key) => {
    const names = key.recipients.filter((text) => isNameOf(text, nameKeys));
    return names.length > 0 ? [{ ...key, names }] : [];
  });
}

function isNameOf(text: string, nameKeys: readonly string[]): boolean {
  const recipient = parseRecipient(text);
  return recipient !== undefined && isPerson(recipient) && nameKeys.includes(nameKey(recipient));
}
