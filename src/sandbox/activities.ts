// The activities that Teams sends to a bot, in Teams' shapes. Pure.

import type { SandboxConversation, WireActivity } from './conversations.ts';
import { isRecord } from './exchange.ts';
import { type Mentionable, type MentioningText, markUp } from './mentions.ts';
import type { SandboxPerson, SandboxTeam } from './residents.ts';

/** What is the same in all activities of one sandbox. */
export interface ActivityFrame {
  readonly appId: string;
  readonly botName: string;
  readonly tenantId: string;
  readonly serviceUrl: string;
}

/** Who does what where, at which instant. */
export interface ActivityOccasion {
  readonly id: string;
  readonly atMs: number;
  readonly person: SandboxPerson;
  readonly conversation: SandboxConversation;
  /** The root message of the channel thread in which it happens. */
  readonly threadId?: string;
}

/** The app came to, or left, a conversation: the source of truth for installed or not. */
export function installationUpdate(
  frame: ActivityFrame,
  occasion: ActivityOccasion,
  action: 'add' | 'remove',
): WireActivity {
  return event(frame, occasion, {
    type: 'installationUpdate',
    action,
    channelData: {
      ...channelData(frame, occasion),
      ...(occasion.conversation.kind === 'personal' && { source: { name: 'message' } }),
      ...(occasion.conversation.team &&
        action === 'add' && { settings: { selectedChannel: { id: occasion.conversation.id } } }),
    },
  });
}

/** The bot came to, or left, a conversation; a personal one brings the person along. */
export function membersUpdate(
  frame: ActivityFrame,
  occasion: ActivityOccasion,
  change: 'membersAdded' | 'membersRemoved',
): WireActivity {
  const { conversation, person } = occasion;
  const bot = { id: botAccountId(frame.appId) };
  const eventType = change === 'membersAdded' ? 'teamMemberAdded' : 'teamMemberRemoved';
  return event(frame, occasion, {
    type: 'conversationUpdate',
    [change]: conversation.kind === 'personal' ? [bot, accountOf(person)] : [bot],
    channelData: { ...channelData(frame, occasion), ...(conversation.team && { eventType }) },
  });
}

/** A person came to, or left, a team or a group chat; a team's own conversation tells it. */
export function personUpdate(
  frame: ActivityFrame,
  occasion: ActivityOccasion,
  update: { readonly change: 'membersAdded' | 'membersRemoved'; readonly member: SandboxPerson },
): WireActivity {
  const { team } = occasion.conversation;
  const eventType = update.change === 'membersAdded' ? 'teamMemberAdded' : 'teamMemberRemoved';
  return event(frame, occasion, {
    type: 'conversationUpdate',
    [update.change]: [accountOf(update.member)],
    channelData: { ...(team && { eventType, team: describeTeam(team) }), tenant: { id: frame.tenantId } },
  });
}

/** What can happen to a team or a channel, in Teams' words. */
export interface PlaceUpdate {
  readonly eventType: string;
  readonly channel?: { readonly id: string; readonly name: string };
}

/** Something happened to a team, or to one of its channels; the team's own conversation tells it. */
export function placeUpdate(
  frame: ActivityFrame,
  occasion: ActivityOccasion,
  { eventType, channel }: PlaceUpdate,
): WireActivity {
  const { id = '', name = '' } = occasion.conversation.team ?? {};
  return event(frame, occasion, {
    type: 'conversationUpdate',
    channelData: {
      eventType,
      ...(channel ? { channel, team: { id } } : { team: { id, name } }),
      tenant: { id: frame.tenantId },
    },
  });
}

/** What a person wrote, with the HTML form that Teams adds, and with whom it mentions. */
export function textMessage(frame: ActivityFrame, occasion: ActivityOccasion, said: MentioningText): WireActivity {
  return {
    ...envelope(frame, occasion),
    type: 'message',
    text: said.text,
    textFormat: 'plain',
    attachments: [{ contentType: 'text/html', content: `<div>${said.html}</div>` }],
    entities: [...mentionEntities(said.mentions), ...clientInfo(occasion.person)],
  };
}

/** What names the mentioned beside the text. */
export function mentionEntities(mentions: readonly Mentionable[]): readonly WireActivity[] {
  return mentions.map(({ id, name }) => ({ type: 'mention', text: markUp({ id, name }), mentioned: { id, name } }));
}

/** A pressed card button: no text unless it is a `messageBack`. */
export function cardSubmit(
  frame: ActivityFrame,
  occasion: ActivityOccasion,
  submit: { readonly replyToId: string; readonly value: unknown; readonly text?: string },
): WireActivity {
  return { ...envelope(frame, occasion), type: 'message', ...submit };
}

/** What an `Action.Execute` sends. */
export interface Executed {
  readonly replyToId: string;
  /** The card's, its data merged with the inputs. */
  readonly action: Readonly<Record<string, unknown>>;
  /** `automatic`: nobody pressed, the client fetches the view of its person. */
  readonly trigger: 'manual' | 'automatic';
}

/** A pressed `Action.Execute` button, or a card that refreshes itself. */
export function cardExecute(
  frame: ActivityFrame,
  occasion: ActivityOccasion,
  { replyToId, action, trigger }: Executed,
): WireActivity {
  return {
    ...envelope(frame, occasion),
    type: 'invoke',
    name: 'adaptiveCard/action',
    replyToId,
    value: { action, trigger },
  };
}

/** The person of a 1:1 chat has read it up to a message. */
export function readReceipt(frame: ActivityFrame, occasion: ActivityOccasion, lastReadMessageId: string): WireActivity {
  return event(frame, occasion, {
    type: 'event',
    name: 'application/vnd.microsoft.readReceipt',
    value: { lastReadMessageId },
  });
}

/** Somebody put a reaction on a message, or took it away. */
export function messageReaction(
  frame: ActivityFrame,
  occasion: ActivityOccasion,
  reaction: { readonly replyToId: string; readonly type: string; readonly isAdded: boolean },
): WireActivity {
  const { replyToId, type, isAdded } = reaction;
  return event(frame, occasion, {
    type: 'messageReaction',
    replyToId,
    [isAdded ? 'reactionsAdded' : 'reactionsRemoved']: [{ type }],
  });
}

/** The bot's own account in every conversation. */
export function botAccountId(appId: string): string {
  return `28:${appId}`;
}

/** Data of a card button together with what was entered; inputs win. */
export function mergeInputs(data: unknown, inputs: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { msteams: _, ...rest } = isRecord(data) ? data : {};
  return { ...rest, ...inputs };
}

/** Events tell ids only; names come with messages. */
function event(frame: ActivityFrame, occasion: ActivityOccasion, parts: WireActivity): WireActivity {
  return { ...envelope(frame, occasion), from: accountOf(occasion.person), ...parts };
}

function envelope(frame: ActivityFrame, occasion: ActivityOccasion): WireActivity {
  const { person, conversation, threadId } = occasion;
  return {
    id: occasion.id,
    timestamp: new Date(occasion.atMs).toISOString(),
    channelId: 'msteams',
    serviceUrl: frame.serviceUrl,
    from: { ...accountOf(person), name: person.name },
    recipient: { id: botAccountId(frame.appId), name: frame.botName },
    conversation: {
      ...(conversation.kind !== 'personal' && { isGroup: true }),
      conversationType: conversation.kind,
      tenantId: frame.tenantId,
      id: threadId === undefined ? conversation.id : `${conversation.id};messageid=${threadId}`,
    },
    channelData: channelData(frame, occasion),
    locale: person.locale,
    entities: clientInfo(person),
  };
}

function clientInfo({ locale, country, timeZone }: SandboxPerson): readonly WireActivity[] {
  return [{ type: 'clientInfo', locale, country, platform: 'Web', timezone: timeZone }];
}

function channelData(frame: ActivityFrame, { conversation }: ActivityOccasion): WireActivity {
  const { team } = conversation;
  return {
    ...(team && {
      channel: { id: conversation.id },
      team: describeTeam(team),
    }),
    tenant: { id: frame.tenantId },
  };
}

function describeTeam({ id, name, aadGroupId }: SandboxTeam): WireActivity {
  return { id, name, aadGroupId };
}

function accountOf(person: SandboxPerson): WireActivity {
  return { id: person.teamsUserId, ...(person.role !== 'anonymous' && { aadObjectId: person.aadObjectId }) };
}
