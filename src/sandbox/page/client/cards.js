// Renders Adaptive Cards with Microsoft's own renderer, and tells which button was pressed with which inputs.

import { element } from './dom.js';
import { hostConfig } from './host-config.js';
import { renderMarkdown } from './markdown.js';

const { AdaptiveCards } = globalThis;

AdaptiveCards.AdaptiveCard.onProcessMarkdown = (text, result) => {
  result.outputHtml = renderMarkdown(text);
  result.didProcess = true;
};

/**
 * @param {object} content the card
 * @param {{ theme: 'light' | 'dark' | 'contrast', onPress: (press: { action: string, inputs: object }) => Promise<void> }} options
 */
export function renderCard(content, { theme, onPress }) {
  const card = new AdaptiveCards.AdaptiveCard();
  card.hostConfig = new AdaptiveCards.HostConfig(hostConfig(theme));
  const frame = element('div', { class: 'card' });
  const status = element('p', { class: 'card-status', role: 'status' });
  card.onExecuteAction = (action) => {
    if (action instanceof AdaptiveCards.OpenUrlAction) {
      openLink(action.url);
      return;
    }
    if (action instanceof AdaptiveCards.ToggleVisibilityAction) {
      // The renderer has shown or hidden its elements already; nobody else is told.
      return;
    }
    press({ frame, status }, () => onPress({ action: action.id, inputs: readInputs(card) }));
  };
  card.parse(nameActions(showMentions(structuredClone(content))));
  const rendered = card.render();
  // The renderer would cut long titles, and with them the host that stands at their end.
  for (const title of rendered?.querySelectorAll('.ac-pushButton div') ?? []) {
    title.style.whiteSpace = 'normal';
  }
  frame.append(rendered ?? content.fallbackText ?? 'This card cannot be shown.', status);
  return frame;
}

/** Texts that the card says are mentions read as names; all others stay what they are. */
function showMentions(card) {
  const entities = (card.msteams?.entities ?? []).filter(({ type }) => type === 'mention');
  const show = (text) =>
    entities.reduce((rest, { text: at, mentioned }) => rest.replaceAll(at, `**${mentioned.name}**`), text);
  const walk = (value) => {
    for (const part of Object.values(value)) {
      if (typeof part === 'object' && part !== null) {
        walk(part);
      }
    }
    if (value.type === 'TextBlock' && typeof value.text === 'string') {
      value.text = show(value.text);
    }
  };
  walk(card);
  return card;
}

/** Buttons without an id get their place for one, `@n`: titles need not be unique. */
function nameActions(card) {
  let count = 0;
  const walk = (value) => {
    if (Array.isArray(value)) {
      value.forEach(walk);
      return;
    }
    if (typeof value !== 'object' || value === null) {
      return;
    }
    if (typeof value.type === 'string' && value.type.startsWith('Action.')) {
      value.id ??= `@${count}`;
      count++;
    }
    const { data: _, ...parts } = value;
    Object.values(parts).forEach(walk);
  };
  walk(card);
  return card;
}

function readInputs(card) {
  return Object.fromEntries(card.getAllInputs().map((input) => [input.id, input.value]));
}

async function press({ frame, status }, send) {
  const buttons = [...frame.querySelectorAll('button')];
  setBusy(buttons, true);
  status.textContent = 'Sending…';
  try {
    await send();
    status.textContent = 'Sent';
  } catch (error) {
    status.textContent = error.message;
  } finally {
    setBusy(buttons, false);
  }
}

function setBusy(buttons, isBusy) {
  for (const button of buttons) {
    button.disabled = isBusy;
  }
}

/** A new tab that knows nothing of this one. */
function openLink(url) {
  if (/^(https?|mailto):/i.test(url ?? '')) {
    window.open(url, '_blank', 'noopener,noreferrer');
  }
}
