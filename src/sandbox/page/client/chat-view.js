// One chat: its head with what can be done, its messages, and what is shown when there are none.

import { arrange, avatar, element } from './dom.js';
import { renderMessage } from './message-view.js';
import { isWritable } from './store.js';
import { renderThreads } from './thread-view.js';

/** @param {{ chat: object, botName: string, onAct: (verb: string) => void, onManage: () => void }} view */
export function renderHead(title, actions, view) {
  const { chat, onAct, onManage } = view;
  title.replaceChildren(
    avatar(chat.title, chat.group === 'teams'),
    element('div', {}, element('h2', {}, chat.title), element('p', {}, describePlace(chat).join(' · '))),
  );
  const isFocused = actions.contains(document.activeElement) ? document.activeElement.textContent : undefined;
  const button = (label, onclick) => element('button', { class: 'button', type: 'button', onclick }, label);
  const isPerson = chat.group === 'people';
  const blockVerb = chat.isBlocked ? 'unblock' : 'block';
  actions.replaceChildren(
    ...(isPerson && chat.hasBot ? [button(chat.isBlocked ? 'Unblock' : 'Block', () => onAct(blockVerb))] : []),
    ...(chat.isInstalled ? [button('Remove', () => onAct('uninstall'))] : []),
    button('Manage', onManage),
  );
  [...actions.children].find(({ textContent }) => textContent === isFocused)?.focus();
}

function describePlace(chat) {
  switch (chat.group) {
    case 'people':
      return [
        chat.email,
        chat.locale,
        chat.timeZone.replaceAll('_', ' '),
        ...(chat.role === 'user' ? [] : [chat.role]),
      ];
    case 'teams':
      return [chat.teamName, ...(chat.teamState === 'active' ? [] : [chat.teamState])];
    default:
      return ['Group chat'];
  }
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
 * @param {{ chat: object, botName: string, theme: string, writer: string, onAct: Function, onPress: Function }} view
 */
export function renderMessages(list, view) {
  const { chat } = view;
  const isAtEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 80;
  const isSameChat = list.dataset.chat === chat.conversationId;
  const known = new Map([...list.querySelectorAll('[data-version]')].map((node) => [node.dataset.version, node]));
  const nodeOf = (message) => {
    const version = [chat.conversationId, view.theme, ...versionOf(message, view.writer)].join(' ');
    const node = known.get(version) ?? renderMessage(message, view);
    node.dataset.version = version;
    return node;
  };
  const nodes = chat.group === 'teams' ? renderThreads(list, view, nodeOf) : chat.messages.map(nodeOf);
  const empty = describeEmpty(view);
  list.dataset.chat = chat.conversationId;
  list.classList.toggle('is-empty', empty !== undefined && nodes.length === 0);
  arrange(list, [...nodes, ...(empty ? [empty] : [])]);
  if (isAtEnd || !isSameChat) {
    list.scrollTop = list.scrollHeight;
  }
}

/** What differs when a message has to be drawn anew. */
function versionOf({ id, editedAtMs, deletedAtMs, eventId, views, reactions }, writer) {
  const view = views?.[writer] ? `${writer} ${eventId}` : undefined;
  return [id, editedAtMs, deletedAtMs, view, reactions && `${writer} ${JSON.stringify(reactions)}`];
}

function describeEmpty({ chat, botName, onAct, onManage }) {
  if (chat.isDeleted || chat.teamState === 'deleted') {
    return renderEmpty(
      chat.isDeleted && chat.teamState === 'active' ? 'This channel is deleted' : 'This team is deleted',
      'It can be restored, with everything in it.',
      { label: 'Manage', onclick: onManage },
    );
  }
  if (!chat.hasBot) {
    const headline =
      chat.group === 'people'
        ? `${chat.title.split(' ')[0]} has not installed ${botName} yet`
        : `${botName} is not installed in ${chat.teamName ?? chat.title} yet`;
    const text = `Install it, as one would in Teams, and ${botName} can write here.`;
    return renderEmpty(headline, text, { label: `Install ${botName}`, onclick: () => onAct('install') });
  }
  return chat.messages.length > 0 ? undefined : renderEmpty('No messages yet', hintFor(chat, botName));
}

function hintFor(chat, botName) {
  if (chat.group === 'people') {
    return `Send a notification to ${chat.email}, and it appears here.`;
  }
  return isWritable(chat)
    ? `What the bot posts here appears at once. It hears what mentions it: @${botName} help`
    : 'What the bot posts here appears at once.';
}

function renderEmpty(headline, text, action) {
  return element(
    'div',
    { class: 'empty' },
    action && element('img', { src: '/page/icon.svg', alt: '', width: 56, height: 56 }),
    element('h3', {}, headline),
    element('p', {}, text),
    action && element('button', { class: 'button primary', type: 'button', onclick: action.onclick }, action.label),
  );
}
