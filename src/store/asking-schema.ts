// The tables of what people are asked, as kysely sees them.

import type { Generated } from 'kysely';
import type { DialogState } from '../domain/dialog.ts';

/** `acknowledged`: somebody took note. `decided`: enough people chose one action. `closed`: recalled or resolved. */
export type AskState = 'open' | 'acknowledged' | 'decided' | 'closed';

/** A notification that asks something; what it asks is part of its content. */
export interface AskTable {
  notification_id: number;
  state: AskState;
  decided_action: string | null;
  /** How long after it was sent, and after each reminder, it is reminded of; null for never. */
  remind_ms: number | null;
  /** When to remind next; null when there is nothing to remind of. */
  remind_at_ms: number | null;
  /** How many times it was reminded of. */
  reminders: Generated<number>;
  /** The last conversation that was looked at in the time that is under way; 0 when none is. */
  remind_cursor: Generated<number>;
  /** JSON of forms of `to`; null where nobody else is asked. */
  escalate_to: string | null;
  /** When they are asked; null when there is nothing to escalate, or it was. */
  escalate_at_ms: number | null;
  escalated_at_ms: number | null;
  /** When its cards are to show the answers next; null when they do. */
  edit_due_at_ms: number | null;
  /** When some of its cards were edited last, and when all were. */
  edited_at_ms: Generated<number>;
  shown_at_ms: Generated<number>;
}

/** What one person chose. */
export interface ResponseTable {
  id: Generated<number>;
  notification_id: number;
  /** Null once their data was erased. */
  person_id: number | null;
  action: string;
  /** JSON of what they entered; null where nothing was. */
  input: string | null;
  responded_at_ms: number;
  /** Where it was pressed: the card there shows it first. */
  conversation_id: number | null;
  /** Whether that card was made to show it. */
  is_shown: Generated<number>;
}

/** A message that reminds people of what a notification asks; each time it may take several for many people. */
export interface ReminderTable {
  notification_id: number;
  /** The notification that asks. */
  ask_id: number;
  /** Which time it was, from 1. */
  number: number;
}

/** Who got a notification because nobody else had answered it. */
export interface EscalationTable {
  notification_id: number;
  conversation_id: number;
}

/** A reaction to a message of the bot. */
export interface ReactionTable {
  delivery_id: number;
  person_id: number;
  /** As Teams says it. */
  type: string;
  reacted_at_ms: number;
}

export interface PollTable {
  id: Generated<number>;
  public_id: string;
  producer_id: number;
  /** Who asked in a chat; null when a system did, or their data was erased. */
  asker_person_id: number | null;
  /** The message with the question. */
  notification_id: number;
  /** The message to the asker with the results; null where there is none. */
  result_id: number | null;
  /** JSON of Poll. */
  poll: string;
  /** Of an anonymous poll, sealed: it makes the keys of ballots, and goes when the poll closes. */
  secret: string | null;
  /** JSON of PollResult, as it was when the poll closed; null while it is open. */
  result: string | null;
  created_at_ms: number;
  closes_at_ms: number | null;
  closed_at_ms: number | null;
  edit_due_at_ms: number | null;
  edited_at_ms: Generated<number>;
}

/** What somebody chose. Those of an anonymous poll go when it closes: its result stays. */
export interface BallotTable {
  poll_id: number;
  ballot_key: string;
  /** JSON of the numbers of the choices, from 0. */
  choices: string;
}

/** Who has voted. */
export interface PollVoterTable {
  poll_id: number;
  person_id: number;
  /** Null in an anonymous poll. */
  ballot_key: string | null;
}

/** A conversation that the bot begins with one person. */
export interface DialogTable {
  id: Generated<number>;
  public_id: string;
  producer_id: number;
  /** Null once their data was erased. */
  person_id: number | null;
  conversation_id: number;
  /** JSON of DialogDefinition, as it was when the dialog began. */
  definition: string;
  state: DialogState;
  reason: string | null;
  /** Of the question that waits for its answer; null when none does. */
  question_id: string | null;
  /** JSON of where it stands. */
  progress: string;
  /** JSON: from the id of a question to its answer. */
  answers: string;
  created_at_ms: number;
  /** Of one that waits because its person wants no messages now: when it is judged again; else null. */
  begins_at_ms: number | null;
  begun_at_ms: number | null;
  expires_at_ms: number;
  ended_at_ms: number | null;
  /** The notification that asks the newest question; null before there is one. */
  asked_id: number | null;
  /** Whether it is not known yet what has become of that. */
  is_outgoing: Generated<number>;
}

/** A survey that is begun by its name. */
export interface DialogDefinitionTable {
  id: Generated<number>;
  producer_id: number;
  name: string;
  /** JSON as its author wrote it. */
  definition: string;
  updated_at_ms: number;
}

/** The request that began a dialog; its unique key decides which of several was first. */
export interface DialogRequestTable {
  producer_id: number;
  key: string;
  request_sha256: Uint8Array;
  dialog_id: number;
}

/** All of them by name. */
export interface AskingTables {
  ask: AskTable;
  response: ResponseTable;
  reminder: ReminderTable;
  escalation: EscalationTable;
  reaction: ReactionTable;
  poll: PollTable;
  ballot: BallotTable;
  poll_voter: PollVoterTable;
  dialog: DialogTable;
  dialog_definition: DialogDefinitionTable;
  dialog_request: DialogRequestTable;
}
