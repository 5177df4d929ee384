// Everything that people write and press gets a useful answer.

import type { BotAnswer } from '../domain/bot-answer.ts';
import type { BotContent } from '../domain/notification.ts';
import { PRESS_VERB, type SayPress } from '../domain/press.ts';
import type { PressAnswer } from '../domain/press-answer.ts';
import type { Turn } from '../store/turn.ts';
import { type Caller, carryOut } from './carry-out.ts';
import { parseCommand } from './parse-command.ts';
import { parsePress } from './parse-press.ts';
import { answerMenu } from './press.ts';

/** What was written, or what a pressed `Action.Submit` carried. */
export interface Spoken extends Turn {
  readonly event: { readonly text: string; readonly value?: unknown };
}

/** A pressed `Action.Execute`. */
export interface Pressed extends Turn {
  readonly event: { readonly verb: string; readonly data: unknown };
}

/** How people are answered. */
export interface Conversation {
  hear(spoken: Spoken): Promise<BotContent | undefined>;
  press(pressed: Pressed): Promise<PressAnswer>;
}

/** What answering takes. */
export interface ConversationOptions {
  /** The producer of what the bot itself says. */
  readonly botProducerId: number;
  /** IANA; where those are whose own zone nobody knows. */
  readonly defaultTimeZone: string;
  /** Queues a message of the bot in the place where somebody spoke. */
  say(turn: Turn, content: BotContent): Promise<void>;
}

const RETIRED = { kind: 'retiredButton' } as const;

/** Gives the answers to what people write and press. Who they are is told by Teams, and never by what a button carries. */
export function createConversation(options: ConversationOptions): Conversation {
  const callerOf = ({ tx, nowMs, personId }: Turn): Caller => ({ tx, nowMs, personId, ...options });
  return {
    async hear(spoken) {
      const { text, value } = spoken.event;
      const caller = callerOf(spoken);
      if (value === undefined) {
        return answerText(caller, text);
      }
      const press = parsePress(value);
      return press ? answerPress(caller, press) : RETIRED;
    },
    async press(pressed) {
      const press = pressed.event.verb === PRESS_VERB ? parsePress(pressed.event.data) : undefined;
      if (!press) {
        return RETIRED;
      }
      const content = await answerPress(callerOf(pressed), press);
      if (content.kind === 'retiredButton') {
        return RETIRED;
      }
      if (content.kind === 'answer' && !isOfMenu(press)) {
        return { kind: 'card', answer: content.answer };
      }
      if (content.kind === 'answer' && press.bellhop !== 'command') {
        return { kind: 'sentence', answer: content.answer };
      }
      await options.say(pressed, content);
      return { kind: 'sentence', answer: { kind: 'seeBelow' } };
    },
  };
}

/** Whether it was pressed on a notification, which stays as it is. */
function isOfMenu(press: SayPress): boolean {
  return press.bellhop !== 'command' || press.notification !== undefined;
}

async function answerText(caller: Caller, text: string): Promise<BotContent> {
  const reading = parseCommand(text);
  switch (reading.kind) {
    case 'command':
      return carryOut(caller, reading.command);
    case 'answer':
      return { kind: 'answer', answer: reading.answer };
    case 'confused':
      return { kind: 'help', isConfused: true };
  }
}

async function answerPress(caller: Caller, press: SayPress): Promise<BotContent> {
  if (press.bellhop === 'command') {
    // The bot's own buttons carry what it understands; help is always meant.
    const content = await answerText(caller, press.text);
    return content.kind === 'help' && content.isConfused ? RETIRED : content;
  }
  const { personId } = caller;
  const answer: BotAnswer =
    personId === undefined ? { kind: 'unknownPerson' } : await answerMenu({ ...caller, personId }, press);
  return { kind: 'answer', answer };
}
