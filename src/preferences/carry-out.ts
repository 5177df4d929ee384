// What a command does, in the transaction in which it is heard.

import type { BotAnswer } from '../domain/bot-answer.ts';
import { assertNever } from '../domain/errors.ts';
import type { BotContent } from '../domain/notification.ts';
import type { Command } from './command.ts';
import { explainLatest, showInbox } from './look-back.ts';
import { muteByName, unmute } from './mute.ts';
import { setDigest, setQuietHours, showSettings, start, stop } from './settings.ts';
import type { Speaker } from './speaker.ts';
import { showTopics, subscribe, unsubscribe } from './subscribe.ts';

/** Whoever says it; without `personId` nobody whom the bot knows. */
export type Caller = Omit<Speaker, 'personId'> & {
  readonly personId: number | undefined;
  /** The producer of what the bot itself says. */
  readonly botProducerId: number;
};

/** @returns what to say */
export async function carryOut(caller: Caller, command: Command): Promise<BotContent> {
  if (command.kind === 'help') {
    return { kind: 'help' };
  }
  return { kind: 'answer', answer: await answerCommand(caller, command) };
}

async function answerCommand(caller: Caller, command: Exclude<Command, { kind: 'help' }>): Promise<BotAnswer> {
  const { personId } = caller;
  if (personId !== undefined) {
    return obey({ ...caller, personId }, command);
  }
  // Whoever asks to be forgotten is forgotten before they are heard.
  return command.kind === 'forget' && command.isConfirmed ? { kind: 'forgotten' } : { kind: 'unknownPerson' };
}

type Known = Caller & Speaker;

async function obey(speaker: Known, command: Exclude<Command, { kind: 'help' }>): Promise<BotAnswer> {
  switch (command.kind) {
    case 'topics':
      return showTopics(speaker);
    case 'subscribe':
      return subscribe(speaker, command.topic);
    case 'unsubscribe':
      return unsubscribe(speaker, command.topic);
    case 'mute':
      return muteByName(speaker, command.name, command.time);
    case 'unmute':
      return unmute(speaker, command.name);
    case 'quiet':
      return setQuietHours(speaker, command.quietHours);
    case 'digest':
      return setDigest(speaker, command.minute);
    case 'status':
      return showSettings(speaker);
    case 'stop':
      return stop(speaker);
    case 'start':
      return start(speaker);
    case 'why':
      return explainLatest(speaker, speaker.botProducerId);
    case 'inbox':
      return showInbox(speaker);
    case 'forget':
      return { kind: 'forgetConfirm' };
    default:
      return assertNever(command);
  }
}
