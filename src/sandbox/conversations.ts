// The conversations of the sandbox with the messages in them, and where the app is installed, blocked or disabled.

import type { Clock } from '../domain/clock.ts';
import { type ConversationKind, withoutThread } from '../domain/conversation.ts';
import type { Organisation } from './organisation.ts';
import type { SandboxPerson, SandboxTeam } from './residents.ts';

/** An activity on the wire, as it was sent. */
export type WireActivity = Readonly<Record<string, unknown>>;

export interface SandboxMessage {
  readonly id: string;
  /** `bot`, or the key of the person who wrote it. */
  readonly author: string;
  /** The activity as Teams keeps it; that of the last edit. */
  readonly activity: WireActivity;
  /** What single people see in its place, by their keys: answers to their own presses, until the next edit. */
  readonly views?: Readonly<Record<string, WireActivity>>;
  /** The keys of people by their reactions, `like` or another word of Teams. */
  readonly reactions?: Readonly<Record<string, readonly string[]>>;
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
  /** The channel, or its team, is deleted: to the Connector it is not there. */
  readonly isDeleted: boolean;
}

/** What one person thinks of a message. */
export interface Reaction {
  readonly personKey: string;
  /** As Teams says it: `like`, `heart` or another word. */
  readonly type: string;
  readonly isAdded: boolean;
}

interface Stored {
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
  readonly #opened = new Set<string>();
  readonly #blocked = new Set<string>();

  constructor(deps: { readonly organisation: Organisation; readonly clock: Clock }, maxMessages: number) {
    this.#organisation = deps.organisation;
    this.#clock = deps.clock;
    this.#maxMessages = maxMessages;
  }

  /** @param id with or without `;messageid=`; an unknown one gives undefined */
  find(id: string): SandboxConversation | undefined {
    const conversation = this.findKept(withoutThread(id));
    return conversation?.isDeleted ? undefined : conversation;
  }

  /** Also a deleted one, which may come back. */
  findKept(id: string): SandboxConversation | undefined {
    return describeConversation(this.#organisation, id);
  }

  isInstalled(conversation: SandboxConversation): boolean {
    return this.#installed.has(conversation.scopeId);
  }

  setInstalled(conversation: SandboxConversation, isInstalled: boolean): void {
    if (isInstalled) {
      this.#installed.add(conversation.scopeId);
    } else {
      this.#installed.delete(conversation.scopeId);
      this.#opened.delete(conversation.id);
    }
  }

  /** Whether the bot has opened this chat by itself. */
  isOpened(conversation: SandboxConversation): boolean {
    return this.#opened.has(conversation.id);
  }

  setOpened(conversation: SandboxConversation): void {
    this.#opened.add(conversation.id);
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
    return [...(this.#stored.get(conversation.id)?.messages.values() ?? [])];
  }

  findMessage(conversation: SandboxConversation, id: string): SandboxMessage | undefined {
    return this.#stored.get(conversation.id)?.messages.get(id);
  }

  /** Whether a message is what a thread begins with, or an answer in it. */
  isInThread(conversation: SandboxConversation, id: string, threadId: string): boolean {
    return id === threadId || this.findMessage(conversation, id)?.threadId === threadId;
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

  /** What everybody sees is new, also for those who saw something of their own. */
  edit(conversation: SandboxConversation, message: SandboxMessage, activity: WireActivity): SandboxMessage {
    const { views: _, ...base } = message;
    return this.#replace(conversation, { ...base, activity, editedAtMs: this.#clock.nowMs() });
  }

  /** One person sees something else in the message's place. */
  showTo(
    conversation: SandboxConversation,
    message: SandboxMessage,
    view: { readonly personKey: string; readonly activity: WireActivity },
  ): SandboxMessage {
    return this.#replace(conversation, { ...message, views: { ...message.views, [view.personKey]: view.activity } });
  }

  /** @returns undefined when it is so already */
  react(
    conversation: SandboxConversation,
    message: SandboxMessage,
    { personKey, type, isAdded }: Reaction,
  ): SandboxMessage | undefined {
    const before = message.reactions?.[type] ?? [];
    if (before.includes(personKey) === isAdded) {
      return undefined;
    }
    const after = isAdded ? [...before, personKey] : before.filter((key) => key !== personKey);
    return this.#replace(conversation, { ...message, reactions: { ...message.reactions, [type]: after } });
  }

  /** The content goes; that there was a message stays. */
  remove(conversation: SandboxConversation, message: SandboxMessage): SandboxMessage {
    const { views: _, ...base } = message;
    return this.#replace(conversation, { ...base, activity: {}, deletedAtMs: this.#clock.nowMs() });
  }

  #replace(conversation: SandboxConversation, message: SandboxMessage): SandboxMessage {
    this.#require(conversation).messages.set(message.id, message);
    return message;
  }

  #forgetOldest(stored: Stored): void {
    for (const id of stored.messages.keys()) {
      if (stored.messages.size <= this.#maxMessages) {
        return;
      }
      stored.messages.delete(id);
    }
  }

  #require({ id }: SandboxConversation): Stored {
    const stored = this.#stored.get(id) ?? { messages: new Map<string, SandboxMessage>(), lastIdMs: 0 };
    this.#stored.set(id, stored);
    return stored;
  }
}

/** Described anew each time, because people and places change. */
function describeConversation(organisation: Organisation, id: string): SandboxConversation | undefined {
  const person = id.startsWith('a:') ? organisation.findPerson(id) : undefined;
  if (person) {
    return { id, kind: 'personal', name: person.name, scopeId: id, person, isDeleted: false };
  }
  const team = organisation.findTeamOfChannel(id);
  const channel = team?.channels.find((candidate) => candidate.id === id);
  if (team && channel) {
    const isDeleted = channel.isDeleted || team.state === 'deleted';
    return { id, kind: 'channel', name: channel.name, scopeId: team.id, team, isDeleted };
  }
  const chat = organisation.findGroupChat(id);
  return chat?.id === id ? { id, kind: 'groupChat', name: chat.name, scopeId: id, isDeleted: false } : undefined;
}
