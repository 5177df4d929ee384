// Short messages at the edge of the page that go away by themselves.

import { element } from './dom.js';

const SHOWN_MS = 6_000;
const MAX_SHOWN = 3;

/**
 * @param {HTMLElement} list
 * @param {{ title: string, text: string, onOpen?: () => void }} toast
 */
export function showToast(list, { title, text, onOpen }) {
  const close = () => node.remove();
  const open = () => {
    onOpen?.();
    close();
  };
  const node = element(
    'div',
    { class: 'toast' },
    element(
      'button',
      { class: 'toast-body', type: 'button', onclick: open },
      element('img', { src: '/page/icon.svg', alt: '', width: 32, height: 32 }),
      element('span', { class: 'toast-text' }, element('strong', {}, title), element('span', { dir: 'auto' }, text)),
    ),
    element('button', { class: 'icon-button', type: 'button', 'aria-label': 'Close', onclick: close }, '×'),
  );
  list.prepend(node);
  while (list.children.length > MAX_SHOWN) {
    list.lastElementChild.remove();
  }
  setTimeout(close, SHOWN_MS);
}
