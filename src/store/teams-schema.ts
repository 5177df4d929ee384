// The tables of teams, topics and what people say for themselves, as kysely sees them.

import type { Generated } from 'kysely';

/** `archived` and `deleted` may come back; nothing is posted meanwhile. */
export type PlaceState = 'active' | 'archived' | 'deleted';

/** A team or a group chat that the bot was added to, and how far the reading of its members has come. */
export interface RosterTable {
  id: Generated<number>;
  tenant_id: string;
  scope: 'team' | 'groupChat';
  /** `19:...`; of a team it is also that of its General channel. */
  teams_id: string;
  /** Of the Microsoft 365 group of a team, lower case. */
  aad_group_id: string | null;
  name: string | null;
  state: PlaceState;
  /** Teams' own timestamp of the event that decided the state. */
  state_at_ms: Generated<number>;
  /** The General channel, or the group chat. */
  conversation_id: number;
  /** As Teams told it last. */
  member_count: number | null;
  /** Where the bot is still to say that it has come; null when that was said, or is not to be said. */
  greeting_conversation_id: number | null;
  /** The number of the reading that is under way or was the last, from 1; 0 before the first. */
  reading: Generated<number>;
  /** Where the reading under way goes on, empty at its beginning; null while none is under way. */
  continuation: string | null;
  /** When a reading came to its end. */
  read_at_ms: number | null;
  /** Whether somebody came or left during the reading under way, so that it is read once more. */
  is_stale: Generated<number>;
  /** When the next page is to be asked for; null when there is nothing to ask. */
  due_at_ms: number | null;
  /** Failures in a row. */
  attempts: Generated<number>;
}

/** A channel of a team; the General one is not among them. */
export interface ChannelTable {
  id: Generated<number>;
  roster_id: number;
  teams_id: string;
  name: string | null;
  state: Exclude<PlaceState, 'archived'>;
  state_at_ms: Generated<number>;
  conversation_id: number;
}

/** Somebody in a team or group chat. */
export interface RosterMemberTable {
  roster_id: number;
  person_id: number;
  /** The last reading that saw them. */
  reading: number;
  /** As Teams says it: `user`, `guest`, `anonymous`. */
  role: string | null;
}

/** What a person has said; no row while they have said nothing. */
export interface PreferenceTable {
  person_id: number;
  /** JSON of Preferences. */
  settings: string;
  updated_at_ms: number;
}

/** Something that people subscribe to. */
export interface TopicTable {
  id: Generated<number>;
  /** Lower case. */
  name: string;
  description: string;
  created_at_ms: number;
  updated_at_ms: number;
}

/** Somebody who wants to hear of a topic. */
export interface SubscriptionTable {
  topic_id: number;
  person_id: number;
  subscribed_at_ms: number;
}

/** Something that somebody asked the bot to tell others, until it was answered what became of it. */
export interface TellTable {
  id: Generated<number>;
  /** Null once their data was erased. */
  sender_person_id: number | null;
  notification_id: number;
  /** Where the answer goes: the thread, or the group chat. */
  conversation_id: number;
  /** JSON of ToldPerson[]: whom it names; `[]` once the answer is forgotten. */
  people: string;
  told_at_ms: number;
  answered_at_ms: number | null;
  /** The answer, until it is forgotten. */
  answer_notification_id: number | null;
}
