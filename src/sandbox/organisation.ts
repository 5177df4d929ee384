// The small organisation that lives in the sandbox: its people, its team and its group chat. All ids are fixed.

/** One person, as the bot gets to know them. `key` names the person in the control API. */
export interface SandboxPerson {
  readonly key: string;
  readonly name: string;
  readonly givenName: string;
  readonly surname: string;
  readonly email: string;
  readonly aadObjectId: string;
  readonly teamsUserId: string;
  readonly locale: string;
  readonly country: string;
  readonly timeZone: string;
  /** The 1:1 chat with the bot: the same person always has the same one. */
  readonly conversationId: string;
}

/** A channel of a team, `19:...@thread.tacv2`. */
export interface SandboxChannel {
  readonly id: string;
  readonly name: string;
}

export interface SandboxTeam {
  readonly key: string;
  /** Also the id of its General channel. */
  readonly id: string;
  readonly name: string;
  readonly aadGroupId: string;
  readonly channels: readonly SandboxChannel[];
}

/** A chat of several people, `19:...@thread.v2`. */
export interface SandboxGroupChat {
  readonly key: string;
  readonly id: string;
  readonly name: string;
}

export const SANDBOX_TENANT_ID = '5b0c2e1a-7d34-4f6e-9a51-c0ffee000001';

const ANA: SandboxPerson = {
  key: 'ana',
  name: 'Ana Torres',
  givenName: 'Ana',
  surname: 'Torres',
  email: 'ana@contoso.com',
  aadObjectId: 'a0a0a0a0-1111-4111-8111-000000000001',
  teamsUserId: '29:1bQ3vZ7kAna0d5XwLr8TnYhEo2McUfGs',
  locale: 'en-US',
  country: 'US',
  timeZone: 'America/New_York',
  conversationId: 'a:1mT9xKc4Ana7WqZb2RfVyUj6HdPn8LsGe',
};

const BEN: SandboxPerson = {
  key: 'ben',
  name: 'Ben Albrecht',
  givenName: 'Ben',
  surname: 'Albrecht',
  email: 'ben@contoso.com',
  aadObjectId: 'b0b0b0b0-2222-4222-8222-000000000002',
  teamsUserId: '29:1eH6pJ2sBen9u4NtKx7CwRzVg1YmQaFd',
  locale: 'de-DE',
  country: 'DE',
  timeZone: 'Europe/Berlin',
  conversationId: 'a:1oL5nXw8Ben3KvTc6YhDsEz9QfJr1MuPb',
};

const CHLOE: SandboxPerson = {
  key: 'chloe',
  name: 'Chloé Martin',
  givenName: 'Chloé',
  surname: 'Martin',
  email: 'chloe@contoso.com',
  aadObjectId: 'c0c0c0c0-3333-4333-8333-000000000003',
  teamsUserId: '29:1tD8rF4gChl2i7PbLz5WnXyMk0VsJeHc',
  locale: 'fr-FR',
  country: 'FR',
  timeZone: 'Europe/Paris',
  conversationId: 'a:1uS2jBv6Chl8GpRx4ZkTwNq7LdMf3YcHa',
};

const OPERATIONS: SandboxTeam = {
  key: 'operations',
  id: '19:0p5e7a1f3c9d4b6e8a2c1d0f5e7b9a3c@thread.tacv2',
  name: 'Operations',
  aadGroupId: 'd0d0d0d0-4444-4444-8444-000000000004',
  channels: [
    { id: '19:0p5e7a1f3c9d4b6e8a2c1d0f5e7b9a3c@thread.tacv2', name: 'General' },
    { id: '19:1nc1d3e5a7b9c2d4f6e8a0b1c3d5e7f9@thread.tacv2', name: 'Incidents' },
  ],
};

const ON_CALL: SandboxGroupChat = {
  key: 'on-call',
  id: '19:0ca110ca11d2e4f6a8b0c2d4e6f8a0b2@thread.v2',
  name: 'On-call',
};

const SYNTHETIC_KEY = /^(?:p|29:1p|a:1p|person|5e7e0000-0000-4000-8000-)(\d{1,12})(?:@contoso\.com)?$/;

/** Looks people up by every id that the Connector accepts. People of an index are derived, not stored. */
export class Organisation {
  readonly tenantId = SANDBOX_TENANT_ID;
  readonly people: readonly SandboxPerson[] = [ANA, BEN, CHLOE];
  readonly teams: readonly SandboxTeam[] = [OPERATIONS];
  readonly groupChats: readonly SandboxGroupChat[] = [ON_CALL];
  readonly #peopleCount: number;
  readonly #byId = new Map<string, SandboxPerson>();

  constructor(peopleCount: number) {
    this.#peopleCount = peopleCount;
    for (const person of this.people) {
      for (const id of [person.key, person.teamsUserId, person.aadObjectId, person.email, person.conversationId]) {
        this.#byId.set(id, person);
      }
    }
  }

  get memberCount(): number {
    return this.people.length + this.#peopleCount;
  }

  /** @param id key, `29:` id, object id, UPN or the id of the 1:1 chat; object id and UPN in any letter case */
  findPerson(id: string): SandboxPerson | undefined {
    return this.#byId.get(id) ?? this.#byId.get(lowerUnlessOpaque(id)) ?? this.#findSynthetic(id);
  }

  /** Members of the team in a fixed order, `start` inclusive, `end` exclusive. */
  members(start: number, end: number): SandboxPerson[] {
    const members: SandboxPerson[] = [];
    for (let at = Math.max(0, start); at < Math.min(end, this.memberCount); at++) {
      members.push(this.people[at] ?? syntheticPerson(at - this.people.length));
    }
    return members;
  }

  findTeam(idOrKey: string): SandboxTeam | undefined {
    return this.teams.find((team) => team.id === idOrKey || team.key === idOrKey);
  }

  findTeamOfChannel(channelId: string): SandboxTeam | undefined {
    return this.teams.find((team) => team.channels.some((channel) => channel.id === channelId));
  }

  findGroupChat(idOrKey: string): SandboxGroupChat | undefined {
    return this.groupChats.find((chat) => chat.id === idOrKey || chat.key === idOrKey);
  }

  #findSynthetic(id: string): SandboxPerson | undefined {
    const digits = SYNTHETIC_KEY.exec(lowerUnlessOpaque(id))?.[1];
    const index = digits === undefined ? Number.POSITIVE_INFINITY : Number(digits);
    const person = index < this.#peopleCount ? syntheticPerson(index) : undefined;
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

/** The person of an index from 0 on: `p0` with `person0@contoso.com`, and so on. Pure. */
export function syntheticPerson(index: number): SandboxPerson {
  return {
    key: `p${index}`,
    name: `Person ${index}`,
    givenName: 'Person',
    surname: String(index),
    email: `person${index}@contoso.com`,
    aadObjectId: `5e7e0000-0000-4000-8000-${String(index).padStart(12, '0')}`,
    teamsUserId: `29:1p${index}`,
    locale: 'en-US',
    country: 'US',
    timeZone: 'Etc/UTC',
    conversationId: `a:1p${index}`,
  };
}
