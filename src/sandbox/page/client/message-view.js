// One message: who wrote it and when, its text or its cards.

import { renderCard } from './cards.js';
import { avatar, element } from './dom.js';
import { renderMarkdown } from './markdown.js';

const ADAPTIVE_CARD = 'application/vnd.microsoft.card.adaptive';

/** @param {{ chat: object, model: object, botName: string, theme: string, writer: string, onPress: Function,
 *   onReact: Function }} view */
export function renderMessage(message, view) {
  const { chat, botName } = view;
  const isBot = message.author === 'bot';
  const isShared = chat.group !== 'people';
  const name = isBot ? botName : nameOf(message.author, view.model);
  const time = element(
    'time',
    { dateTime: new Date(message.postedAtMs).toISOString() },
    formatTime(message.postedAtMs, chat),
  );
  return element(
    'article',
    { class: `message ${isBot ? 'from-bot' : 'from-person'}${isShared ? ' is-shared' : ''}`, 'aria-label': name },
    isBot && element('img', { class: 'message-icon', src: '/page/icon.svg', alt: '', width: 32, height: 32 }),
    !isBot && isShared && avatar(name),
    element(
      'div',
      { class: 'message-main' },
      element(
        'p',
        { class: 'message-head' },
        (isBot || isShared) && element('strong', {}, name),
        time,
        describeChange(message, view),
      ),
      ...renderContent(message, view),
      isBot && !message.deletedAtMs && renderReactions(message, view),
    ),
  );
}

const REACTIONS = [
  ['like', 'Like', '👍'],
  ['heart', 'Heart', '❤️'],
];

function renderReactions({ id, reactions = {} }, { chat, writer, onReact }) {
  const reader = chat.group === 'people' ? chat.key : writer;
  return element(
    'div',
    { class: 'reactions', role: 'group', 'aria-label': 'Reactions' },
    ...REACTIONS.map(([type, name, sign]) => {
      const people = reactions[type] ?? [];
      const isOwn = people.includes(reader);
      return element(
        'button',
        {
          class: 'reaction',
          type: 'button',
          'aria-label': name,
          'aria-pressed': String(isOwn),
          onclick: () => onReact({ messageId: id, type, isAdded: !isOwn }),
        },
        people.length > 0 ? `${sign} ${people.length}` : sign,
      );
    }),
  );
}

function nameOf(key, { people }) {
  return people.find((person) => person.key === key)?.name ?? key;
}

function describeChange(message, { model, writer }) {
  if (message.deletedAtMs) {
    return undefined;
  }
  const isView = message.views?.[writer] !== undefined;
  const note = isView ? `Only ${nameOf(writer, model)} sees this` : 'Edited';
  return isView || message.editedAtMs ? element('span', {}, note) : undefined;
}

/** The time that the person's own clock shows; a zone or a language that does not exist stands for the usual one. */
function formatTime(atMs, { locale, timeZone }) {
  const form = { hour: 'numeric', minute: '2-digit' };
  try {
    return new Intl.DateTimeFormat(locale, { ...form, timeZone }).format(atMs);
  } catch {
    return new Intl.DateTimeFormat(undefined, form).format(atMs);
  }
}

function renderContent(message, { theme, writer, onPress }) {
  if (message.deletedAtMs) {
    return [element('p', { class: 'bubble removed' }, 'This message was removed')];
  }
  const { text, textFormat, entities = [], attachments = [] } = message.views?.[writer] ?? message.activity;
  const cards = message.author === 'bot' ? attachments : [];
  return [
    ...(text ? [renderText(text, textFormat, entities)] : []),
    ...cards.map(({ contentType, content }) =>
      contentType === ADAPTIVE_CARD
        ? renderCard(content, { theme, onPress: (press) => onPress({ messageId: message.id, ...press }) })
        : element('p', { class: 'bubble removed' }, contentType),
    ),
  ];
}

function renderText(text, textFormat, entities) {
  const bubble = element('div', { class: 'bubble', dir: 'auto' });
  if (textFormat === 'plain') {
    bubble.append(...markMentions(text, entities));
  } else {
    bubble.innerHTML = renderMarkdown(text);
  }
  return bubble;
}

/** Only what the message says is a mention is one; everything else stays what was written. */
function markMentions(text, entities) {
  const names = new Map(entities.map((entity) => [entity.text, entity.mentioned?.name]));
  return text
    .split(/(<at>[^<]*<\/at>)/)
    .map((part) => (names.has(part) ? element('span', { class: 'mention' }, names.get(part)) : part));
}
