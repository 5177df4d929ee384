// What a notification asks of the people who get it: that they take note of it, or choose what is to be done.

/** A field that goes with an action. `choices`: for `choice` only, 2 to `ASK_LIMITS.maxChoices`. */
export interface AskedInput {
  readonly kind: 'text' | 'number' | 'date' | 'choice';
  readonly label: string;
  readonly isRequired: boolean;
  readonly choices?: readonly string[];
}

/** A button whose press comes back to the sender. */
export interface AskedAction {
  /** The sender's own name for it, unique in the notification: letters, digits, `.`, `_` and `-`. */
  readonly id: string;
  readonly title: string;
  readonly style?: 'positive' | 'destructive';
  readonly input?: AskedInput;
  /** How many people have to choose it until it is decided; absent where nothing is decided by it. */
  readonly needed?: number;
}

/** What is asked. */
export interface Ask {
  readonly canAcknowledge: boolean;
  readonly actions: readonly AskedAction[];
}

/** The action of who acknowledges; no sender can have one of that id, for the `:`. */
export const ACKNOWLEDGE = ':acknowledge';

export const ASK_LIMITS = {
  /** With the menu and one link they are the six that the Teams store allows. */
  maxActions: 4,
  maxTitleLength: 40,
  maxIdLength: 64,
  maxLabelLength: 128,
  maxChoices: 10,
  maxChoiceLength: 64,
  /** Of what somebody writes into a field. */
  maxInputLength: 2_000,
  /** Cards that show who has answered are edited no more often than this. */
  editIntervalMs: 3_000,
} as const;

/** What one person chose. Names are of the moment at which it is shown. */
export interface ShownResponse {
  /** Null once their data was erased. */
  readonly name: string | null;
  readonly action: string;
  readonly atMs: number;
}

/** What a card tells of the answers so far. */
export interface AskView {
  readonly responses: readonly ShownResponse[];
  /** How many there are besides. */
  readonly more: number;
  /** The action that enough people chose; no more can be chosen then. */
  readonly decided?: string;
  /** What the reader chose, where the card is theirs alone; absent when they have not, or many read the same card. */
  readonly own?: readonly string[];
}
