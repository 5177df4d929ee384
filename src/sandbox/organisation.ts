// Who and what there is in the sandbox, by all ids, and how it changes.

import {
  RESIDENTS,
  SANDBOX_TENANT_ID,
  type SandboxChannel,
  type SandboxGroupChat,
  type SandboxPerson,
  type SandboxTeam,
  syntheticPerson,
} from './residents.ts';

export { SANDBOX_TENANT_ID, type SandboxPerson, syntheticPerson } from './residents.ts';

const SYNTHETIC_KEY = /^(?:p|29:1p|a:1p|person|5e7e0000-0000-4000-8000-)(\d{1,12})(?:@contoso\.com)?$/;

/** What can be changed about somebody. */
export type PersonChange = Partial<Pick<SandboxPerson, 'locale' | 'timeZone' | 'role'>>;

/** Looks people up by every id that the Connector accepts. People of an index are derived, not stored. */
export class Organisation {
  readonly tenantId = SANDBOX_TENANT_ID;
  readonly groupChats: readonly SandboxGroupChat[] = RESIDENTS.groupChats;
  readonly #peopleCount: number;
  readonly #byId = new Map<string, SandboxPerson>();
  readonly #changes = new Map<string, PersonChange>();
  #people = RESIDENTS.people;
  #teams = RESIDENTS.teams;

  constructor(peopleCount: number) {
    this.#peopleCount = peopleCount;
    this.#indexPeople();
  }

  /** Those with a name of their own. */
  get people(): readonly SandboxPerson[] {
    return this.#people;
  }

  /** All but those that are gone for good. */
  get teams(): readonly SandboxTeam[] {
    return this.#teams;
  }

  get memberCount(): number {
    return this.people.length + this.#peopleCount;
  }

  /** @param id key, `29:` id, object id, UPN or the id of the 1:1 chat; object id and UPN in any letter case */
  findPerson(id: string): SandboxPerson | undefined {
    return this.#byId.get(id) ?? this.#byId.get(lowerUnlessOpaque(id)) ?? this.#findSynthetic(id);
  }

  /** @param name first name, full name or key, in any letter case */
  findByName(name: string): SandboxPerson | undefined {
    const wanted = name.toLowerCase();
    const isCalled = (person: SandboxPerson) =>
      [person.key, person.givenName, person.name].some((own) => own.toLowerCase() === wanted);
    return this.people.find(isCalled) ?? this.#findSynthetic(wanted.replace(/^person (?=\d)/, 'p'));
  }

  /** Members of the team in a fixed order, `start` inclusive, `end` exclusive. */
  members(start: number, end: number): SandboxPerson[] {
    const members: SandboxPerson[] = [];
    for (let at = Math.max(0, start); at < Math.min(end, this.memberCount); at++) {
      members.push(this.people[at] ?? this.#synthetic(at - this.people.length));
    }
    return members;
  }

  findTeam(idOrKey: string): SandboxTeam | undefined {
    return this.teams.find((team) => team.id === idOrKey || team.key === idOrKey);
  }

  findTeamOfChannel(channelId: string): SandboxTeam | undefined {
    return this.teams.find((team) => team.channels.some((channel) => channel.id === channelId));
  }

  /** @param place the team's key, `team/name` or `team/id`; the team alone stands for its General channel */
  findChannel(place: string): SandboxChannel | undefined {
    const [teamKey = '', channel] = place.split(/\/(.*)/s);
    const team = this.findTeam(teamKey);
    const wanted = channel?.toLowerCase() ?? team?.id;
    return team?.channels.find(({ id, name }) => id === wanted || id === channel || name.toLowerCase() === wanted);
  }

  findGroupChat(idOrKey: string): SandboxGroupChat | undefined {
    return this.groupChats.find((chat) => chat.id === idOrKey || chat.key === idOrKey);
  }

  /** From now on everything tells the person so. */
  changePerson({ key }: SandboxPerson, change: PersonChange): void {
    this.#changes.set(key, { ...this.#changes.get(key), ...change });
    this.#people = this.#people.map((person) => (person.key === key ? { ...person, ...change } : person));
    this.#indexPeople();
  }

  /** Takes the place of the team with the same id. */
  replaceTeam(team: SandboxTeam): void {
    this.#teams = this.#teams.map((other) => (other.id === team.id ? team : other));
  }

  removeTeam({ id }: SandboxTeam): void {
    this.#teams = this.#teams.filter((team) => team.id !== id);
  }

  #indexPeople(): void {
    for (const person of this.#people) {
      for (const id of idsOf(person)) {
        this.#byId.set(id, person);
      }
    }
  }

  #synthetic(index: number): SandboxPerson {
    const person = syntheticPerson(index);
    const change = this.#changes.get(person.key);
    return change ? { ...person, ...change } : person;
  }

  #findSynthetic(id: string): SandboxPerson | undefined {
    const digits = SYNTHETIC_KEY.exec(lowerUnlessOpaque(id))?.[1];
    const index = digits === undefined ? Number.POSITIVE_INFINITY : Number(digits);
    const person = index < this.#peopleCount ? this.#synthetic(index) : undefined;
    return person && idsOf(person).includes(lowerUnlessOpaque(id)) ? person : undefined;
  }
}

/** Pairwise and conversation ids are opaque, so their case counts. */
function lowerUnlessOpaque(id: string): string {
  return id.startsWith('29:') || id.startsWith('a:') ? id : id.toLowerCase();
}

function idsOf(person: SandboxPerson): string[] {
  return [person.key, person.teamsUserId, person.aadObjectId, person.email, person.conversationId];
}
