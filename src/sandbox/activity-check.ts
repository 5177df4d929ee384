// Whether Teams would take an activity: its form, its size and the card in it.

import { type ConnectorErrorName, refuse } from './connector-errors.ts';
import type { WireActivity } from './conversations.ts';
import { type Answer, isRecord, member } from './exchange.ts';

/** About 100 KB, two bytes for each UTF-16 unit. */
const MAX_MESSAGE_BYTES = 100 * 1_024;

/** How many people may see a card in their own way. */
const MAX_REFRESHED = 60;
const ADAPTIVE_CARD = 'application/vnd.microsoft.card.adaptive';
const TEXT_FORMATS = ['markdown', 'plain', 'xml', 'extendedmarkdown', 'extendedMarkdown'];

interface Flaw {
  readonly name: ConnectorErrorName;
  readonly detail: string;
}

/**
 * Checks what a bot wants to post.
 * @param botAccountId `28:<app id>`, which `from` has to be when it is there
 * @returns the refusal, or undefined when the activity is good
 */
export function refuseActivity(activity: WireActivity, botAccountId: string): Answer | undefined {
  const flaw = findFlaw(activity, botAccountId);
  return flaw && refuse(flaw.name, flaw.detail);
}

/** Teams makes two messages of a text and a card in one activity. */
export function isSplit(activity: WireActivity): boolean {
  return hasText(activity) && attachmentsOf(activity).length > 0;
}

/** The attachments of an activity; none when they are no list. */
export function attachmentsOf(activity: WireActivity): readonly unknown[] {
  return Array.isArray(activity['attachments']) ? activity['attachments'] : [];
}

function hasText(activity: WireActivity): boolean {
  return typeof activity['text'] === 'string' && activity['text'] !== '';
}

function findFlaw(activity: WireActivity, botAccountId: string): Flaw | undefined {
  if (activity['type'] === undefined) {
    return { name: 'MissingProperty', detail: 'The activity has no type' };
  }
  if (activity['type'] !== 'message' && activity['type'] !== 'typing') {
    return { name: 'BadArgument', detail: 'Unknown activity type' };
  }
  const from = member(activity['from'], 'id');
  if (from !== undefined && from !== botAccountId) {
    return { name: 'BadArgument', detail: 'from.id is not the bot that the token was given to' };
  }
  return activity['type'] === 'message' ? findMessageFlaw(activity) : undefined;
}

function findMessageFlaw(activity: WireActivity): Flaw | undefined {
  for (const name of ['text', 'summary', 'textFormat', 'attachmentLayout']) {
    if (activity[name] !== undefined && typeof activity[name] !== 'string') {
      return { name: 'BadSyntax', detail: `${name} is not a string` };
    }
  }
  if (activity['textFormat'] !== undefined && !TEXT_FORMATS.includes(String(activity['textFormat']))) {
    return { name: 'BadArgument', detail: 'Unknown textFormat' };
  }
  if (activity['attachments'] !== undefined && !Array.isArray(activity['attachments'])) {
    return { name: 'BadSyntax', detail: 'attachments is not a list' };
  }
  if (!hasText(activity) && attachmentsOf(activity).length === 0) {
    return { name: 'BadSyntax', detail: 'The message has neither text nor attachment' };
  }
  if (messageBytes(activity) > MAX_MESSAGE_BYTES) {
    return { name: 'MessageSizeTooBig', detail: 'Message size too large.' };
  }
  return attachmentsOf(activity)
    .map(findAttachmentFlaw)
    .find((flaw) => flaw !== undefined);
}

function findAttachmentFlaw(attachment: unknown): Flaw | undefined {
  const contentType = member(attachment, 'contentType');
  if (typeof contentType !== 'string' || !/^(application\/vnd\.microsoft\.|image\/)/.test(contentType)) {
    return { name: 'BadArgument', detail: 'Unknown attachment type' };
  }
  return contentType === ADAPTIVE_CARD ? findCardFlaw(member(attachment, 'content')) : undefined;
}

function findCardFlaw(card: unknown): Flaw | undefined {
  if (!isRecord(card) || card['type'] !== 'AdaptiveCard') {
    return { name: 'BadArgument', detail: "The attachment's content is no Adaptive Card" };
  }
  const version = /^1\.(\d)$/.exec(String(card['version']))?.[1];
  if (version === undefined || Number(version) > 5) {
    return { name: 'BadArgument', detail: 'Bots may send Adaptive Cards up to version 1.5' };
  }
  const userIds = member(card['refresh'], 'userIds');
  if (Array.isArray(userIds) && userIds.length > MAX_REFRESHED) {
    return { name: 'BadArgument', detail: `A card refreshes itself for at most ${MAX_REFRESHED} people` };
  }
  for (const name of ['body', 'actions']) {
    const list = card[name];
    const isGood = Array.isArray(list) && list.every((item) => typeof member(item, 'type') === 'string');
    if (list !== undefined && !isGood) {
      return { name: 'BadArgument', detail: `The card's ${name} is not a list of elements` };
    }
  }
  return undefined;
}

/** Images in base64 do not count. */
function messageBytes(activity: WireActivity): number {
  return 2 * JSON.stringify(activity).replaceAll(/data:image\/[\w.+-]+;base64,[A-Za-z0-9+/=]*/g, '').length;
}
