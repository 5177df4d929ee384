// Who belongs to a team or a group chat: at first everybody to a team, and those with a name to a group chat.

import type { Organisation } from './organisation.ts';
import type { SandboxPerson } from './residents.ts';

/** Some of the members, and where the next ones begin. */
export interface MembersPage {
  readonly people: readonly SandboxPerson[];
  /** Absent after the last one. */
  readonly next?: number;
}

/** Remembers only who left and who came: there may be a hundred thousand members. */
export class Memberships {
  readonly #organisation: Organisation;
  readonly #left = new Map<string, Set<string>>();
  readonly #joined = new Map<string, Set<string>>();

  constructor(organisation: Organisation) {
    this.#organisation = organisation;
  }

  /** @param scopeId the id of the team or the group chat */
  isMember(scopeId: string, { key }: SandboxPerson): boolean {
    return this.#isFirstMember(scopeId, key)
      ? !this.#left.get(scopeId)?.has(key)
      : (this.#joined.get(scopeId)?.has(key) ?? false);
  }

  add(scopeId: string, { key }: SandboxPerson): void {
    if (this.#isFirstMember(scopeId, key)) {
      this.#left.get(scopeId)?.delete(key);
    } else {
      this.#joined.set(scopeId, new Set(this.#joined.get(scopeId)).add(key));
    }
  }

  remove(scopeId: string, { key }: SandboxPerson): void {
    if (this.#isFirstMember(scopeId, key)) {
      this.#left.set(scopeId, new Set(this.#left.get(scopeId)).add(key));
    } else {
      this.#joined.get(scopeId)?.delete(key);
    }
  }

  count(scopeId: string): number {
    return this.#firstCount(scopeId) - (this.#left.get(scopeId)?.size ?? 0) + (this.#joined.get(scopeId)?.size ?? 0);
  }

  /**
   * Members in a fixed order. Who comes or leaves between two pages moves nobody else to another page.
   * @param start 0, or where the page before said that this one begins
   */
  page(scopeId: string, start: number, size: number): MembersPage {
    const people: SandboxPerson[] = [];
    const end = this.#firstCount(scopeId);
    let at = Math.max(0, start);
    for (; at < end && people.length < size; at++) {
      people.push(...this.#organisation.members(at, at + 1).filter((person) => this.isMember(scopeId, person)));
    }
    while (at < end && !this.#organisation.members(at, at + 1).some((person) => this.isMember(scopeId, person))) {
      at++;
    }
    return at < end ? { people, next: at } : { people: [...people, ...this.#joinedTo(scopeId)] };
  }

  /** Those members who have a name of their own, and those who were added. */
  named(scopeId: string): readonly SandboxPerson[] {
    const named = this.#organisation.people.filter((person) => this.isMember(scopeId, person));
    return [...named, ...this.#joinedTo(scopeId)];
  }

  #joinedTo(scopeId: string): readonly SandboxPerson[] {
    const keys = [...(this.#joined.get(scopeId) ?? [])];
    return keys.flatMap((key) => this.#organisation.findPerson(key) ?? []);
  }

  #firstCount(scopeId: string): number {
    const { groupChats, people, memberCount } = this.#organisation;
    return groupChats.some(({ id }) => id === scopeId) ? people.length : memberCount;
  }

  #isFirstMember(scopeId: string, key: string): boolean {
    const { groupChats, people } = this.#organisation;
    return !groupChats.some(({ id }) => id === scopeId) || people.some((person) => person.key === key);
  }
}
