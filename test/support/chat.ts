// What a person sees in the sandbox, for tests that read as a person would.

import { readableText } from '../../src/sandbox/card-text.ts';
import type { SandboxEvent } from '../../src/sandbox/events.ts';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';

const TIMEOUT_MS = 10_000;

/** The next message of the bot whose text contains `part`, as the lines that a person reads. */
export async function nextMessage(sandbox: Sandbox, part: string): Promise<readonly string[]> {
  const isIt = (event: SandboxEvent) => linesOf(event).join('\n').includes(part);
  return linesOf(await sandbox.waitFor(isIt, { timeoutMs: TIMEOUT_MS }));
}

/**
 * The next message of the bot that shows this: all of its lines as a person reads them, and then its toast, the
 * addresses behind its buttons, and the words for its pictures. Signs of markdown, and blanks, count on neither side.
 */
export async function nextCard(sandbox: Sandbox, part: string): Promise<string> {
  const textOf = (event: SandboxEvent) => {
    const unwritten = JSON.stringify(event).matchAll(/"(?:url|altText|summary)":("(?:[^"\\]|\\.)*")/g);
    return [...linesOf(event), ...[...unwritten].map(([, value]) => JSON.parse(value ?? '""'))].join('\n');
  };
  const shows = (event: SandboxEvent) => plain(textOf(event)).includes(plain(part));
  return textOf(await sandbox.waitFor(shows, { timeoutMs: TIMEOUT_MS }));
}

/** The words of a text, whether it is markdown or not. */
export function plain(text: string): string {
  return text.replace(/[\\*_~`[\]()#\s\u00a0]/g, '').replaceAll('&amp;', '&');
}

/** Every message of the bot that is in somebody's chat, oldest first, each as one text. */
export function messagesOf(sandbox: Sandbox, personKey: string): readonly string[] {
  const person = sandbox.state().people.find((one) => one.key === personKey);
  return (person?.messages ?? [])
    .filter((message) => message.author === 'bot' && message.deletedAtMs === undefined)
    .map((message) => readableText(message.activity).join('\n'));
}

function linesOf(event: SandboxEvent): readonly string[] {
  const isFromBot = event.kind === 'message' && event.message.author === 'bot';
  return isFromBot ? readableText(event.message.activity) : [];
}
