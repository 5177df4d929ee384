// Polls in the chat: asking one, and voting.

import type { InboundEvent } from '../domain/inbound-event.ts';
import type { BotContent } from '../domain/notification.ts';
import type { PressAnswer } from '../domain/press-answer.ts';
import type { Sealer } from '../domain/seal.ts';
import type { BotVoice } from '../store/queue-as-bot.ts';
import type { Pressed, Turn } from '../store/turn.ts';
import { askPoll } from './ask-poll.ts';
import { startsAsPoll } from './parse-poll.ts';
import { pressPoll } from './press-poll.ts';
import { createSharedResult } from './shared-result.ts';

type HeardMessage = Extract<InboundEvent, { kind: 'message' }>;

/** What people do about polls. */
export interface Polls {
  isPoll(event: HeardMessage): boolean;
  /** `poll` was written. @returns what to say at once */
  ask(turn: Turn & { readonly event: HeardMessage }): Promise<BotContent | undefined>;
  /** @returns undefined for what is of no poll */
  press(pressed: Pressed): Promise<PressAnswer | undefined>;
}

/** Under whose name people ask, and what keeps the secrets of anonymous polls. */
export interface PollParts extends BotVoice {
  readonly sealer: Sealer;
  /** IANA; where those are whose own zone nobody knows. */
  readonly defaultTimeZone: string;
}

/** Gives the answers. */
export function createPolls(parts: PollParts): Polls {
  const voting = { ...parts, readResult: createSharedResult() };
  return {
    isPoll: ({ text, value }) => value === undefined && startsAsPoll(text),
    async ask(turn) {
      const answer = await askPoll(parts, turn);
      return answer && { kind: 'answer', answer };
    },
    press: (turn) => pressPoll(voting, turn),
  };
}
