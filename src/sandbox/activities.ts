// The activities that Teams sends to a bot, in Teams' shapes. Pure.

import type { SandboxConversation, WireActivity } from './conversations.ts';
import { isRecord } from './exchange.ts';
import type { SandboxPerson } from './organisation.ts';

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

/** What a person wrote, with the HTML form that Teams adds. */
export function textMessage(frame: ActivityFrame, occasion: ActivityOccasion, text: string): WireActivity {
  return {
    ...envelope(frame, occasion),
    type: 'message',
    text,
    textFormat: 'plain',
    attachments: [{ contentType: 'text/html', content: `<div>${escapeHtml(text)}</div>` }],
  };
}

/** A pressed card button: no text unless it is a `messageBack`. */
export function cardSubmit(
  frame: ActivityFrame,
  occasion: ActivityOccasion,
  submit: { readonly replyToId: string; readonly value: unknown; readonly text?: string },
): WireActivity {
  return { ...envelope(frame, occasion), type: 'message', ...submit };
}

/** A pressed `Action.Execute` button; `action` is the card's, its data merged with the inputs. */
export function cardExecute(
  frame: ActivityFrame,
  occasion: ActivityOccasion,
  execute: { readonly replyToId: string; readonly action: Readonly<Record<string, unknown>> },
): WireActivity {
  return {
    ...envelope(frame, occasion),
    type: 'invoke',
    name: 'adaptiveCard/action',
    replyToId: execute.replyToId,
    value: { action: execute.action, trigger: 'manual' },
  };
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
  const { person, conversation } = occasion;
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
      id: conversation.id,
    },
    channelData: channelData(frame, occasion),
    locale: person.locale,
    entities: [
      {
        type: 'clientInfo',
        locale: person.locale,
        country: person.country,
        platform: 'Web',
        timezone: person.timeZone,
      },
    ],
  };
}

function channelData(frame: ActivityFrame, { conversation }: ActivityOccasion): WireActivity {
  const { team } = conversation;
  return {
    ...(team && {
      channel: { id: conversation.id },
      team: { id: team.id, name: team.name, aadGroupId: team.aadGroupId },
    }),
    tenant: { id: frame.tenantId },
  };
}

function accountOf(person: SandboxPerson): WireActivity {
  return { id: person.teamsUserId, aadObjectId: person.aadObjectId };
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
