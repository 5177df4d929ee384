// The dialog in which a person, a team, a channel or a group chat is changed.

import { api } from './api.js';
import { element } from './dom.js';

/**
 * Drawn anew when what it shows has changed, so that nothing is lost of what is being typed.
 * @param {HTMLDialogElement} dialog
 * @param {{ model: object, chat: object, onTrouble: (error: Error) => void }} view
 */
export function renderManageDialog(dialog, view) {
  const { chat, model } = view;
  const { messages: _, unread: __, trouble: ___, ...facts } = chat;
  const version = JSON.stringify([facts, model.people.map(({ key, name }) => [key, name])]);
  if (!dialog.open || dialog.dataset.version === version) {
    return;
  }
  dialog.dataset.version = version;
  const focused = dialog.contains(document.activeElement) ? document.activeElement : undefined;
  const inputs = [...dialog.querySelectorAll('input')];
  dialog.replaceChildren(
    element(
      'header',
      { class: 'dialog-head' },
      element('h2', { id: 'manage-title' }, chat.teamName ? `${chat.teamName} › ${chat.title}` : chat.title),
      element(
        'button',
        { class: 'icon-button', type: 'button', 'aria-label': 'Close', onclick: () => dialog.close() },
        '×',
      ),
    ),
    ...sectionsOf(view),
  );
  const again = (node) => dialog.querySelector(`[data-name="${CSS.escape(node.dataset.name ?? '')}"]`);
  for (const input of inputs) {
    keepWriting(input, again(input));
  }
  if (focused !== undefined) {
    (again(focused) ?? dialog.querySelector('button')).focus();
  }
}

/** Takes over what was written into a field and not yet set, and the cursor. */
function keepWriting(before, now) {
  if (now === null) {
    return;
  }
  if (before.value !== before.dataset.drawn) {
    now.value = before.value;
  }
  now.setSelectionRange(before.selectionStart, before.selectionEnd, before.selectionDirection);
}

function sectionsOf(view) {
  switch (view.chat.group) {
    case 'people':
      return [renderPerson(view)];
    case 'teams':
      return [...renderChannel(view), ...renderTeam(view)];
    default:
      return [renderMembers(view)];
  }
}

function renderPerson(view) {
  const { chat } = view;
  const change = (part) => attempt(view, api.changePerson(chat, part));
  return section(
    'What Teams tells of this person',
    field('Time zone', chat.timeZone, { label: 'Set', onSave: (timeZone) => change({ timeZone }) }),
    field('Language', chat.locale, { label: 'Set', onSave: (locale) => change({ locale }) }),
    element(
      'div',
      { class: 'choices', role: 'group', 'aria-label': 'Role' },
      ...['user', 'guest', 'anonymous'].map((role) =>
        action(role, () => change({ role }), { 'aria-pressed': String(chat.role === role) }),
      ),
    ),
    chat.hasBot && action('Send a read receipt', () => attempt(view, api.act(chat, 'read'))),
  );
}

function renderChannel(view) {
  const { chat } = view;
  if (chat.isGeneral || chat.teamState !== 'active') {
    return [];
  }
  const change = (path, body) => attempt(view, api.changeChannel(chat, path, body));
  return [
    section(
      'Channel',
      ...(chat.isDeleted
        ? [action('Restore channel', () => change('restore'))]
        : [
            field('Channel name', chat.title, { label: 'Rename', onSave: (name) => change('rename', { name }) }),
            action('Delete channel', () => change('delete')),
          ]),
    ),
  ];
}

function renderTeam(view) {
  const { chat } = view;
  const change = (path, body) => attempt(view, api.changeTeam(chat, path, body));
  const verbs = {
    active: [
      ['Archive team', 'archive'],
      ['Delete team', 'delete'],
    ],
    archived: [['Unarchive team', 'unarchive']],
    deleted: [
      ['Restore team', 'restore'],
      ['Delete for good', 'hard-delete'],
    ],
  }[chat.teamState];
  const isActive = chat.teamState === 'active';
  return [
    section(
      'Team',
      isActive && field('Team name', chat.teamName, { label: 'Rename', onSave: (name) => change('rename', { name }) }),
      isActive && field('New channel', '', { label: 'Create', onSave: (name) => change('channels', { name }) }),
      element('div', { class: 'choices' }, ...verbs.map(([label, verb]) => action(label, () => change(verb)))),
    ),
    ...(chat.teamState === 'deleted' ? [] : [renderMembers(view)]),
  ];
}

function renderMembers(view) {
  const { chat, model } = view;
  return section(
    'Members',
    element(
      'ul',
      { class: 'members' },
      ...model.people.map((person) => {
        const isMember = chat.members.includes(person.key);
        const label = isMember ? 'Take out' : 'Add';
        const change = () => (isMember ? api.removeMember : api.addMember)(chat, person.key);
        const button = action(label, () => attempt(view, change()), { 'aria-label': `${label}: ${person.name}` });
        button.dataset.name = `member ${person.key}`;
        return element('li', {}, element('span', { class: 'member-name' }, person.name), button);
      }),
    ),
  );
}

function section(title, ...parts) {
  return element('section', {}, element('h3', {}, title), ...parts);
}

function field(label, value, { label: verb, onSave }) {
  const input = element('input', { value, maxLength: 200, autocomplete: 'off', spellcheck: false });
  input.dataset.name = label;
  input.dataset.drawn = input.value;
  return element(
    'form',
    {
      class: 'field',
      onsubmit: (event) => {
        event.preventDefault();
        input.dataset.drawn = input.value;
        onSave(input.value);
      },
    },
    element('label', {}, element('span', {}, label), input),
    element('button', { class: 'button', type: 'submit' }, verb),
  );
}

function action(label, onclick, properties = {}) {
  const button = element('button', { class: 'button', type: 'button', onclick, ...properties }, label);
  button.dataset.name = label;
  return button;
}

function attempt({ onTrouble }, request) {
  return request.catch(onTrouble);
}
