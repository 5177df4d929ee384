// What the bot's own buttons carry. It comes back through the client of a person, so it is read like a request.

/** The verb of every `Action.Execute` of the bot. */
export const PRESS_VERB = 'bellhop';

/** How long "mute this" lasts. */
export const MUTE_SPANS = ['1h', 'today', 'always'] as const;
export type MuteSpan = (typeof MUTE_SPANS)[number];

/**
 * `command`: as if its text had been written; the answer takes the place of the pressed card, or comes as a message of its
 * own where the card is a notification, which stays. The others are of the menu of a notification, which is named by its
 * public id: whether it is theirs is asked of the store, because anybody can send any data.
 */
export type SayPress =
  | { readonly bellhop: 'command'; readonly text: string; readonly notification?: string }
  | { readonly bellhop: 'why'; readonly notification: string }
  | {
      readonly bellhop: 'mute';
      readonly notification: string;
      readonly what: 'source' | 'key';
      readonly for: MuteSpan;
    };

/** What people are asked. */
export type AskPress =
  /** To acknowledge, or to choose an action; what was entered comes beside it under `INPUT_ID`. */
  | { readonly bellhop: 'respond'; readonly notification: string; readonly action: string }
  /** `choice`: from 0; absent where several may be chosen, which come under `INPUT_ID`. */
  | { readonly bellhop: 'vote'; readonly poll: string; readonly choice?: number }
  | { readonly bellhop: 'closePoll'; readonly poll: string }
  /** Sent by the client itself, for the card as this one person is to see it. */
  | { readonly bellhop: 'refreshAsk'; readonly notification: string }
  | { readonly bellhop: 'refreshPoll'; readonly poll: string }
  /** `choice`: from 0, or a step; a text, number or date comes under `INPUT_ID`. */
  | {
      readonly bellhop: 'answer';
      readonly dialog: string;
      readonly question: string;
      readonly choice?: number | 'back' | 'skip' | 'cancel';
    };

/** Whatever a button of the bot carries. */
export type Press = SayPress | AskPress;

/** The id of the one input that a card of the bot has. */
export const INPUT_ID = 'bellhop-input';

const ASK_PRESSES: readonly string[] = [
  'respond',
  'vote',
  'closePoll',
  'refreshAsk',
  'refreshPoll',
  'answer',
] satisfies readonly AskPress['bellhop'][];

/** Whether some data says that a client asks by itself how something stands: nobody has pressed anything then. Pure. */
export function isRefresh(data: unknown): boolean {
  const { bellhop }: { bellhop?: unknown } = Object(data);
  return bellhop === 'refreshAsk' || bellhop === 'refreshPoll';
}

/** Whether some data says that it is of something that was asked; whether it is, is for the room to see. Pure. */
export function isAskPress(data: unknown): boolean {
  return (
    typeof data === 'object' &&
    data !== null &&
    'bellhop' in data &&
    typeof data.bellhop === 'string' &&
    ASK_PRESSES.includes(data.bellhop)
  );
}
