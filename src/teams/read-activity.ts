// What an activity means: the pure step from Bot Framework's words to Bellhop's.

import { type ConversationKind, isConnectorId, withoutThread } from '../domain/conversation.ts';
import type { InboundContext, InboundEvent, InstallationScope } from '../domain/inbound-event.ts';
import { isGuid, type PersonProfile } from '../domain/person.ts';
import type { InboundActivity } from './activity-shape.ts';

/** A checked activity, or the SDK's own type for it, which promises no id. */
export type ReadableActivity = Omit<InboundActivity, 'id'> & { readonly id?: string | undefined };

const KIND_OF_SCOPE: Readonly<Record<InstallationScope, ConversationKind>> = {
  personal: 'personal',
  team: 'channel',
  groupChat: 'groupChat',
};

/**
 * Tells what an activity means to Bellhop. Pure.
 *
 * @param nowMs stands in for a timestamp that is missing or cannot be read
 * @returns undefined when the activity lacks its id or its tenant
 */
export function readActivity(activity: ReadableActivity, nowMs: number): InboundEvent | undefined {
  const context = readContext(activity, nowMs);
  if (!context) {
    return undefined;
  }
  switch (activity.type) {
    case 'installationUpdate':
      return readInstallationUpdate(activity, context);
    case 'conversationUpdate':
      return readConversationUpdate(activity, context);
    case 'message':
      return readMessage(activity, context);
    case 'invoke':
      return readInvoke(activity, context);
    default:
      return { ...context, kind: 'other' };
  }
}

/** The tenant that the activity names; the Connector always writes it into the channel's data. */
export function tenantIdOf(activity: ReadableActivity): string | undefined {
  return activity.channelData?.tenant?.id ?? activity.conversation.tenantId;
}

function readContext(activity: ReadableActivity, nowMs: number): InboundContext | undefined {
  const tenantId = tenantIdOf(activity);
  if (activity.id === undefined || tenantId === undefined) {
    return undefined;
  }
  const scope = scopeOf(activity);
  const team = scope === 'team' ? activity.channelData?.team : undefined;
  const from = readPerson(activity, tenantId);
  const conversationId = withoutThread(activity.conversation.id);
  return {
    activityId: activity.id,
    atMs: activity.timestamp?.getTime() ?? nowMs,
    scope,
    conversation: {
      tenantId,
      kind: KIND_OF_SCOPE[scope],
      serviceUrl: activity.serviceUrl,
      botAccountId: activity.recipient.id,
      conversationId,
    },
    ...(conversationId !== activity.conversation.id && { threadId: activity.conversation.id }),
    ...(team && { team: { id: team.id, ...(team.name && { name: team.name }) } }),
    ...(from && { from }),
  };
}

function scopeOf({ channelData, conversation }: ReadableActivity): InstallationScope {
  if (channelData?.team || conversation.conversationType === 'channel') {
    return 'team';
  }
  const isGroupChat = conversation.conversationType === 'groupChat' || conversation.isGroup === true;
  return isGroupChat ? 'groupChat' : 'personal';
}

/** @returns undefined when the bot itself is the sender, or the sender has no id to know them by */
function readPerson(activity: ReadableActivity, tenantId: string): PersonProfile | undefined {
  const { from } = activity;
  if (!from || from.id === activity.recipient.id) {
    return undefined;
  }
  const aadObjectId = isGuid(from.aadObjectId) ? from.aadObjectId.toLowerCase() : undefined;
  const teamsUserId = isUserId(from.id) ? from.id : undefined;
  if (!aadObjectId && !teamsUserId) {
    return undefined;
  }
  const clientInfo = activity.entities?.find((entity) => entity.type === 'clientInfo');
  const name = from.name?.trim();
  const locale = firstValid([activity.locale, clientInfo?.locale], canonicalLocale);
  const timeZone = firstValid([clientInfo?.timezone, activity.localTimezone], canonicalTimeZone);
  return {
    tenantId,
    ...(aadObjectId && { aadObjectId }),
    ...(teamsUserId && { teamsUserId }),
    ...(name && { name }),
    ...(locale && { locale }),
    ...(timeZone && { timeZone }),
  };
}

/** In Teams the prefix of an id tells what it is of, `29:` for people; local tools write bare ids. */
function isUserId(id: string): boolean {
  return isConnectorId(id) && (id.startsWith('29:') || !id.includes(':'));
}

function firstValid(
  candidates: readonly (string | undefined)[],
  canonical: (candidate: string) => string | undefined,
): string | undefined {
  return candidates.map((candidate) => (candidate ? canonical(candidate) : undefined)).find(Boolean);
}

function canonicalLocale(tag: string): string | undefined {
  try {
    return Intl.getCanonicalLocales(tag)[0];
  } catch {
    return undefined;
  }
}

/** Intl takes offsets such as `+01:00` as well, but they know nothing of summer time. */
function canonicalTimeZone(timeZone: string): string | undefined {
  try {
    new Intl.DateTimeFormat('en', { timeZone });
    return /^[A-Za-z]/.test(timeZone) ? timeZone : undefined;
  } catch {
    return undefined;
  }
}

/** An upgrade can add the bot to an installed app, or take it away: `add-upgrade`, `remove-upgrade`. */
function readInstallationUpdate(activity: ReadableActivity, context: InboundContext): InboundEvent {
  switch (activity.action?.toLowerCase()) {
    case 'add':
    case 'add-upgrade':
      return { ...context, kind: 'installed', isAuthoritative: true };
    case 'remove':
    case 'remove-upgrade':
      return { ...context, kind: 'removed', isAuthoritative: true };
    default:
      return { ...context, kind: 'other' };
  }
}

function readConversationUpdate(activity: ReadableActivity, context: InboundContext): InboundEvent {
  const namesBot = (members: ReadableActivity['membersAdded']) =>
    members?.some((member) => member.id === activity.recipient.id) ?? false;
  if (namesBot(activity.membersRemoved)) {
    return { ...context, kind: 'removed', isAuthoritative: false };
  }
  return namesBot(activity.membersAdded)
    ? { ...context, kind: 'installed', isAuthoritative: false }
    : { ...context, kind: 'other' };
}

function readMessage(activity: ReadableActivity, context: InboundContext): InboundEvent {
  const text = withoutMention(activity).trim();
  return { ...context, kind: 'message', text, ...(activity.value !== undefined && { value: activity.value }) };
}

/** The text without the bot's own name, which people have to write for the bot to hear them in teams and groups. */
function withoutMention({ text = '', entities = [], recipient }: ReadableActivity): string {
  return entities
    .filter((entity) => entity.type === 'mention' && entity.mentioned?.id === recipient.id)
    .reduce((rest, mention) => (mention.text ? rest.replaceAll(mention.text, ' ') : rest), text);
}

function readInvoke(activity: ReadableActivity, context: InboundContext): InboundEvent {
  const action = activity.name === 'adaptiveCard/action' ? propertyOf(activity.value, 'action') : undefined;
  const verb = propertyOf(action, 'verb');
  return propertyOf(action, 'type') === 'Action.Execute' && typeof verb === 'string'
    ? { ...context, kind: 'action', verb, data: propertyOf(action, 'data') }
    : { ...context, kind: 'other' };
}

function propertyOf(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key) ? Reflect.get(value, key) : undefined;
}
