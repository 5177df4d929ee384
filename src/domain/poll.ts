// A question to many, with choices, and how votes are counted. Pure.

/** A poll as it was asked; it never changes but for its end. */
export interface Poll {
  readonly question: string;
  /** 2 to 10. */
  readonly choices: readonly string[];
  /** Whether several may be chosen. */
  readonly isSeveral: boolean;
  /** Whether nobody is to know who chose what. */
  readonly isAnonymous: boolean;
  /** Epoch milliseconds; absent when it is closed by hand. */
  readonly closesAtMs?: number;
}

export const POLL_LIMITS = {
  maxQuestionLength: 512,
  minChoices: 2,
  maxChoices: 10,
  maxChoiceLength: 128,
  /** The card of the results is edited no more often than this. */
  editIntervalMs: 3_000,
  /** While fewer have voted in an anonymous poll, cards do not tell what was chosen: each would know of the others. */
  minAnonymousVoters: 3,
  /** How many polls one person can ask in chats in an hour. */
  askedPerHour: 10,
} as const;

/** How often each choice was chosen, in the order of the choices, and by how many people. */
export interface PollResult {
  /** Empty while too few have voted in an anonymous poll for it to be told. */
  readonly counts: readonly number[];
  readonly voters: number;
  readonly isClosed: boolean;
}

/** What some people chose, and how many they are: numbers of choices from 0, ascending. */
export interface SameBallots {
  readonly choices: readonly number[];
  readonly count: number;
}

/** @param choiceCount how many choices the poll has */
export function countBallots(
  ballots: readonly SameBallots[],
  choiceCount: number,
): Pick<PollResult, 'counts' | 'voters'> {
  const countOf = (choice: number) =>
    ballots.reduce((sum, { choices, count }) => (choices.includes(choice) ? sum + count : sum), 0);
  return {
    counts: Array.from({ length: choiceCount }, (_, choice) => countOf(choice)),
    voters: ballots.reduce((sum, { count }) => sum + count, 0),
  };
}

/** A poll as one person sees it. */
export interface PollView {
  /** Public id. */
  readonly id: string;
  readonly poll: Poll;
  /** What they chose, numbers of choices from 0; absent when they have not voted. */
  readonly own?: readonly number[];
  /** Absent while it is open and they only vote. */
  readonly result?: PollResult;
  /** Whether it is the message of the results to whoever asked, who can close the poll there. */
  readonly isResult?: true;
}
