// The list of chats: people first, then the team's channels and the group chat.

import { avatar, element } from './dom.js';
import { summarize } from './store.js';

/** @param {{ model: object, selectedId: string, onSelect: (conversationId: string) => void }} view */
export function renderChatList(list, view) {
  const focused = list.contains(document.activeElement) ? document.activeElement.dataset.chat : undefined;
  const { chats } = view.model;
  const teamName = chats.find((chat) => chat.teamName)?.teamName;
  list.replaceChildren(
    renderGroup('People', 'people', view),
    renderGroup(`Team ${teamName}`, 'teams', view),
    renderGroup('Group chat', 'group-chats', view),
  );
  if (focused !== undefined) {
    list.querySelector(`[data-chat="${CSS.escape(focused)}"]`)?.focus();
  }
}

function renderGroup(title, group, view) {
  const chats = view.model.chats.filter((chat) => chat.group === group);
  return element(
    'section',
    { class: 'group' },
    element('h2', {}, title),
    element('ul', {}, ...chats.map((chat) => element('li', {}, renderChat(chat, view)))),
  );
}

function renderChat(chat, { selectedId, onSelect }) {
  const isSelected = chat.conversationId === selectedId;
  const button = element(
    'button',
    {
      class: 'chat-item',
      type: 'button',
      onclick: () => onSelect(chat.conversationId),
      'aria-current': isSelected ? 'true' : undefined,
    },
    avatar(chat.title, chat.group !== 'people'),
    element(
      'span',
      { class: 'chat-item-text' },
      element('span', { class: 'name' }, chat.title),
      element('span', { class: 'preview', dir: 'auto' }, describe(chat)),
    ),
    chat.unread > 0 &&
      element('span', { class: 'unread' }, element('span', { class: 'visually-hidden' }, `${chat.unread} unread`)),
  );
  button.dataset.chat = chat.conversationId;
  return button;
}

function describe(chat) {
  if (chat.isBlocked) {
    return 'Blocked';
  }
  if (!chat.isInstalled) {
    return 'Not installed';
  }
  const last = chat.messages.at(-1);
  return last ? summarize(last) : 'Installed';
}
