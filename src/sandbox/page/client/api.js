// Speaks with the sandbox: state, actions and the stream of events.

/** @returns the parsed answer; rejects with what the sandbox said was wrong */
async function send(method, path, body) {
  const response = await fetch(`/sandbox/${path}`, {
    method,
    ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const answer = text === '' ? undefined : JSON.parse(text);
  if (!response.ok) {
    throw new Error(answer?.error?.message ?? `The sandbox answered ${response.status}`);
  }
  return answer;
}

function placeOf({ group, key, conversationId }) {
  return group === 'teams' ? `channels/${key}/${encodeURIComponent(conversationId)}` : `${group}/${key}`;
}

export const api = {
  state: () => send('GET', 'state'),
  ledger: () => send('GET', 'ledger'),
  /** @param chat a chat of the state; `verb` is install, uninstall, block or unblock */
  act: (chat, verb) => send('POST', `${chat.group}/${chat.key}/${verb}`),
  write: (chat, text) => send('POST', `people/${chat.key}/messages`, { text }),
  /** @param said in a channel or a group chat: `{ person, text, threadId? }` */
  say: (chat, said) => send('POST', `${placeOf(chat)}/messages`, said),
  /** @param press in a channel or a group chat with the `person` who presses */
  press: (chat, press) => send('POST', `${placeOf(chat)}/actions`, press),
  /** @param reaction `{ messageId, type, isAdded }`, in a channel or a group chat with the `person` */
  react: (chat, reaction) => send('POST', `${placeOf(chat)}/reactions`, reaction),
  /** @param path below the team, the channel or the group chat: a change of the place itself */
  changeTeam: (chat, path, body) => send('POST', `teams/${chat.key}/${path}`, body),
  changeChannel: (chat, path, body) => send('POST', `${placeOf(chat)}/${path}`, body),
  addMember: (chat, person) => send('POST', `${chat.group}/${chat.key}/members`, { person }),
  removeMember: (chat, person) => send('DELETE', `${chat.group}/${chat.key}/members/${person}`),
  changePerson: (chat, change) => send('PATCH', `people/${chat.key}`, change),
};

const EVENT_KINDS = [
  ...['message', 'edit', 'delete', 'view', 'reaction', 'install', 'uninstall', 'block', 'unblock'],
  ...['opened', 'change', 'activity', 'request', 'notice', 'reset'],
];

/**
 * Listens for ever; the browser reconnects by itself and says where it was.
 * @param {number} afterId the event up to which the state was told
 * @param {{ onEvent: (event: object) => void, onLink: (isLive: boolean) => void }} handlers
 */
export function listen(afterId, { onEvent, onLink }) {
  const source = new EventSource(`/sandbox/events?after=${afterId}`);
  source.addEventListener('open', () => onLink(true));
  source.addEventListener('error', () => onLink(false));
  for (const kind of EVENT_KINDS) {
    source.addEventListener(kind, (message) => onEvent({ ...JSON.parse(message.data), kind }));
  }
}
