// What one press means for what is asked.
//
// Who acknowledges is counted once. Of the actions that decide something, everybody has one vote, which may be changed
// until enough people agree; from then on nothing counts any more. Other actions are only told to the sender.

import { ACKNOWLEDGE, type Ask, type AskedAction } from '../domain/ask.ts';
import { checkInput, type Entered } from './check-input.ts';

/** Something that a person has chosen. */
export interface Choice {
  readonly action: string;
  readonly input: Entered | null;
}

/** How things stand when somebody presses. */
export interface Situation {
  readonly ask: Ask;
  /** Recalled, over, or a newer notification has taken its place. */
  readonly isClosed: boolean;
  readonly decidedAction: string | null;
  /** What whoever presses has chosen so far. */
  readonly own: readonly Choice[];
  /** How many other people have chosen the action that is pressed. */
  readonly others: number;
}

/** `entered`: as the client sent it. */
export interface Pressed {
  readonly action: string;
  readonly entered: unknown;
}

/** What becomes of the ask: `acknowledged` does not undo what was acknowledged before. */
export type Outcome = 'none' | 'acknowledged' | 'decided';

/** `count`: it is written down in the place of what it replaces. */
export type ResponseStep =
  | { readonly kind: 'unknown_action' | 'closed' | 'repeated' }
  | { readonly kind: 'bad_input'; readonly label: string }
  | {
      readonly kind: 'count';
      readonly choice: Choice;
      /** Actions that the same person has chosen, and does no longer. */
      readonly replaces: readonly string[];
      readonly outcome: Outcome;
      /** Whether nobody has to be reminded any more. */
      readonly isAnswered: boolean;
    };

/** Pure. */
export function decideResponse(situation: Situation, { action: id, entered }: Pressed): ResponseStep {
  const { ask, own } = situation;
  const action = findAction(ask, id);
  if (!action) {
    return { kind: 'unknown_action' };
  }
  if (situation.isClosed) {
    return { kind: 'closed' };
  }
  const input = checkInput(action.input, entered);
  if (input.kind === 'good' && own.some((choice) => choice.action === id && choice.input === input.value)) {
    return { kind: 'repeated' };
  }
  if (situation.decidedAction !== null) {
    return { kind: 'closed' };
  }
  if (input.kind === 'bad') {
    return { kind: 'bad_input', label: input.label };
  }
  const outcome = outcomeOf(action, situation.others);
  return {
    kind: 'count',
    choice: { action: id, input: input.value },
    replaces: action.needed === undefined ? [] : otherVotes(ask, own, id),
    outcome,
    isAnswered: outcome !== 'none' || !canBeSettled(ask),
  };
}

/** What can be pressed; undefined for what the notification does not offer. Pure. */
export function findAction(ask: Ask, id: string): Pick<AskedAction, 'id' | 'input' | 'needed'> | undefined {
  if (id === ACKNOWLEDGE) {
    return ask.canAcknowledge ? { id } : undefined;
  }
  return ask.actions.find((action) => action.id === id);
}

function outcomeOf({ id, needed }: Pick<AskedAction, 'id' | 'needed'>, others: number): Outcome {
  if (id === ACKNOWLEDGE) {
    return 'acknowledged';
  }
  return needed !== undefined && others + 1 >= needed ? 'decided' : 'none';
}

function otherVotes({ actions }: Ask, own: readonly Choice[], id: string): readonly string[] {
  const votes = actions.filter(({ needed }) => needed !== undefined).map((action) => action.id);
  return own.map(({ action }) => action).filter((action) => action !== id && votes.includes(action));
}

/** Whether it can be acknowledged or decided: where it cannot, any answer is all that there is to wait for. */
function canBeSettled({ canAcknowledge, actions }: Ask): boolean {
  return canAcknowledge || actions.some(({ needed }) => needed !== undefined);
}
