// Who answers what people write and press: every room its own, the first that is meant.

import { createAsks } from '../asks/answer-ask.ts';
import { createNotice } from '../asks/notice.ts';
import { createDialogs, type ReadsAsCommand } from '../dialogs/answer-dialog.ts';
import type { DialogRunner } from '../dialogs/dialog-runner.ts';
import type { BotContent } from '../domain/notification.ts';
import { isAskPress, PRESS_VERB } from '../domain/press.ts';
import type { PressAnswer } from '../domain/press-answer.ts';
import type { Sealer } from '../domain/seal.ts';
import { queueBotMessage } from '../installations/bot-messages.ts';
import type { Converse } from '../installations/converse.ts';
import { createPolls } from '../polls/answer-poll.ts';
import { createConversation } from '../preferences/converse.ts';
import { parseCommand } from '../preferences/parse-command.ts';
import type { BotVoice } from '../store/queue-as-bot.ts';
import { createTells } from '../tells/tell.ts';

/** Who asks, and where those are whose time zone nobody knows. */
export interface AnsweringOptions {
  readonly voice: BotVoice;
  /** Keeps what must not be read from the database alone. */
  readonly sealer: Sealer;
  readonly dialogRunner: DialogRunner;
  /** IANA. */
  readonly defaultTimeZone: string;
  /** Whether it is written down who has read what. */
  readonly recordsReads: boolean;
}

/** Gives all of them as one. */
export function createAnswering(options: AnsweringOptions): Converse {
  const { voice, sealer, defaultTimeZone, dialogRunner, recordsReads } = options;
  const conversation = createConversation({
    botProducerId: voice.producerId,
    defaultTimeZone,
    say: (turn, content) => queueBotMessage({ ...turn, voice, content }),
  });
  const tells = createTells(voice);
  const asks = createAsks();
  const polls = createPolls({ ...voice, sealer, defaultTimeZone });
  const dialogs = createDialogs({
    voice: { ...voice, defaultTimeZone },
    runner: dialogRunner,
    readsAsCommand: (event) => (polls.isPoll(event) ? 'naming' : readAsCommand(event.text)),
  });
  /** @returns undefined for what no room of these has asked */
  const press = async (turn: Parameters<typeof asks.press>[0]): Promise<PressAnswer | undefined> =>
    (await asks.press(turn)) ?? (await polls.press(turn)) ?? (await dialogs.press(turn));
  return {
    async hear(heard) {
      const { value } = heard.event;
      if (isAskPress(value)) {
        return asMessage((await press({ ...heard, data: value })) ?? RETIRED);
      }
      if (tells.isTell(heard.event)) {
        return tells.tell(heard);
      }
      // Before polls: what begins with their word may be the answer to a question.
      if (await dialogs.hear(heard)) {
        return undefined;
      }
      return polls.isPoll(heard.event) ? polls.ask(heard) : conversation.hear(heard);
    },
    async press(heard) {
      const { verb, data } = heard.event;
      return verb === PRESS_VERB && isAskPress(data)
        ? ((await press({ ...heard, data })) ?? RETIRED)
        : conversation.press(heard);
    },
    notice: createNotice({ recordsReads }),
  };
}

const RETIRED = { kind: 'retiredButton' } as const;

/** A word like `help` is a command alone; behind `mute` or `subscribe` comes a name, which could be the end of a sentence. */
function readAsCommand(text: string): ReturnType<ReadsAsCommand> {
  const reading = parseCommand(text);
  if (reading.kind !== 'command') {
    return undefined;
  }
  const { kind } = reading.command;
  const isNaming = kind === 'subscribe' || kind === 'unsubscribe' || kind === 'mute' || kind === 'unmute';
  return isNaming ? 'naming' : 'alone';
}

/** Of a client that does not know `Action.Execute`: the answer comes as a message of its own. */
function asMessage(answer: PressAnswer): BotContent | undefined {
  switch (answer.kind) {
    case 'retiredButton':
      return RETIRED;
    case 'sentence':
    case 'card':
      // What there is to see comes as a message anyway.
      return answer.answer.kind === 'seeBelow' ? undefined : { kind: 'answer', answer: answer.answer };
    // The message in the chat is edited.
    case 'poll':
    case 'ask':
    // What comes next is queued already.
    case 'answered':
      return undefined;
    case 'question':
      return { kind: 'question', view: answer.view };
  }
}
