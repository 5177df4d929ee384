// The conversations of the sandbox with the messages in them, and where the app is installed, blocked or disabled.

import type { Clock } from '../domain/clock.ts';
import { type ConversationKind, withoutThread } from '../domain/conversation.ts';
import type { Organisation, SandboxPerson, SandboxTeam } from './organisation.ts';

/** An activity on the wire, as it was sent. */
export type WireActivity = Readonly<Record<string, unknown>>;

export interface SandboxMessage {
  readonly id: string;
  /** `bot`, or the key of the person who wrote it. */
  readonly author: string;
  /** The activity as Teams keeps it; that of the last edit. */
  readonly activity: WireActivity;
  readonly postedAtMs: number;
  readonly editedAtMs?: number;
  readonly deletedAtMs?: number;
  /** The root message of the channel thread it belongs to. */
  readonly threadId?: string;
}

export interface SandboxConversation {
  /** Without a thread. */
  readonly id: string;
  readonly kind: ConversationKind;
  readonly name: string;
  /** What installing the app covers: this chat, or the whole team. */
  readonly scopeId: string;
  readonly person?: SandboxPerson;
  readonly team?: SandboxTeam;
}

interface Stored {
  readonly conversation: SandboxConversation;
  readonly messages: Map<string, SandboxMessage>;
  lastIdMs: number;
}

interface NewMessage {
  /** From `takeId`; a new one when absent. */
  readonly id?: string;
  readonly author: string;
  readonly activity: WireActivity;
  readonly threadId?: string;
}

/** All conversations of the organisation, each made when it is first looked for. */
export class Conversations {
  /** Set by an administrator of the tenant: the bot may not send anywhere. */
  isBotDisabled = false;
  readonly #organisation: Organisation;
  readonly #clock: Clock;
  readonly #maxMessages: number;
  readonly #stored = new Map<string, Stored>();
  readonly #installed = new Set<string>();
  readonly #blocked = new Set<string>();

  constructor(deps: { readonly organisation: Organisation; readonly clock: Clock }, maxMessages: number) {
    this.#organisation = deps.organisation;
    this.#clock = deps.clock;
    this.#maxMessages = maxMessages;
  }

  /** @param id with or without `;messageid=`; an unknown one gives undefined */
  find(id: string): SandboxConversation | undefined {
    return this.#open(withoutThread(id))?.conversation;
  }

  isInstalled(conversation: SandboxConversation): boolean {
    return this.#installed.has(conversation.scopeId);
  }

  setInstalled(conversation: SandboxConversation, isInstalled: boolean): void {
    if (isInstalled) {
      this.#installed.add(conversation.scopeId);
    } else {
      this.#installed.delete(conversation.scopeId);
    }
  }

  isBlocked(conversation: SandboxConversation): boolean {
    return this.#blocked.has(conversation.id);
  }

  setBlocked(conversation: SandboxConversation, isBlocked: boolean): void {
    if (isBlocked) {
      this.#blocked.add(conversation.id);
    } else {
      this.#blocked.delete(conversation.id);
    }
  }

  /** Every message kept, deleted ones included, oldest first. */
  messages(conversation: SandboxConversation): SandboxMessage[] {
    return [...(this.#open(conversation.id)?.messages.values() ?? [])];
  }

  findMessage(conversation: SandboxConversation, id: string): SandboxMessage | undefined {
    return this.#open(conversation.id)?.messages.get(id);
  }

  /** Ids of messages are the instant in epoch milliseconds, moved on where two would be equal. */
  takeId(conversation: SandboxConversation): string {
    const stored = this.#require(conversation);
    stored.lastIdMs = Math.max(this.#clock.nowMs(), stored.lastIdMs + 1);
    return String(stored.lastIdMs);
  }

  post(conversation: SandboxConversation, message: NewMessage): SandboxMessage {
    const stored = this.#require(conversation);
    const posted = { ...message, id: message.id ?? this.takeId(conversation), postedAtMs: this.#clock.nowMs() };
    stored.messages.set(posted.id, posted);
    this.#forgetOldest(stored);
    return posted;
  }

  edit(conversation: SandboxConversation, message: SandboxMessage, activity: WireActivity): SandboxMessage {
    const edited = { ...message, activity, editedAtMs: this.#clock.nowMs() };
    this.#require(conversation).messages.set(message.id, edited);
    return edited;
  }

  /** The content goes; that there was a message stays. */
  remove(conversation: SandboxConversation, message: SandboxMessage): SandboxMessage {
    const removed = { ...message, activity: {}, deletedAtMs: this.#clock.nowMs() };
    this.#require(conversation).messages.set(message.id, removed);
    return removed;
  }

  #forgetOldest(stored: Stored): void {
    for (const id of stored.messages.keys()) {
      if (stored.messages.size <= this.#maxMessages) {
        return;
      }
      stored.messages.delete(id);
    }
  }

  #require(conversation: SandboxConversation): Stored {
    return this.#stored.get(conversation.id) ?? this.#keep(conversation);
  }

  #open(id: string): Stored | undefined {
    const stored = this.#stored.get(id);
    if (stored) {
      return stored;
    }
    const conversation = describeConversation(this.#organisation, id);
    return conversation && this.#keep(conversation);
  }

  #keep(conversation: SandboxConversation): Stored {
    const stored = { conversation, messages: new Map<string, SandboxMessage>(), lastIdMs: 0 };
    this.#stored.set(conversation.id, stored);
    return stored;
  }
}

function describeConversation(organisation: Organisation, id: string): SandboxConversation | undefined {
  const person = id.startsWith('a:') ? organisation.findPerson(id) : undefined;
  if (person) {
    return { id, kind: 'personal', name: person.name, scopeId: id, person };
  }
  const team = organisation.findTeamOfChannel(id);
  const channel = team?.channels.find((candidate) => candidate.id === id);
  if (team && channel) {
    return { id, kind: 'channel', name: channel.name, scopeId: team.id, team };
  }
  const chat = organisation.findGroupChat(id);
  return chat?.id === id ? { id, kind: 'groupChat', name: chat.name, scopeId: id } : undefined;
}
