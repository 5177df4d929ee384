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

export const api = {
  state: () => send('GET', 'state'),
  ledger: () => send('GET', 'ledger'),
  /** @param chat a chat of the state; `verb` is install, uninstall, block or unblock */
  act: (chat, verb) => send('POST', `${chat.group}/${chat.key}/${verb}`),
  write: (chat, text) => send('POST', `people/${chat.key}/messages`, { text }),
  press: (chat, press) => send('POST', `people/${chat.key}/actions`, press),
};

const EVENT_KINDS = [
  ...['message', 'edit', 'delete', 'install', 'uninstall', 'block', 'unblock'],
  ...['activity', 'request', 'notice', 'reset'],
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
