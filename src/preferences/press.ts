// What the menu of a notification does.

import type { BotAnswer } from '../domain/bot-answer.ts';
import type { MuteSpan, SayPress } from '../domain/press.ts';
import type { ShownMessage } from '../store/statements/conversation-history.ts';
import type { MuteTime } from './command.ts';
import { explain, sourceOf } from './look-back.ts';
import { type MuteWish, mute } from './mute.ts';
import type { Speaker } from './speaker.ts';

/** A press in the menu of a notification. */
export type MenuPress = Exclude<SayPress, { bellhop: 'command' }>;

const NOT_YOURS: BotAnswer = { kind: 'notYours' };
const SPANS: Readonly<Record<MuteSpan, MuteTime>> = {
  '1h': { kind: 'for', ms: 3_600_000 },
  today: { kind: 'today' },
  always: { kind: 'always' },
};

/** Only for those who got the notification in their own chat, whatever the button says. */
export async function answerMenu(speaker: Speaker, press: MenuPress): Promise<BotAnswer> {
  const { tx, personId } = speaker;
  const chat = await tx.conversations.findByPerson(personId);
  const message = chat && (await tx.conversationHistory.findMessage(chat.id, press.notification));
  if (!message) {
    return NOT_YOURS;
  }
  if (press.bellhop === 'why') {
    return (await explain(speaker, message)) ?? NOT_YOURS;
  }
  const wish = await findWish(speaker, message, press.what);
  return wish ? mute(speaker, wish, SPANS[press.for]) : NOT_YOURS;
}

/** What has no key is muted by its source. */
async function findWish(
  { tx }: Speaker,
  { notificationId, content }: ShownMessage,
  what: 'source' | 'key',
): Promise<MuteWish | undefined> {
  const key = what === 'key' ? await tx.lifecycles.findKey(notificationId) : undefined;
  if (key !== undefined) {
    return { kind: 'key', name: key };
  }
  const source = sourceOf(content);
  return source === undefined ? undefined : { kind: 'source', name: source };
}
