// The buttons of an answer: what takes it back, and what one may want to see next.

import type { BotAnswer } from '../../domain/bot-answer.ts';
import { toLine } from '../../domain/literal.ts';
import type { CardElement } from './card-activity.ts';
import { commandAbout } from './commands.ts';
import { isolate } from './direction.ts';
import { commandActions } from './press-action.ts';
import type { CardTexts } from './texts/card-texts.ts';

/** The most likely first. */
export function actionsOf(answer: BotAnswer, texts: CardTexts): readonly CardElement[] {
  return [...ownActions(answer, texts), ...nextActions(answer, texts)];
}

/** What is about the very thing of which the answer speaks. */
function ownActions(answer: BotAnswer, texts: CardTexts): readonly CardElement[] {
  const { topics, mutes, settings, forget } = texts.answers;
  const suggested = (text = '', toCommand = (name: string) => name) => {
    const title = toLine(text);
    return title === '' ? [] : commandActions(isolate(title, texts), toCommand(text));
  };
  switch (answer.kind) {
    case 'subscribed':
      return commandActions(topics.unsubscribe, commandAbout('unsubscribe', answer.topic));
    case 'unsubscribed':
      return commandActions(topics.subscribe, commandAbout('subscribe', answer.topic));
    case 'noSuchTopic':
      return suggested(answer.suggestion, (name) => commandAbout('subscribe', name));
    case 'muted':
      return commandActions(mutes.unmute, commandAbout('unmute', answer.name));
    case 'quietSet':
      return commandActions(settings.turnOff, 'quiet off');
    case 'digestSet':
      return commandActions(settings.turnOff, 'digest off');
    case 'stopped':
      return commandActions(settings.start, 'start');
    case 'forgetConfirm':
      return commandActions(forget.button, 'forget me yes');
    case 'notUnderstood':
      return suggested(answer.suggestion);
    default:
      return [];
  }
}

/** Where to go from there. */
function nextActions({ kind }: BotAnswer, texts: CardTexts): readonly CardElement[] {
  const { topics, settings, inbox } = texts.answers;
  const topicsButton = commandActions(topics.title, 'topics');
  const settingsButton = commandActions(settings.title, 'status');
  const helpButton = commandActions(texts.helpButton, 'help');
  switch (kind) {
    case 'subscribed':
    case 'unsubscribed':
    case 'noSuchTopic':
      return topicsButton;
    case 'needsName':
      return [...topicsButton, ...settingsButton];
    case 'settings':
      return [...topicsButton, ...commandActions(inbox.title, 'inbox'), ...helpButton];
    case 'topics':
    case 'muted':
    case 'unmuted':
    case 'wasNotMuted':
    case 'tooManyMutes':
    case 'quietSet':
    case 'quietOff':
    case 'digestSet':
    case 'digestOff':
    case 'badTime':
    case 'started':
      return settingsButton;
    case 'notUnderstood':
      return helpButton;
    default:
      return [];
  }
}
