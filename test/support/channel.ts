// What people write and read in channels and group chats of the sandbox.

import { readableText } from '../../src/sandbox/card-text.ts';
import type { SandboxMessage } from '../../src/sandbox/conversations.ts';
import type { SandboxEvent } from '../../src/sandbox/events.ts';
import type { PlacedSaying } from '../../src/sandbox/people-actions.ts';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import type { WrittenMessage } from '../../src/sandbox/writing.ts';

const TIMEOUT_MS = 10_000;

/** A channel, `operations/Incidents`, or a group chat, `on-call`; and a thread of the channel. */
export interface ReadPlace {
  readonly place: string;
  readonly threadId?: string | undefined;
}

/** Writes as a person, with `@Bellhop` and `@Ben` for mentions. @returns the ids, and what the bot said to it */
export function writeIn(sandbox: Sandbox, place: string, saying: PlacedSaying): Promise<WrittenMessage> {
  return sandbox.people.say(place, saying);
}

/** Everything that stands in a place, or in one thread of it, oldest first: `ana: text`, `bot: text`. */
export function readPlace(sandbox: Sandbox, { place, threadId }: ReadPlace): readonly string[] {
  return messagesIn(sandbox, place)
    .filter((message) => isIn(message, threadId) && message.deletedAtMs === undefined)
    .map((message) => `${message.author}: ${textOf(message)}`);
}

/**
 * The bot's message in a place, or in one thread of it, whose text contains `part`: the one that is there, or the next.
 * @returns the lines that a person reads
 */
export async function botMessageIn(sandbox: Sandbox, where: ReadPlace, part: string): Promise<readonly string[]> {
  const fits = (message: SandboxMessage) =>
    message.author === 'bot' && isIn(message, where.threadId) && textOf(message).includes(part);
  const conversation = sandbox.people.find(where.place);
  const isIt = (event: SandboxEvent) =>
    (event.kind === 'message' || event.kind === 'edit') &&
    event.conversationId === conversation.id &&
    fits(event.message);
  const there = messagesIn(sandbox, where.place).find(fits);
  if (there) {
    return readableText(there.activity);
  }
  const event = await sandbox.waitFor(isIt, { timeoutMs: TIMEOUT_MS });
  return 'message' in event ? readableText(event.message.activity) : [];
}

/** The threads of a channel, by the ids of their first messages, oldest first. */
export function threadsOf(sandbox: Sandbox, place: string): readonly string[] {
  return messagesIn(sandbox, place)
    .filter((message) => message.threadId === undefined)
    .map(({ id }) => id);
}

function messagesIn(sandbox: Sandbox, place: string): readonly SandboxMessage[] {
  return sandbox.conversations.messages(sandbox.people.find(place));
}

function isIn(message: SandboxMessage, threadId: string | undefined): boolean {
  return threadId === undefined || message.threadId === threadId || message.id === threadId;
}

function textOf(message: SandboxMessage): string {
  return readableText(message.activity).join('\n');
}
