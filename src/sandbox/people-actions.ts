// What people do in Teams: install and remove the app, write, press buttons, block the bot.

import { randomUUID } from 'node:crypto';
import { AppError } from '../domain/errors.ts';
import {
  type ActivityOccasion,
  installationUpdate,
  membersUpdate,
  messageReaction,
  readReceipt,
} from './activities.ts';
import type { ActivityResult } from './activity-sender.ts';
import { type ButtonPress, ButtonPresses } from './button-presses.ts';
import { refreshCards } from './card-refresh.ts';
import type { SandboxConversation } from './conversations.ts';
import type { Organisation, PersonChange } from './organisation.ts';
import { hasBot } from './reach.ts';
import type { SandboxPerson } from './residents.ts';
import { type Saying, Writing, type WritingDeps, type WrittenMessage } from './writing.ts';

/** Something that somebody says in a place, as a new thread or, in a channel, in one that is there. */
export interface PlacedSaying extends Saying {
  /** The key of the person. */
  readonly person: string;
  /** The id of the thread's root message. */
  readonly threadId?: string | undefined;
}

/** A reaction that somebody puts on a message or takes away. */
export interface Reacting {
  readonly messageId: string;
  /** The key of the person, in a channel or a group chat. */
  readonly person?: string | undefined;
  /** As Teams says it: `like`, `heart` or another word. */
  readonly type: string;
  /** True when absent. */
  readonly isAdded?: boolean;
}

/**
 * People, teams and group chats are named by their keys: `ana`, `operations`, `on-call`. A channel is named after its
 * team, `operations/Incidents`; the team alone stands for its General channel.
 */
export class PeopleActions {
  readonly #deps: WritingDeps;
  readonly #writing: Writing;
  readonly #presses: ButtonPresses;

  constructor(deps: WritingDeps) {
    this.#deps = deps;
    this.#writing = new Writing(deps);
    this.#presses = new ButtonPresses(deps, this.#writing);
    refreshCards({ ...deps, presses: this.#presses });
  }

  /** Installs the app in a person's chat, a team or a group chat, and tells the bot. */
  install(place: string): Promise<ActivityResult> {
    return this.#changeInstallation(place, true);
  }

  uninstall(place: string): Promise<ActivityResult> {
    return this.#changeInstallation(place, false);
  }

  /** Installs without telling the bot: for those who test one half only. */
  installQuietly(place: string): void {
    this.#setInstalled(this.find(place), true);
  }

  block(personKey: string, isBlocked: boolean): void {
    const { conversations, events } = this.#deps;
    const conversation = this.find(personKey);
    conversations.setBlocked(conversation, isBlocked);
    events.emit({ kind: isBlocked ? 'block' : 'unblock', conversationId: conversation.id });
  }

  /** From the next activity on; whether the language and the time zone exist is the bot's concern. */
  change(personKey: string, change: PersonChange): void {
    const { events, organisation } = this.#deps;
    const person = organisation.findPerson(personKey);
    if (person?.key !== personKey) {
      throw new AppError('not_found', 'There is no such person in the sandbox');
    }
    organisation.changePerson(person, change);
    events.emit({ kind: 'change', conversationId: person.conversationId });
  }

  /** Writes to the bot in the 1:1 chat. */
  async write(personKey: string, text: string): Promise<ActivityResult> {
    return this.#writing.write(this.#occasion(this.#requireInstalled(personKey)), text);
  }

  /** Writes in a channel or a group chat. The message stays there; the bot hears it when it is mentioned. */
  async say(place: string, saying: PlacedSaying): Promise<WrittenMessage> {
    const occasion = this.#sharedOccasion(place, saying.person);
    return this.#writing.say({ ...occasion, ...this.#placeInThread(occasion, saying.threadId) }, saying);
  }

  /** @throws AppError `not_found` when there is no such message or button */
  async press(personKey: string, press: ButtonPress): Promise<ActivityResult> {
    return this.#presses.press(this.#occasion(this.#requireInstalled(personKey)), press);
  }

  /** Presses a button of a message in a channel or a group chat, as one of its people. */
  async pressIn(place: string, press: ButtonPress & { readonly person: string }): Promise<ActivityResult> {
    const occasion = this.#sharedOccasion(place, press.person);
    if (!this.#deps.conversations.isInstalled(occasion.conversation)) {
      throw new AppError('forbidden', 'The bot is not in this channel or group chat');
    }
    return this.#presses.press(occasion, press);
  }

  /** Reads the 1:1 chat up to a message, its last one when absent. Teams tells it where people let it. */
  async read(personKey: string, messageId?: string): Promise<ActivityResult> {
    const conversation = this.#requireInstalled(personKey);
    const { conversations, frame, sender } = this.#deps;
    const last = messageId ?? conversations.messages(conversation).at(-1)?.id;
    if (last === undefined || !conversations.findMessage(conversation, last)) {
      throw new AppError('not_found', 'There is no such message in this chat');
    }
    return sender.send(readReceipt(frame, this.#eventOccasion(conversation), last));
  }

  /** Puts a reaction on a message, or takes it away; `person` is needed in a channel or a group chat. */
  async react(place: string, { messageId, person, type, isAdded = true }: Reacting): Promise<ActivityResult> {
    const { conversations, events, frame, sender } = this.#deps;
    const occasion =
      person === undefined ? this.#occasion(this.#requireInstalled(place)) : this.#sharedOccasion(place, person);
    const { conversation } = occasion;
    const message = conversations.findMessage(conversation, messageId);
    const isThere = message !== undefined && message.deletedAtMs === undefined;
    const personKey = occasion.person.key;
    const changed = isThere && conversations.react(conversation, message, { personKey, type, isAdded });
    if (!changed) {
      throw new AppError('not_found', 'There is no such message, or the reaction is so already');
    }
    events.emit({ kind: 'reaction', conversationId: conversation.id, message: changed });
    const where = conversation.kind === 'channel' ? { threadId: message.threadId ?? message.id } : {};
    const reaction = { replyToId: messageId, type, isAdded };
    return sender.send(messageReaction(frame, { ...occasion, ...where, id: `f:${randomUUID()}` }, reaction));
  }

  /**
   * The conversation that a place names.
   * @throws AppError `not_found`
   */
  find(place: string): SandboxConversation {
    const { conversations, organisation } = this.#deps;
    const id =
      organisation.findPerson(place)?.conversationId ??
      organisation.findChannel(place)?.id ??
      organisation.findGroupChat(place)?.id;
    const conversation = id === undefined ? undefined : conversations.find(id);
    if (!conversation) {
      throw new AppError('not_found', 'There is no such person, team, channel or group chat in the sandbox');
    }
    return conversation;
  }

  #setInstalled(conversation: SandboxConversation, isInstalled: boolean): void {
    this.#deps.conversations.setInstalled(conversation, isInstalled);
    this.#deps.events.emit({ kind: isInstalled ? 'install' : 'uninstall', conversationId: conversation.id });
  }

  async #changeInstallation(place: string, isInstalled: boolean): Promise<ActivityResult> {
    const { frame, sender } = this.#deps;
    const conversation = this.find(place);
    this.#setInstalled(conversation, isInstalled);
    const update = sender.send(
      installationUpdate(frame, this.#eventOccasion(conversation), isInstalled ? 'add' : 'remove'),
    );
    if (isInstalled || conversation.kind !== 'personal') {
      const change = isInstalled ? 'membersAdded' : 'membersRemoved';
      await sender.send(membersUpdate(frame, this.#eventOccasion(conversation), change));
    }
    return update;
  }

  /** A message of a channel belongs to a thread, its own when it begins one. */
  #placeInThread({ id, conversation }: ActivityOccasion, threadId: string | undefined): { threadId?: string } {
    if (conversation.kind !== 'channel') {
      if (threadId !== undefined) {
        throw new AppError('invalid_request', 'Only channels have threads');
      }
      return {};
    }
    const root = threadId === undefined ? undefined : this.#deps.conversations.findMessage(conversation, threadId);
    if (threadId !== undefined && (!root || root.threadId !== undefined)) {
      throw new AppError('not_found', 'There is no such thread in this channel');
    }
    return { threadId: threadId ?? id };
  }

  #sharedOccasion(place: string, personKey: string): ActivityOccasion {
    const { memberships, organisation } = this.#deps;
    const conversation = this.find(place);
    const person = organisation.findPerson(personKey);
    if (conversation.kind === 'personal' || !person) {
      throw new AppError('not_found', 'There is no such channel, group chat or person in the sandbox');
    }
    if (conversation.team?.state === 'archived' || !memberships.isMember(conversation.scopeId, person)) {
      throw new AppError('forbidden', 'The team is archived, or this person is not a member');
    }
    return { ...this.#occasion(conversation), person };
  }

  #occasion(conversation: SandboxConversation): ActivityOccasion {
    return { ...this.#eventOccasion(conversation), id: this.#deps.conversations.takeId(conversation) };
  }

  /** What happens in a team or a group chat is done by the first person of the organisation. */
  #eventOccasion(conversation: SandboxConversation): ActivityOccasion {
    const person = conversation.person ?? firstPerson(this.#deps.organisation);
    return { id: `f:${randomUUID()}`, atMs: this.#deps.clock.nowMs(), person, conversation };
  }

  #requireInstalled(personKey: string): SandboxConversation {
    const { conversations } = this.#deps;
    const conversation = this.find(personKey);
    if (!conversation.person || !hasBot(this.#deps, conversation) || conversations.isBlocked(conversation)) {
      throw new AppError('forbidden', 'This person has not installed the bot, or has blocked it');
    }
    return conversation;
  }
}

function firstPerson(organisation: Organisation): SandboxPerson {
  const [person] = organisation.people;
  if (!person) {
    throw new AppError('internal', 'The organisation has nobody in it');
  }
  return person;
}
