// Puts the page together: one model, drawn anew after every event.

import { api, listen } from './api.js';
import { renderChatList } from './chat-list.js';
import { describeTrouble, renderHead, renderMessages } from './chat-view.js';
import { byId } from './dom.js';
import { renderRequests } from './requests-view.js';
import { applyEvent, markRead, readState, summarize } from './store.js';
import { showToast } from './toasts.js';

const NEXT_THEMES = { light: 'dark', dark: 'contrast', contrast: 'light' };

let model;
let selectedId;
let isDrawing = false;

const darkQuery = matchMedia('(prefers-color-scheme: dark)');
const narrowQuery = matchMedia('(max-width: 720px)');
const theme = () => document.documentElement.dataset.theme ?? (darkQuery.matches ? 'dark' : 'light');
const selected = () => model.chats.find((chat) => chat.conversationId === selectedId);

/** The chat that is really being looked at; on a phone the list may be in front of it. */
function viewedId() {
  const isBehindList = narrowQuery.matches && document.body.dataset.pane === 'list';
  return document.hidden || isBehindList ? undefined : selectedId;
}

/** Many events in one frame make one drawing. */
function draw() {
  if (isDrawing) {
    return;
  }
  isDrawing = true;
  requestAnimationFrame(() => {
    isDrawing = false;
    drawNow();
  });
}

function drawNow() {
  const chat = selected();
  const view = { model, selectedId, chat, botName: model.botName, theme: theme(), onSelect: select, onAct, onPress };
  renderChatList(byId('chats'), view);
  renderHead(byId('chat-title'), byId('chat-actions'), view);
  renderMessages(byId('messages'), view);
  renderRequests({ count: byId('request-count'), rows: byId('request-rows') }, model);
  const trouble = describeTrouble(chat, model.botName);
  byId('banner').hidden = trouble === undefined;
  byId('banner').textContent = trouble ?? '';
  byId('composer').hidden = !(chat.group === 'people' && chat.isInstalled && !chat.isBlocked);
  const unread = model.chats.reduce((sum, { unread: count }) => sum + count, 0);
  document.title = `${unread > 0 ? `(${unread}) ` : ''}${chat.title} – Sandbox`;
}

function select(conversationId) {
  selectedId = conversationId;
  model = markRead(model, conversationId);
  document.body.dataset.pane = 'chat';
  history.replaceState(undefined, '', `#${encodeURIComponent(conversationId)}`);
  draw();
}

function tell(error) {
  showToast(byId('toasts'), { title: 'Sandbox', text: error.message });
}

async function onAct(verb) {
  await api.act(selected(), verb).catch(tell);
}

async function onPress(press) {
  const { result, status } = await api.press(selected(), press);
  if (result !== 'delivered') {
    throw new Error(status === 0 ? 'Kept until the bot is back' : `The bot answered ${status}`);
  }
}

function onEvent(event) {
  if (event.kind === 'reset') {
    void load();
    return;
  }
  model = applyEvent(model, event, viewedId());
  const chat = model.chats.find(({ conversationId }) => conversationId === event.conversationId);
  if (chat && event.kind === 'notice') {
    showToast(byId('toasts'), { title: model.botName, text: event.text });
  }
  if (chat && event.kind === 'message' && event.message.author === 'bot') {
    const title = chat.group === 'people' ? `${model.botName} to ${chat.title}` : `${model.botName} in ${chat.title}`;
    const onOpen = () => select(chat.conversationId);
    showToast(byId('toasts'), { title, text: summarize(event.message), onOpen });
  }
  draw();
}

async function load() {
  const [state, ledger] = await Promise.all([api.state(), api.ledger()]);
  model = readState(state);
  model.requests = ledger.entries.slice(-50).reverse();
  const wanted = decodeURIComponent(location.hash.slice(1));
  const chat = model.chats.find(({ conversationId }) => conversationId === wanted) ?? model.chats[0];
  selectedId = chat.conversationId;
  if (wanted === selectedId) {
    document.body.dataset.pane = 'chat';
  }
  drawNow();
}

function connectControls() {
  const text = byId('text');
  byId('composer').addEventListener('submit', (event) => {
    event.preventDefault();
    const written = text.value.trim();
    if (written !== '') {
      text.value = '';
      api.write(selected(), written).catch(tell);
    }
  });
  text.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      byId('composer').requestSubmit();
    }
  });
  byId('back').addEventListener('click', () => {
    document.body.dataset.pane = 'list';
    history.replaceState(undefined, '', location.pathname);
  });
  byId('theme').addEventListener('click', () => {
    document.documentElement.dataset.theme = NEXT_THEMES[theme()];
    localStorage.setItem('theme', theme());
    draw();
  });
  darkQuery.addEventListener('change', draw);
  document.addEventListener('visibilitychange', () => {
    model = markRead(model, viewedId());
    draw();
  });
}

function onLink(isLive) {
  const link = byId('link');
  link.textContent = isLive ? 'Live' : 'The sandbox does not answer. Reconnecting…';
  link.classList.toggle('live', isLive);
}

const chosenTheme = localStorage.getItem('theme');
if (chosenTheme !== null) {
  document.documentElement.dataset.theme = chosenTheme;
}
await load();
connectControls();
listen(model.lastEventId, { onEvent, onLink });
