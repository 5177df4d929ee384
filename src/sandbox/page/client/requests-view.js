// The last requests to the Connector, for those who build with it.

import { element } from './dom.js';

/** @param {{ requests: object[], chats: object[] }} model */
export function renderRequests({ count, rows }, model) {
  const latest = model.requests[0];
  count.textContent = latest ? `${latest.operation} ${statusText(latest)}` : 'no requests yet';
  rows.replaceChildren(...model.requests.map((entry) => renderRequest(entry, model.chats)));
}

function renderRequest(entry, chats) {
  const [conversationId] = (entry.conversationId ?? '').split(';');
  const chat = chats.find((candidate) => candidate.conversationId === conversationId);
  const isGood = entry.status >= 200 && entry.status < 300;
  const time = new Date(entry.receivedAtMs).toLocaleTimeString('en-GB');
  return element(
    'tr',
    {},
    element('td', {}, time),
    element(
      'td',
      {},
      entry.operation,
      entry.faultId ? element('span', { class: 'count' }, ` ${entry.faultId}`) : undefined,
    ),
    element('td', {}, chat?.title ?? conversationId),
    element('td', {}, element('span', { class: `status ${isGood ? 'good' : 'bad'}` }, statusText(entry))),
  );
}

function statusText({ status }) {
  return status === 0 ? 'no answer' : String(status);
}
