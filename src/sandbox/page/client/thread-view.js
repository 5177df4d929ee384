// The threads of a channel: each with its replies and a box for one more.

import { arrange, element } from './dom.js';
import { connectBox } from './message-box.js';
import { isWritable } from './store.js';

/**
 * @param {HTMLElement} list holds the threads that are drawn already; they are kept, with what is being written
 * @param {{ chat: object, writerName: string, onSay: (text: string, threadId?: string) => void }} view
 * @param {(message: object) => HTMLElement} nodeOf
 */
export function renderThreads(list, view, nodeOf) {
  const { chat } = view;
  const known = new Map([...list.querySelectorAll('[data-thread]')].map((node) => [node.dataset.thread, node]));
  const roots = chat.messages.filter(({ id, threadId }) => !threadId || !hasRoot(chat, threadId, id));
  return roots.map((root) => {
    const key = `${chat.conversationId} ${root.id}`;
    const thread = known.get(key) ?? renderThread(root, view);
    thread.dataset.thread = key;
    const messages = chat.messages.filter(({ id, threadId }) => id === root.id || threadId === root.id);
    arrange(thread.firstElementChild, messages.map(nodeOf));
    const box = thread.lastElementChild;
    box.hidden = !isWritable(chat) || root.threadId !== undefined;
    box.elements[0].placeholder = `Reply as ${view.writerName}`;
    return thread;
  });
}

/** The first message of an old thread may be forgotten already. */
function hasRoot({ messages }, threadId, id) {
  return messages.some((message) => message.id === threadId && message.id !== id);
}

function renderThread(root, { model, onSay, suggest }) {
  const text = element('textarea', { rows: 1, maxLength: 28_000, 'aria-label': 'Reply in this thread' });
  const box = element(
    'form',
    { class: 'reply' },
    text,
    element('button', { class: 'button', type: 'submit' }, 'Reply'),
  );
  connectBox(box, text, { onSend: (written) => onSay(written, root.id), suggest });
  const author = model.people.find(({ key }) => key === root.author)?.name ?? model.botName;
  return element('section', { class: 'thread', 'aria-label': `Thread of ${author}` }, element('div', {}), box);
}
