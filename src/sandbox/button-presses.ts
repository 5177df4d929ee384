// What a press on a card button sends to the bot, and what its answer changes.

import { randomUUID } from 'node:crypto';
import { AppError } from '../domain/errors.ts';
import { type ActivityOccasion, cardExecute, cardSubmit, type Executed, mergeInputs } from './activities.ts';
import { attachmentsOf } from './activity-check.ts';
import type { ActivityResult } from './activity-sender.ts';
import { type CardAction, findCardAction } from './card-actions.ts';
import type { SandboxMessage } from './conversations.ts';
import { isRecord, member, parseJsonObject } from './exchange.ts';
import { escapeHtml } from './mentions.ts';
import type { Writing, WritingDeps } from './writing.ts';

/** A press on a card button. */
export interface ButtonPress {
  readonly messageId: string;
  /** The button's id or title, or `@n` for the n-th one from 0. */
  readonly action: string;
  /** What was entered into the card, by the ids of the inputs. */
  readonly inputs?: Readonly<Record<string, unknown>>;
}

interface Pressed {
  readonly message: SandboxMessage;
  readonly action: CardAction;
  readonly inputs: Readonly<Record<string, unknown>>;
}

type InvokeAnswer = Readonly<Record<string, unknown>> | undefined;

/** Presses as the person of the occasion; who may press there is decided before. */
export class ButtonPresses {
  readonly #deps: WritingDeps;
  readonly #writing: Writing;

  constructor(deps: WritingDeps, writing: Writing) {
    this.#deps = deps;
    this.#writing = writing;
  }

  /** @throws AppError `not_found` when there is no such message or button */
  async press(occasion: ActivityOccasion, press: ButtonPress): Promise<ActivityResult> {
    const message = this.#deps.conversations.findMessage(occasion.conversation, press.messageId);
    const action = message && findCardAction(seenBy(message, occasion.person.key), press.action);
    if (!action) {
      throw new AppError('not_found', 'No message of this chat has such a button');
    }
    const isThreaded = occasion.conversation.kind === 'channel';
    const where = { ...occasion, ...(isThreaded && { threadId: message.threadId ?? message.id }) };
    const pressed = { message, action, inputs: press.inputs ?? {} };
    switch (action['type']) {
      case 'Action.Submit':
        return this.#submit(where, pressed);
      case 'Action.Execute':
        return this.#execute(where, pressed);
      default:
        throw new AppError('invalid_request', 'Only Action.Submit and Action.Execute reach the bot');
    }
  }

  async #submit(occasion: ActivityOccasion, { message, action, inputs }: Pressed): Promise<ActivityResult> {
    const { frame, sender } = this.#deps;
    const data = action['data'];
    const msteams = member(data, 'msteams');
    const kind = member(msteams, 'type');
    if (kind === 'imBack') {
      return this.#writeBack(occasion, String(member(msteams, 'value')));
    }
    if (kind !== 'messageBack') {
      const value = mergeInputs(data, inputs);
      return sender.send(cardSubmit(frame, occasion, { replyToId: message.id, value }));
    }
    const displayText = member(msteams, 'displayText');
    if (typeof displayText === 'string' && displayText !== '') {
      this.#writing.keep(occasion, { text: displayText, html: escapeHtml(displayText), mentions: [] });
    }
    const text = member(msteams, 'text');
    const back = member(msteams, 'value');
    const value = isRecord(back) ? mergeInputs(back, inputs) : back;
    return sender.send(
      cardSubmit(frame, occasion, { replyToId: message.id, value, ...(typeof text === 'string' && { text }) }),
    );
  }

  /** Teams mentions the bot for the person, so that it hears the text in channels and group chats too. */
  async #writeBack(occasion: ActivityOccasion, text: string): Promise<ActivityResult> {
    if (occasion.conversation.kind === 'personal') {
      return this.#writing.write(occasion, text);
    }
    const said = await this.#writing.say(occasion, { text: `@${this.#deps.frame.botName} ${text}`, mentions: [] });
    return said.answer ?? { result: 'undelivered', status: 0 };
  }

  /** The client of somebody whom a card names fetches what they are to see of it; they notice nothing else. */
  async refresh(occasion: ActivityOccasion, message: SandboxMessage, action: CardAction): Promise<void> {
    const { answer } = await this.#invoke(occasion, { message, action, inputs: {} }, 'automatic');
    this.#showCard(occasion, message.id, answer);
  }

  async #execute(occasion: ActivityOccasion, pressed: Pressed): Promise<ActivityResult> {
    const { result, answer } = await this.#invoke(occasion, pressed, 'manual');
    if (!this.#showCard(occasion, pressed.message.id, answer)) {
      this.#showNotice(occasion, answer);
    }
    return result;
  }

  async #invoke(
    occasion: ActivityOccasion,
    { message, action, inputs }: Pressed,
    trigger: Executed['trigger'],
  ): Promise<{ readonly result: ActivityResult; readonly answer: InvokeAnswer }> {
    const { id = '', verb = '', data } = action;
    const executed = { type: 'Action.Execute', id, verb, data: mergeInputs(data, inputs) };
    const invoke = cardExecute(
      this.#deps.frame,
      { ...occasion, id: `f:${randomUUID()}` },
      { replyToId: message.id, action: executed, trigger },
    );
    const result = await this.#deps.sender.invoke(invoke);
    return { result, answer: parseJsonObject(result.body ?? '') };
  }

  /** @returns whether the answer is a card that has taken the place of the message's */
  #showCard({ conversation, person }: ActivityOccasion, messageId: string, answer: InvokeAnswer): boolean {
    const { conversations, events } = this.#deps;
    const current = conversations.findMessage(conversation, messageId);
    const card = answer?.['type'] === 'application/vnd.microsoft.card.adaptive' ? answer['value'] : undefined;
    if (!current || !isRecord(card)) {
      return false;
    }
    const activity = withCard(seenBy(current, person.key), card);
    const isShared = conversation.kind !== 'personal';
    const edited = isShared
      ? conversations.showTo(conversation, current, { personKey: person.key, activity })
      : conversations.edit(conversation, current, activity);
    events.emit({ kind: isShared ? 'view' : 'edit', conversationId: conversation.id, message: edited });
    return true;
  }

  #showNotice({ conversation, person }: ActivityOccasion, answer: InvokeAnswer): void {
    const isText = answer?.['type'] === 'application/vnd.microsoft.activity.message';
    const text = isText ? answer['value'] : member(answer?.['value'], 'message');
    const notice = typeof text === 'string' ? text : 'Something went wrong. Please try again.';
    this.#deps.events.emit({ kind: 'notice', conversationId: conversation.id, personKey: person.key, text: notice });
  }
}

/** The activity as this person sees it: the answer to an own press, until the message is edited for everybody. */
function seenBy(message: SandboxMessage, personKey: string): SandboxMessage['activity'] {
  return message.views?.[personKey] ?? message.activity;
}

function withCard(activity: SandboxMessage['activity'], card: unknown): SandboxMessage['activity'] {
  const [first, ...rest] = attachmentsOf(activity);
  return { ...activity, attachments: [{ ...(isRecord(first) ? first : {}), content: card }, ...rest] };
}
