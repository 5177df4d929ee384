// One chat: its head with what can be done, its messages, and what is shown when there are none.

import { renderCard } from './cards.js';
import { avatar, element } from './dom.js';
import { renderMarkdown } from './markdown.js';

const ADAPTIVE_CARD = 'application/vnd.microsoft.card.adaptive';

/** @param {{ chat: object, botName: string, onAct: (verb: string) => void }} view */
export function renderHead(title, actions, view) {
  const { chat, onAct } = view;
  const details =
    chat.group === 'people'
      ? [chat.email, chat.locale, chat.timeZone.replaceAll('_', ' ')]
      : [chat.teamName ?? 'Group chat'];
  title.replaceChildren(
    avatar(chat.title, chat.group !== 'people'),
    element('div', {}, element('h2', {}, chat.title), element('p', {}, details.join(' · '))),
  );
  const button = (label, verb) =>
    element('button', { class: 'button', type: 'button', onclick: () => onAct(verb) }, label);
  const isPerson = chat.group === 'people';
  actions.replaceChildren(
    ...(isPerson && chat.isInstalled ? [chat.isBlocked ? button('Unblock', 'unblock') : button('Block', 'block')] : []),
    ...(chat.isInstalled ? [button('Remove', 'uninstall')] : []),
  );
}

/** @returns what went wrong with this chat's activities, in words that say what to do; undefined when nothing did */
export function describeTrouble({ trouble }, botName) {
  if (!trouble) {
    return undefined;
  }
  if (trouble.result === 'undelivered') {
    return `${botName} does not answer. What was done here is kept, and delivered as soon as it is back.`;
  }
  const hint = trouble.status === 401 || trouble.status === 403 ? ' Do its app id and this sandbox fit together?' : '';
  return `${botName} refused the last activity with ${trouble.status}.${hint}`;
}

/**
 * Keeps the elements of messages that have not changed: what somebody entered into a card stays there.
 * @param {HTMLElement} list
 * @param {{ chat: object, botName: string, theme: string, onAct: Function, onPress: Function }} view
 */
export function renderMessages(list, view) {
  const { chat } = view;
  const isAtEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 80;
  const isSameChat = list.dataset.chat === chat.conversationId;
  const known = new Map([...list.children].map((node) => [node.dataset.version, node]));
  const nodes = chat.messages.map((message) => {
    const version = [chat.conversationId, view.theme, message.id, message.editedAtMs, message.deletedAtMs].join(' ');
    const node = known.get(version) ?? renderMessage(message, view);
    node.dataset.version = version;
    return node;
  });
  const empty = describeEmpty(view);
  list.dataset.chat = chat.conversationId;
  list.classList.toggle('is-empty', empty !== undefined && nodes.length === 0);
  list.replaceChildren(...nodes, ...(empty ? [empty] : []));
  if (isAtEnd || !isSameChat) {
    list.scrollTop = list.scrollHeight;
  }
}

function describeEmpty({ chat, botName, onAct }) {
  if (!chat.isInstalled) {
    const headline =
      chat.group === 'people'
        ? `${chat.title.split(' ')[0]} has not installed ${botName} yet`
        : `${botName} is not installed in ${chat.teamName ?? chat.title} yet`;
    return element(
      'div',
      { class: 'empty' },
      element('img', { src: '/page/icon.svg', alt: '', width: 56, height: 56 }),
      element('h3', {}, headline),
      element('p', {}, `Install it, as one would in Teams, and ${botName} can write here.`),
      element(
        'button',
        { class: 'button primary', type: 'button', onclick: () => onAct('install') },
        `Install ${botName}`,
      ),
    );
  }
  if (chat.messages.length > 0) {
    return undefined;
  }
  const hint =
    chat.group === 'people'
      ? `Send a notification to ${chat.email}, and it appears here.`
      : 'What the bot posts here appears at once.';
  return element('div', { class: 'empty' }, element('h3', {}, 'No messages yet'), element('p', {}, hint));
}

function renderMessage(message, view) {
  const { chat, botName } = view;
  const isBot = message.author === 'bot';
  const time = element(
    'time',
    { dateTime: new Date(message.postedAtMs).toISOString() },
    formatTime(message.postedAtMs, chat),
  );
  const note = message.deletedAtMs ? undefined : message.editedAtMs && element('span', {}, 'Edited');
  return element(
    'article',
    { class: `message ${isBot ? 'from-bot' : 'from-person'}`, 'aria-label': isBot ? botName : chat.title },
    isBot && element('img', { class: 'message-icon', src: '/page/icon.svg', alt: '', width: 32, height: 32 }),
    element(
      'div',
      { class: 'message-main' },
      element('p', { class: 'message-head' }, isBot && element('strong', {}, botName), time, note),
      ...renderContent(message, view),
    ),
  );
}

/** The time that the person's own clock shows. */
function formatTime(atMs, { locale, timeZone }) {
  return new Intl.DateTimeFormat(locale, { hour: 'numeric', minute: '2-digit', timeZone }).format(atMs);
}

function renderContent(message, { theme, onPress }) {
  if (message.deletedAtMs) {
    return [element('p', { class: 'bubble removed' }, 'This message was removed')];
  }
  const { text, textFormat, attachments = [] } = message.activity;
  const cards = message.author === 'bot' ? attachments : [];
  return [
    ...(text ? [renderText(text, textFormat)] : []),
    ...cards.map(({ contentType, content }) =>
      contentType === ADAPTIVE_CARD
        ? renderCard(content, { theme, onPress: (press) => onPress({ messageId: message.id, ...press }) })
        : element('p', { class: 'bubble removed' }, contentType),
    ),
  ];
}

function renderText(text, textFormat) {
  const bubble = element('div', { class: 'bubble' });
  if (textFormat === 'plain') {
    bubble.textContent = text;
  } else {
    bubble.innerHTML = renderMarkdown(text);
  }
  return bubble;
}
