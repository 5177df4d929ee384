// The small organisation with which the sandbox begins: people, a team and a group chat. All ids are fixed.

export const PERSON_ROLES = ['user', 'guest', 'anonymous'] as const;
export type PersonRole = (typeof PERSON_ROLES)[number];

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
  /** Anonymous people have no account: neither object id nor address is told of them. */
  readonly role: PersonRole;
  /** The 1:1 chat with the bot: the same person always has the same one. */
  readonly conversationId: string;
}

/** A channel of a team, `19:...@thread.tacv2`. */
export interface SandboxChannel {
  readonly id: string;
  readonly name: string;
  /** Until it is restored. */
  readonly isDeleted: boolean;
}

/** `archived`: it can be read, and nothing can be written. */
export type TeamState = 'active' | 'archived' | 'deleted';

/** A team with its channels; everybody is a member until somebody leaves. */
export interface SandboxTeam {
  readonly key: string;
  /** Also the id of its General channel. */
  readonly id: string;
  readonly name: string;
  readonly aadGroupId: string;
  readonly state: TeamState;
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
  role: 'user',
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
  role: 'user',
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
  role: 'user',
  conversationId: 'a:1uS2jBv6Chl8GpRx4ZkTwNq7LdMf3YcHa',
};

const OPERATIONS: SandboxTeam = {
  key: 'operations',
  id: '19:0p5e7a1f3c9d4b6e8a2c1d0f5e7b9a3c@thread.tacv2',
  name: 'Operations',
  aadGroupId: 'd0d0d0d0-4444-4444-8444-000000000004',
  state: 'active',
  channels: [
    { id: '19:0p5e7a1f3c9d4b6e8a2c1d0f5e7b9a3c@thread.tacv2', name: 'General', isDeleted: false },
    { id: '19:1nc1d3e5a7b9c2d4f6e8a0b1c3d5e7f9@thread.tacv2', name: 'Incidents', isDeleted: false },
  ],
};

const ON_CALL: SandboxGroupChat = {
  key: 'on-call',
  id: '19:0ca110ca11d2e4f6a8b0c2d4e6f8a0b2@thread.v2',
  name: 'On-call',
};

/** Who and what is there at the beginning. */
export const RESIDENTS: {
  readonly people: readonly SandboxPerson[];
  readonly teams: readonly SandboxTeam[];
  readonly groupChats: readonly SandboxGroupChat[];
} = { people: [ANA, BEN, CHLOE], teams: [OPERATIONS], groupChats: [ON_CALL] };

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
    role: 'user',
    conversationId: `a:1p${index}`,
  };
}
