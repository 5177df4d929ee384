// A box to write in: Enter sends, and an @ suggests whom to mention.

import { element } from './dom.js';

let boxCount = 0;

/**
 * @param {HTMLFormElement} form
 * @param {HTMLTextAreaElement} text
 * @param {{ onSend: (text: string) => void, suggest: (part: string) => string[] }} options `suggest` gives names that
 * begin with what stands behind the @
 */
export function connectBox(form, text, { onSend, suggest }) {
  const names = connectNames(text, suggest);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const written = text.value.trim();
    if (written !== '') {
      text.value = '';
      names.close();
      onSend(written);
    }
  });
  text.addEventListener('keydown', (event) => {
    if (names.onKey(event)) {
      event.preventDefault();
    } else if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      form.requestSubmit();
    }
  });
}

/** The list of names under way. @see https://www.w3.org/WAI/ARIA/apg/patterns/combobox/ */
function connectNames(text, suggest) {
  const id = `names-${++boxCount}`;
  const list = element('ul', { id, class: 'names', role: 'listbox', 'aria-label': 'Whom to mention', hidden: true });
  text.setAttribute('role', 'combobox');
  text.setAttribute('aria-autocomplete', 'list');
  text.setAttribute('aria-controls', id);
  text.after(list);
  let chosen = 0;
  const show = (options) => {
    list.hidden = options.length === 0;
    text.setAttribute('aria-expanded', String(!list.hidden));
    list.replaceChildren(...options.map((name, place) => option(name, place)));
    choose(0);
  };
  const option = (name, place) =>
    element(
      'li',
      {
        id: `${id}-${place}`,
        role: 'option',
        // The text keeps the focus.
        onmousedown: (event) => {
          event.preventDefault();
          take(name);
        },
      },
      name,
    );
  const choose = (place) => {
    chosen = place;
    for (const [at, node] of [...list.children].entries()) {
      node.setAttribute('aria-selected', String(at === place));
    }
    const active = list.children[place]?.id;
    if (active) {
      text.setAttribute('aria-activedescendant', active);
    } else {
      text.removeAttribute('aria-activedescendant');
    }
  };
  const take = (name) => {
    const before = text.value.slice(0, text.selectionStart).replace(/@[^@\n]*$/, `@${name} `);
    text.setRangeText(before, 0, text.selectionStart, 'end');
    show([]);
  };
  const update = () => {
    const part = /(?:^|[^\p{L}\p{N}_@.])@([\p{L}\p{N}_-]*(?: [\p{L}\p{N}_-]+)?)$/u.exec(
      text.value.slice(0, text.selectionStart),
    )?.[1];
    show(part === undefined ? [] : suggest(part));
  };
  text.addEventListener('input', update);
  text.addEventListener('blur', () => show([]));
  show([]);
  return {
    close: () => show([]),
    onKey: ({ key, isComposing }) => {
      const count = list.children.length;
      if (list.hidden || isComposing) {
        return false;
      }
      switch (key) {
        case 'ArrowDown':
        case 'ArrowUp':
          choose((chosen + (key === 'ArrowDown' ? 1 : count - 1)) % count);
          return true;
        case 'Enter':
        case 'Tab':
          take(list.children[chosen].textContent);
          return true;
        case 'Escape':
          show([]);
          return true;
        default:
          return false;
      }
    },
  };
}
