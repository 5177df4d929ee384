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
      teamState: team.state,
      members: team.members,
      isGeneral: channel.conversationId === team.id,
    })),
  );
  const groupChats = state.groupChats.map((chat) => ({ ...chat, group: 'group-chats', title: chat.name }));
  const chats = [...people, ...channels, ...groupChats];
  const { botName, lastEventId } = state;
  return { botName, lastEventId, people, chats: chats.map((chat) => ({ ...chat, unread: 0 })), requests: [] };
}

/** A model that was read anew, with what only this page knows. Pure. */
export function keepOwn(fresh, model) {
  const chats = fresh.chats.map((chat) => {
    const known = model.chats.find(({ conversationId }) => conversationId === chat.conversationId);
    return known ? { ...chat, unread: known.unread, trouble: known.trouble } : chat;
  });
  return { ...fresh, chats, requests: model.requests };
}

/** @returns the model after an event. Pure. */
export function applyEvent(model, event, selectedId) {
  if (event.kind === 'request') {
    return { ...model, requests: [event.entry, ...model.requests].slice(0, MAX_REQUESTS) };
  }
  // Activities of a channel name their thread as well.
  const [conversationId] = (event.conversationId ?? '').split(';');
  const place = model.chats.find((chat) => chat.conversationId === conversationId);
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
    case 'view':
    case 'reaction': {
      const changed = { ...event.message, eventId: event.id };
      return { ...chat, messages: chat.messages.map((message) => (message.id === changed.id ? changed : message)) };
    }
    case 'install':
    case 'uninstall':
      return { ...chat, isInstalled: event.kind === 'install', hasBot: event.kind === 'install', trouble: undefined };
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

/** Whether somebody can write here at this moment. */
export function isWritable(chat) {
  return chat.hasBot && !chat.isBlocked && !chat.isDeleted && (chat.teamState ?? 'active') === 'active';
}

/** The one line that stands for a message in lists and toasts. */
export function summarize(message) {
  if (message.deletedAtMs) {
    return 'Message removed';
  }
  const { summary, text, entities = [], attachments } = message.activity;
  return summary ?? (text && withNames(text, entities)) ?? attachments?.[0]?.content?.fallbackText ?? 'Sent a card';
}

function withNames(text, entities) {
  return entities.reduce((rest, { text: at, mentioned }) => rest.replaceAll(at, `@${mentioned.name}`), text);
}
