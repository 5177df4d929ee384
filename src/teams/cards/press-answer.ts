// What a pressed button is answered, in the form that Teams wants it.

import { assertNever } from '../../domain/errors.ts';
import type { PressAnswer } from '../../domain/press-answer.ts';
import { buildAnswerCard } from './answer-card.ts';
import type { CardActivity } from './card-activity.ts';
import { buildMessage } from './message.ts';
import { textsFor } from './texts/texts-for.ts';
import type { Reader } from './time-text.ts';

/** The body of the answer to an `adaptiveCard/action` invoke. */
export interface PressAnswerBody {
  readonly statusCode: 200;
  readonly type: 'application/vnd.microsoft.activity.message' | 'application/vnd.microsoft.card.adaptive';
  readonly value: unknown;
}

/** @see https://learn.microsoft.com/adaptive-cards/authoring-cards/universal-action-model */
export function writePressAnswer(pressed: PressAnswer, reader: Reader): PressAnswerBody {
  const { locale, timeZone } = reader;
  const options = { locale, timeZone, isReduced: false };
  switch (pressed.kind) {
    case 'retiredButton':
      return sentence(textsFor(locale).retiredButton);
    case 'sentence':
      return sentence(buildAnswerCard(pressed.answer, reader).summary);
    case 'card':
      return card(buildAnswerCard(pressed.answer, reader));
    case 'poll':
    case 'question':
    case 'answered':
      return card(buildMessage(pressed, options));
    case 'ask': {
      const { kind: _, content, ...known } = pressed;
      return card(buildMessage(content, { ...options, ...known }));
    }
    default:
      return assertNever(pressed);
  }
}

function card({ attachments }: CardActivity): PressAnswerBody {
  return { statusCode: 200, type: 'application/vnd.microsoft.card.adaptive', value: attachments[0]?.content };
}

function sentence(value: string): PressAnswerBody {
  return { statusCode: 200, type: 'application/vnd.microsoft.activity.message', value };
}
