// Puts the page together: one model, drawn anew after every event.

import { api, listen } from './api.js';
import { renderChatList } from './chat-list.js';
import { describeTrouble, renderHead, renderMessages } from './chat-view.js';
import { byId, element } from './dom.js';
import { renderManageDialog } from './manage-dialog.js';
import { connectBox } from './message-box.js';
import { renderRequests } from './requests-view.js';
import { applyEvent, isWritable, keepOwn, markRead, readState, summarize } from './store.js';
import { showToast } from './toasts.js';

const NEXT_THEMES = { light: 'dark', dark: 'contrast', contrast: 'light' };

let model;
let selectedId;
/** In whose name one writes and presses in channels and group chats. */
let writer = 'ana';
let isDrawing = false;
/** Events that came while the state was read anew. */
let missed;

const darkQuery = matchMedia('(prefers-color-scheme: dark)');
const narrowQuery = matchMedia('(max-width: 720px)');
const theme = () => document.documentElement.dataset.theme ?? (darkQuery.matches ? 'dark' : 'light');
const selected = () => model.chats.find((chat) => chat.conversationId === selectedId) ?? model.chats[0];
const nameOf = (key) => model.people.find((person) => person.key === key)?.name ?? key;

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
  chooseWriter(chat);
  const view = {
    ...{ model, selectedId: chat.conversationId, chat, botName: model.botName, theme: theme(), writer },
    ...{
      writerName: nameOf(writer),
      suggest,
      onSelect: select,
      onAct,
      onManage,
      onPress,
      onReact,
      onSay,
      onTrouble: tell,
    },
  };
  renderChatList(byId('chats'), view);
  renderHead(byId('chat-title'), byId('chat-actions'), view);
  renderMessages(byId('messages'), view);
  renderRequests({ count: byId('request-count'), rows: byId('request-rows') }, model);
  const trouble = describeTrouble(chat, model.botName);
  byId('banner').hidden = trouble === undefined;
  byId('banner').textContent = trouble ?? '';
  drawComposer(chat);
  renderManageDialog(byId('manage'), view);
  const unread = model.chats.reduce((sum, { unread: count }) => sum + count, 0);
  document.title = `${unread > 0 ? `(${unread}) ` : ''}${chat.title} – Sandbox`;
}

function drawComposer(chat) {
  const isShared = chat.group !== 'people';
  byId('composer').hidden = !isWritable(chat);
  byId('writer-label').hidden = !isShared;
  const label = isShared ? `Message as ${nameOf(writer)}` : 'Message to the bot';
  byId('text-label').textContent = label;
  const begin = chat.group === 'teams' ? 'New conversation' : 'Write a message';
  byId('text').placeholder = isShared ? `${begin}, or @${model.botName} …` : begin;
}

/** One of the members; who was chosen stays so in every place where that is possible. */
function chooseWriter(chat) {
  const { members = [] } = chat;
  if (chat.group !== 'people' && members.length > 0 && !members.includes(writer)) {
    [writer] = members;
  }
  const chooser = byId('writer');
  const keys = members.join(' ');
  if (chooser.dataset.keys !== keys) {
    chooser.dataset.keys = keys;
    chooser.replaceChildren(...members.map((key) => element('option', { value: key }, nameOf(key))));
  }
  chooser.value = writer;
}

/** Whom one can mention here; nobody else when the name is written already. */
function suggest(part) {
  const { group, members = [] } = selected();
  const names = group === 'people' ? [] : [model.botName, ...members.map(nameOf)];
  const begun = part.toLowerCase();
  return names.filter((name) => name.toLowerCase().startsWith(begun) && name.toLowerCase() !== begun);
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

function onManage() {
  const dialog = byId('manage');
  dialog.showModal();
  draw();
}

function onSay(text, threadId) {
  const chat = selected();
  const said = { person: writer, text, ...(threadId && { threadId }) };
  (chat.group === 'people' ? api.write(chat, text) : api.say(chat, said)).catch(tell);
}

async function onPress(press) {
  const chat = selected();
  const { result, status } = await api.press(chat, chat.group === 'people' ? press : { ...press, person: writer });
  if (result !== 'delivered') {
    throw new Error(status === 0 ? 'Kept until the bot is back' : `The bot answered ${status}`);
  }
}

function onReact(reaction) {
  const chat = selected();
  api.react(chat, chat.group === 'people' ? reaction : { ...reaction, person: writer }).catch(tell);
}

function onEvent(event) {
  if (event.kind === 'reset') {
    void load();
    return;
  }
  missed?.push(event);
  model = applyEvent(model, event, viewedId());
  if (['install', 'uninstall', 'opened', 'change'].includes(event.kind)) {
    void refresh();
  }
  const [conversationId] = (event.conversationId ?? '').split(';');
  const chat = model.chats.find((candidate) => candidate.conversationId === conversationId);
  if (chat && event.kind === 'notice') {
    const title = chat.group === 'people' ? model.botName : `${model.botName} to ${nameOf(event.personKey)}`;
    showToast(byId('toasts'), { title, text: event.text });
  }
  if (chat && event.kind === 'message' && event.message.author === 'bot') {
    const title = chat.group === 'people' ? `${model.botName} to ${chat.title}` : `${model.botName} in ${chat.title}`;
    const onOpen = () => select(chat.conversationId);
    showToast(byId('toasts'), { title, text: summarize(event.message), onOpen });
  }
  draw();
}

/** Reads the state anew, once for all that happens meanwhile. */
async function refresh() {
  if (missed) {
    return;
  }
  missed = [];
  try {
    const state = await api.state();
    const later = missed.filter(({ id }) => id > state.lastEventId);
    const fresh = later.reduce((next, event) => applyEvent(next, event, viewedId()), readState(state));
    model = keepOwn(fresh, model);
    missed = undefined;
    if (later.some(({ kind }) => kind === 'change' || kind === 'opened')) {
      void refresh();
    }
  } catch (error) {
    missed = undefined;
    tell(error);
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
  connectBox(byId('composer'), text, { onSend: (written) => onSay(written), suggest });
  byId('writer').addEventListener('change', ({ target }) => {
    writer = target.value;
    draw();
  });
  // A click beside the dialog closes it, as Escape does.
  byId('manage').addEventListener('click', ({ target }) => {
    if (target === byId('manage')) {
      byId('manage').close();
    }
  });
  byId('manage').addEventListener('close', () => {
    delete byId('manage').dataset.version;
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
