// The list of chats: people first, then the channels of each team, then the group chats.

import { avatar, element } from './dom.js';
import { summarize } from './store.js';

/** @param {{ model: object, selectedId: string, onSelect: (conversationId: string) => void }} view */
export function renderChatList(list, view) {
  const focused = list.contains(document.activeElement) ? document.activeElement.dataset.chat : undefined;
  const { chats } = view.model;
  const channels = chats.filter((chat) => chat.group === 'teams');
  const teams = [...new Set(channels.map(({ key }) => key))].map((key) => channels.filter((chat) => chat.key === key));
  list.replaceChildren(
    renderGroup('People', ofGroup(chats, 'people'), view),
    ...teams.map((team) => renderGroup(nameTeam(team[0]), team, view)),
    renderGroup('Group chats', ofGroup(chats, 'group-chats'), view),
  );
  if (focused !== undefined) {
    list.querySelector(`[data-chat="${CSS.escape(focused)}"]`)?.focus();
  }
}

function ofGroup(chats, group) {
  return chats.filter((chat) => chat.group === group);
}

function nameTeam({ teamName, teamState }) {
  return `Team ${teamName}${teamState === 'active' ? '' : ` (${teamState})`}`;
}

function renderGroup(title, chats, view) {
  return element(
    'section',
    { class: 'group' },
    element('h2', {}, title),
    element('ul', {}, ...chats.map((chat) => element('li', {}, renderChat(chat, view)))),
  );
}

function renderChat(chat, { model, selectedId, onSelect }) {
  const isSelected = chat.conversationId === selectedId;
  const button = element(
    'button',
    {
      class: 'chat-item',
      type: 'button',
      onclick: () => onSelect(chat.conversationId),
      'aria-current': isSelected ? 'true' : undefined,
    },
    avatar(chat.title, chat.group === 'teams'),
    element(
      'span',
      { class: 'chat-item-text' },
      element('span', { class: 'name' }, chat.title),
      element('span', { class: 'preview', dir: 'auto' }, describe(chat, model)),
    ),
    chat.unread > 0 &&
      element('span', { class: 'unread' }, element('span', { class: 'visually-hidden' }, `${chat.unread} unread`)),
  );
  button.dataset.chat = chat.conversationId;
  return button;
}

function describe(chat, { people }) {
  if (chat.isBlocked) {
    return 'Blocked';
  }
  if (chat.isDeleted) {
    return 'Deleted';
  }
  const last = chat.messages.at(-1);
  if (!chat.hasBot && (!last || chat.group === 'people')) {
    return 'Not installed';
  }
  const author = chat.group === 'people' ? undefined : people.find(({ key }) => key === last?.author)?.name;
  return last ? `${author ? `${author.split(' ')[0]}: ` : ''}${summarize(last)}` : 'Installed';
}
