// Forgetting whoever asks for it: before anything is kept of the request itself.

import type { InboundEvent } from '../domain/inbound-event.ts';
import type { PersonProfile } from '../domain/person.ts';
import { PRESS_VERB } from '../domain/press.ts';
import type { PressAnswer } from '../domain/press-answer.ts';
import { parseCommand } from './parse-command.ts';
import { parsePress } from './parse-press.ts';

type ActionEvent = Extract<InboundEvent, { kind: 'action' }>;

/** What is done about activities. */
export interface Hearing {
  record(event: InboundEvent): Promise<'new' | 'repeated'>;
  answerAction(event: ActionEvent): Promise<PressAnswer>;
}

/** What forgetting takes. */
export interface ForgetDeps {
  /** Whether the activity came before, so that it has no second effect. */
  isRepeated(event: InboundEvent): Promise<boolean>;
  /** Erases all that is known of the person; safe to repeat. */
  erase(person: PersonProfile): Promise<void>;
}

/**
 * Erasing takes several transactions, and so it comes before the activity is recorded: whatever breaks it off, Teams
 * sends the activity again, and it goes on. The activity is recorded without its sender, who is not to be known by it.
 */
export function withForgetting(hearing: Hearing, deps: ForgetDeps): Hearing {
  const forget = async (event: InboundEvent): Promise<boolean> => {
    const { from } = event;
    if (!from || !asksToBeForgotten(event) || (await deps.isRepeated(event))) {
      return false;
    }
    await deps.erase(from);
    return true;
  };
  return {
    async record(event) {
      return hearing.record((await forget(event)) ? withoutSender(event) : event);
    },
    async answerAction(event) {
      if (!(await forget(event))) {
        return hearing.answerAction(event);
      }
      const { from: _, ...withoutFrom } = event;
      await hearing.answerAction(withoutFrom);
      return { kind: 'sentence', answer: { kind: 'forgotten' } };
    },
  };
}

function withoutSender({ from: _, ...event }: InboundEvent): InboundEvent {
  return event;
}

function asksToBeForgotten(event: InboundEvent): boolean {
  const text = textOf(event);
  const reading = text === undefined ? undefined : parseCommand(text);
  return reading?.kind === 'command' && reading.command.kind === 'forget' && reading.command.isConfirmed;
}

/** What was written, or stands for it on a button. */
function textOf(event: InboundEvent): string | undefined {
  switch (event.kind) {
    case 'message':
      return event.value === undefined ? event.text : commandOf(event.value);
    case 'action':
      return event.verb === PRESS_VERB ? commandOf(event.data) : undefined;
    default:
      return undefined;
  }
}

function commandOf(data: unknown): string | undefined {
  const press = parsePress(data);
  return press?.bellhop === 'command' ? press.text : undefined;
}
