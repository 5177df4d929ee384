// Whether a message that waits goes to its person now, by what they have said.

import { judge } from '../domain/judge-preferences.ts';
import { existingZone } from '../domain/local-time.ts';
import type { Priority, StoredContent } from '../domain/notification.ts';
import type { DeferReason, Judgement, Preferences } from '../domain/preferences.ts';
import { isAddressed } from './compose-digest.ts';

/** A message, as far as the judgement asks. */
export interface WishedMessage {
  readonly content: StoredContent;
  readonly priority: Priority;
  readonly deferredFor?: DeferReason | undefined;
  readonly preferences?: Preferences | undefined;
  readonly target: { readonly timeZone?: string };
}

/** When it is asked, and where people are whose time zone is not known. */
export interface Wishes {
  readonly nowMs: number;
  readonly defaultTimeZone: string;
}

const SEND = { kind: 'send' } as const;

/** Pure. @param key the lifecycle key of what it is about */
export function judgeMessage(
  { content, priority, deferredFor, preferences, target }: WishedMessage,
  key: string | undefined,
  { nowMs, defaultTimeZone }: Wishes,
): Judgement {
  const source = sourceOf(content);
  if (!preferences || source === undefined) {
    return SEND;
  }
  const about = content.kind === 'reminder' ? content.key : key;
  const message = { source, passesQuiet: passesQuiet({ content, priority }), deferredFor };
  const moment = { nowMs, timeZone: existingZone(target.timeZone, defaultTimeZone) };
  return judge(preferences, { ...message, ...(about !== undefined && { key: about }) }, moment);
}

/** What those who mute questions of others call them. */
const POLL_SOURCE = 'polls';

/** By which people mute it; undefined where nothing that they have said holds: results come to whoever asked. Pure. */
export function sourceOf(content: StoredContent): string | undefined {
  if (isAddressed(content)) {
    return content.source;
  }
  return content.kind === 'poll' && !content.view.isResult ? POLL_SOURCE : undefined;
}

/** Whether it is urgent, and its producer may pass quiet hours. Pure. */
export function passesQuiet({ content, priority }: Pick<WishedMessage, 'content' | 'priority'>): boolean {
  return priority === 'urgent' && 'passesQuiet' in content && content.passesQuiet === true;
}
