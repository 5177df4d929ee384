// What an activity means: the pure step from Bot Framework's words to Bellhop's.

import { type ConversationKind, withoutThread } from '../domain/conversation.ts';
import {
  type InboundContext,
  type InboundEvent,
  type InstallationScope,
  PLACE_CHANGES,
} from '../domain/inbound-event.ts';
import { isTimeZone } from '../domain/local-time.ts';
import { isGuid, type PersonProfile } from '../domain/person.ts';
import { readIds } from './account-ids.ts';
import type { InboundActivity } from './activity-shape.ts';
import { withOneField } from './cards/ask-entered.ts';
import { hearText } from './heard-text.ts';
import { propertyOf } from './property-of.ts';
import { idOfSign, readReaction, readReceipt } from './read-signs.ts';

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
export function readActivity(activity: InboundActivity, nowMs: number): InboundEvent | undefined {
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
    case 'messageReaction':
      return readReaction(activity, context);
    case 'event':
      return readReceipt(activity, context);
    default:
      return { ...context, kind: 'other' };
  }
}

/** The tenant that the activity names; the Connector always writes it into the channel's data. */
export function tenantIdOf(activity: InboundActivity): string | undefined {
  return activity.channelData?.tenant?.id ?? activity.conversation.tenantId;
}

function readContext(activity: InboundActivity, nowMs: number): InboundContext | undefined {
  const tenantId = tenantIdOf(activity);
  const activityId = activity.id ?? idOfSign(activity, nowMs);
  if (activityId === undefined || tenantId === undefined) {
    return undefined;
  }
  const scope = scopeOf(activity);
  const team = scope === 'team' ? activity.channelData?.team : undefined;
  const from = readPerson(activity, tenantId);
  const conversationId = withoutThread(activity.conversation.id);
  return {
    activityId,
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
    ...(team && { team: readTeam(team) }),
    ...(from && { from }),
  };
}

function readTeam({ id, name, aadGroupId }: Team): NonNullable<InboundContext['team']> {
  return { id, ...(name && { name }), ...(isGuid(aadGroupId) && { aadGroupId: aadGroupId.toLowerCase() }) };
}

type Team = NonNullable<NonNullable<InboundActivity['channelData']>['team']>;

function scopeOf({ channelData, conversation }: InboundActivity): InstallationScope {
  if (channelData?.team || conversation.conversationType === 'channel') {
    return 'team';
  }
  const isGroupChat = conversation.conversationType === 'groupChat' || conversation.isGroup === true;
  return isGroupChat ? 'groupChat' : 'personal';
}

/** @returns undefined when the bot itself is the sender, or the sender has no id to know them by */
function readPerson(activity: InboundActivity, tenantId: string): PersonProfile | undefined {
  const { from } = activity;
  if (!from || from.id === activity.recipient.id) {
    return undefined;
  }
  const ids = readIds(from, tenantId);
  if (!ids) {
    return undefined;
  }
  const clientInfo = activity.entities?.find((entity) => entity.type === 'clientInfo');
  const name = from.name?.trim();
  const locale = [activity.locale, clientInfo?.locale].map((tag) => tag && canonicalLocale(tag)).find(Boolean);
  const timeZone = [clientInfo?.timezone, activity.localTimezone].find((zone) => zone && isTimeZone(zone));
  return { ...ids, ...(name && { name }), ...(locale && { locale }), ...(timeZone && { timeZone }) };
}

function canonicalLocale(tag: string): string | undefined {
  try {
    return Intl.getCanonicalLocales(tag)[0];
  } catch {
    return undefined;
  }
}

/** An upgrade can add the bot to an installed app, or take it away: `add-upgrade`, `remove-upgrade`. */
function readInstallationUpdate(activity: InboundActivity, context: InboundContext): InboundEvent {
  switch (activity.action?.toLowerCase()) {
    case 'add':
    case 'add-upgrade':
      return { ...context, kind: 'installed', isAuthoritative: true, ...readSelectedChannel(activity) };
    case 'remove':
    case 'remove-upgrade':
      return { ...context, kind: 'removed', isAuthoritative: true };
    default:
      return { ...context, kind: 'other' };
  }
}

function readSelectedChannel({ channelData }: InboundActivity): { readonly selectedChannelId?: string } {
  const selectedChannelId = channelData?.settings?.selectedChannel?.id;
  return selectedChannelId === undefined ? {} : { selectedChannelId };
}

function readConversationUpdate(activity: InboundActivity, context: InboundContext): InboundEvent {
  const namesBot = (members: InboundActivity['membersAdded']) =>
    members?.some((member) => member.id === activity.recipient.id) ?? false;
  if (namesBot(activity.membersRemoved)) {
    return { ...context, kind: 'removed', isAuthoritative: false };
  }
  if (namesBot(activity.membersAdded)) {
    return { ...context, kind: 'installed', isAuthoritative: false };
  }
  return readPlaceChange(activity, context) ?? readMembers(activity, context) ?? { ...context, kind: 'other' };
}

/** Microsoft has spelt these events in more than one way. */
function readPlaceChange({ channelData }: InboundActivity, context: InboundContext): InboundEvent | undefined {
  const eventType = channelData?.eventType?.toLowerCase();
  const change = PLACE_CHANGES.find((known) => known.toLowerCase() === eventType);
  if (change === undefined || !context.team) {
    return undefined;
  }
  const { id, name } = channelData?.channel ?? {};
  return { ...context, kind: 'place', change, ...(id && { channel: { id, ...(name && { name }) } }) };
}

function readMembers(activity: InboundActivity, context: InboundContext): InboundEvent | undefined {
  const { tenantId } = context.conversation;
  const read = (members: InboundActivity['membersAdded']) =>
    members?.flatMap((member) => readIds(member, tenantId) ?? []) ?? [];
  const [added, left] = [read(activity.membersAdded), read(activity.membersRemoved)];
  const isTold = context.scope !== 'personal' && added.length + left.length > 0;
  return isTold ? { ...context, kind: 'members', added, left } : undefined;
}

function readMessage(activity: InboundActivity, context: InboundContext): InboundEvent {
  const { text, mentions } = hearText(activity);
  return {
    ...context,
    kind: 'message',
    text,
    ...(activity.value !== undefined && { value: withOneField(activity.value) }),
    ...(mentions.length > 0 && { mentions }),
  };
}

function readInvoke(activity: InboundActivity, context: InboundContext): InboundEvent {
  const action = activity.name === 'adaptiveCard/action' ? propertyOf(activity.value, 'action') : undefined;
  const verb = propertyOf(action, 'verb');
  return propertyOf(action, 'type') === 'Action.Execute' && typeof verb === 'string'
    ? { ...context, kind: 'action', verb, data: withOneField(propertyOf(action, 'data')) }
    : { ...context, kind: 'other' };
}
