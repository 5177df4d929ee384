// What people do in Teams: install and remove the app, write to the bot, press buttons, block it.

import { randomUUID } from 'node:crypto';
import type { Clock } from '../domain/clock.ts';
import { AppError } from '../domain/errors.ts';
import {
  type ActivityFrame,
  type ActivityOccasion,
  cardExecute,
  cardSubmit,
  installationUpdate,
  membersUpdate,
  mergeInputs,
  textMessage,
} from './activities.ts';
import { attachmentsOf } from './activity-check.ts';
import type { ActivityResult, ActivitySender } from './activity-sender.ts';
import { type CardAction, findCardAction } from './card-actions.ts';
import type { Conversations, SandboxConversation, SandboxMessage } from './conversations.ts';
import type { SandboxEvents } from './events.ts';
import { isRecord, member, parseJsonObject } from './exchange.ts';
import type { Organisation, SandboxPerson } from './organisation.ts';

/** A press on a card button. */
export interface ButtonPress {
  readonly messageId: string;
  /** The button's id or title, or `@n` for the n-th one from 0. */
  readonly action: string;
  /** What was entered into the card, by the ids of the inputs. */
  readonly inputs?: Readonly<Record<string, unknown>>;
}

/** The world in which people act. */
export interface PeopleActionsDeps {
  readonly clock: Clock;
  readonly conversations: Conversations;
  readonly events: SandboxEvents;
  readonly frame: ActivityFrame;
  readonly organisation: Organisation;
  readonly sender: ActivitySender;
}

/** People, teams and group chats are named by their keys: `ana`, `operations`, `on-call`. */
export class PeopleActions {
  readonly #deps: PeopleActionsDeps;

  constructor(deps: PeopleActionsDeps) {
    this.#deps = deps;
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
    this.#setInstalled(this.#findPlace(place), true);
  }

  block(personKey: string, isBlocked: boolean): void {
    const { conversations, events } = this.#deps;
    const conversation = this.#findPlace(personKey);
    conversations.setBlocked(conversation, isBlocked);
    events.emit({ kind: isBlocked ? 'block' : 'unblock', conversationId: conversation.id });
  }

  /** Writes to the bot in the 1:1 chat. */
  async write(personKey: string, text: string): Promise<ActivityResult> {
    const { frame, sender } = this.#deps;
    const occasion = this.#occasion(this.#requireInstalled(personKey));
    const activity = textMessage(frame, occasion, text);
    this.#keep(occasion, { type: 'message', text, textFormat: 'plain' });
    return sender.send(activity);
  }

  /** @throws AppError `not_found` when there is no such message or button */
  async press(personKey: string, press: ButtonPress): Promise<ActivityResult> {
    const occasion = this.#occasion(this.#requireInstalled(personKey));
    const message = this.#deps.conversations.findMessage(occasion.conversation, press.messageId);
    const action = message && findCardAction(message.activity, press.action);
    if (!action) {
      throw new AppError('not_found', 'No message of this chat has such a button');
    }
    switch (action['type']) {
      case 'Action.Submit':
        return this.#submit(occasion, message, { action, inputs: press.inputs ?? {} });
      case 'Action.Execute':
        return this.#execute(occasion, message, { action, inputs: press.inputs ?? {} });
      default:
        throw new AppError('invalid_request', 'Only Action.Submit and Action.Execute reach the bot');
    }
  }

  #setInstalled(conversation: SandboxConversation, isInstalled: boolean): void {
    this.#deps.conversations.setInstalled(conversation, isInstalled);
    this.#deps.events.emit({ kind: isInstalled ? 'install' : 'uninstall', conversationId: conversation.id });
  }

  async #changeInstallation(place: string, isInstalled: boolean): Promise<ActivityResult> {
    const { frame, sender } = this.#deps;
    const conversation = this.#findPlace(place);
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

  #submit(
    occasion: ActivityOccasion,
    message: SandboxMessage,
    pressed: { readonly action: CardAction; readonly inputs: Readonly<Record<string, unknown>> },
  ): Promise<ActivityResult> {
    const { frame, sender } = this.#deps;
    const data = pressed.action['data'];
    const msteams = member(data, 'msteams');
    const kind = member(msteams, 'type');
    if (kind === 'imBack') {
      return this.write(occasion.person.key, String(member(msteams, 'value')));
    }
    if (kind !== 'messageBack') {
      const value = mergeInputs(data, pressed.inputs);
      return sender.send(cardSubmit(frame, occasion, { replyToId: message.id, value }));
    }
    const displayText = member(msteams, 'displayText');
    if (typeof displayText === 'string' && displayText !== '') {
      this.#keep(occasion, { type: 'message', text: displayText, textFormat: 'plain' });
    }
    const text = member(msteams, 'text');
    const value = isRecord(member(msteams, 'value'))
      ? mergeInputs(member(msteams, 'value'), pressed.inputs)
      : member(msteams, 'value');
    return sender.send(
      cardSubmit(frame, occasion, { replyToId: message.id, value, ...(typeof text === 'string' && { text }) }),
    );
  }

  async #execute(
    occasion: ActivityOccasion,
    message: SandboxMessage,
    pressed: { readonly action: CardAction; readonly inputs: Readonly<Record<string, unknown>> },
  ): Promise<ActivityResult> {
    const { id = '', verb = '', data } = pressed.action;
    const action = { type: 'Action.Execute', id, verb, data: mergeInputs(data, pressed.inputs) };
    const invoke = cardExecute(
      this.#deps.frame,
      { ...occasion, id: `f:${randomUUID()}` },
      { replyToId: message.id, action },
    );
    const result = await this.#deps.sender.invoke(invoke);
    this.#applyAnswer(occasion.conversation, message, parseJsonObject(result.body ?? ''));
    return result;
  }

  #applyAnswer(
    conversation: SandboxConversation,
    message: SandboxMessage,
    answer: Readonly<Record<string, unknown>> | undefined,
  ): void {
    const { conversations, events } = this.#deps;
    const current = conversations.findMessage(conversation, message.id);
    if (answer?.['type'] === 'application/vnd.microsoft.card.adaptive' && current && isRecord(answer['value'])) {
      const edited = conversations.edit(conversation, current, withCard(current, answer['value']));
      events.emit({ kind: 'edit', conversationId: conversation.id, message: edited });
      return;
    }
    const isText = answer?.['type'] === 'application/vnd.microsoft.activity.message';
    const text = isText ? answer['value'] : member(answer?.['value'], 'message');
    const notice = typeof text === 'string' ? text : 'Something went wrong. Please try again.';
    events.emit({ kind: 'notice', conversationId: conversation.id, text: notice });
  }

  #keep(occasion: ActivityOccasion, activity: SandboxMessage['activity']): void {
    const { conversations, events } = this.#deps;
    const { conversation, person, id } = occasion;
    const message = conversations.post(conversation, { id, author: person.key, activity });
    events.emit({ kind: 'message', conversationId: conversation.id, message });
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
    const conversation = this.#findPlace(personKey);
    if (!conversation.person || !conversations.isInstalled(conversation) || conversations.isBlocked(conversation)) {
      throw new AppError('forbidden', 'This person has not installed the bot, or has blocked it');
    }
    return conversation;
  }

  /** @param place the key of a person, a team or a group chat */
  #findPlace(place: string): SandboxConversation {
    const { conversations, organisation } = this.#deps;
    const id =
      organisation.findPerson(place)?.conversationId ??
      organisation.findTeam(place)?.id ??
      organisation.findGroupChat(place)?.id;
    const conversation = id === undefined ? undefined : conversations.find(id);
    if (!conversation) {
      throw new AppError('not_found', 'There is no such person, team or group chat in the sandbox');
    }
    return conversation;
  }
}

function withCard(message: SandboxMessage, card: unknown): SandboxMessage['activity'] {
  const [first, ...rest] = attachmentsOf(message.activity);
  return { ...message.activity, attachments: [{ ...(isRecord(first) ? first : {}), content: card }, ...rest] };
}

function firstPerson(organisation: Organisation): SandboxPerson {
  const [person] = organisation.people;
  if (!person) {
    throw new AppError('internal', 'The organisation has nobody in it');
  }
  return person;
}
