// What the page knows: chats with their messages, and how events change them.

const MAX_REQUESTS = 50;

/** Makes one flat list of chats of the sandbox's state. */
export function readState(state) {
  const people = state.people.map((person) => ({ ...person, group: 'people', title: person.name }));
  const channels = state.teams.flatMap((team) =>
    team.channels.map((channel) => ({
      ...channel,
      group: 'teams',
      key: team.key,
      title: channel.name,
      teamName: team.name,
    })),
  );
  const groupChats = state.groupChats.map((chat) => ({ ...chat, group: 'group-chats', title: chat.name }));
  const chats = [...people, ...channels, ...groupChats];
  const { botName, lastEventId } = state;
  return { botName, lastEventId, chats: chats.map((chat) => ({ ...chat, unread: 0 })), requests: [] };
}

/** @returns the model after an event. Pure. */
export function applyEvent(model, event, selectedId) {
  if (event.kind === 'request') {
    return { ...model, requests: [event.entry, ...model.requests].slice(0, MAX_REQUESTS) };
  }
  const place = model.chats.find((chat) => chat.conversationId === event.conversationId);
  if (!place) {
    return model;
  }
  const covers = (chat) =>
    event.kind === 'install' || event.kind === 'uninstall'
      ? chat.group === place.group && chat.key === place.key
      : chat === place;
  const chats = model.chats.map((chat) => (covers(chat) ? changeChat(chat, event, selectedId) : chat));
  return { ...model, chats };
}

function changeChat(chat, event, selectedId) {
  switch (event.kind) {
    case 'message': {
      const isUnread = event.message.author === 'bot' && chat.conversationId !== selectedId;
      const messages = [...chat.messages.filter(({ id }) => id !== event.message.id), event.message];
      return { ...chat, messages, unread: chat.unread + (isUnread ? 1 : 0) };
    }
    case 'edit':
    case 'delete':
      return {
        ...chat,
        messages: chat.messages.map((message) => (message.id === event.message.id ? event.message : message)),
      };
    case 'install':
    case 'uninstall':
      return { ...chat, isInstalled: event.kind === 'install', trouble: undefined };
    case 'block':
    case 'unblock':
      return { ...chat, isBlocked: event.kind === 'block' };
    case 'activity':
      return { ...chat, trouble: event.result === 'delivered' ? undefined : event };
    default:
      return chat;
  }
}

/** Everything in this chat has been seen. Pure. */
export function markRead(model, conversationId) {
  const chats = model.chats.map((chat) => (chat.conversationId === conversationId ? { ...chat, unread: 0 } : chat));
  return { ...model, chats };
}

/** The one line that stands for a message in lists and toasts. */
export function summarize(message) {
  if (message.deletedAtMs) {
    return 'Message removed';
  }
  const { summary, text, attachments } = message.activity;
  return summary ?? text ?? attachments?.[0]?.content?.fallbackText ?? 'Sent a card';
}
