// Slack's incoming webhooks: text, attachments and blocks, as one card.

import { AppError } from '../domain/errors.ts';
import type { Severity } from '../domain/notification.ts';
import type { Dialect, Draft, SourceEvent, SourceRequest, Translation } from '../domain/source.ts';
import { severityOfColor } from './color-severity.ts';
import { at, count, joined, listAt, requireObject, textAt } from './payload.ts';
import { splitLead, withoutMarkdown } from './readable-text.ts';
import { partsOfAttachment } from './slack/attachments.ts';
import { mergeParts, NO_PARTS, partsOfBlocks, type SlackParts } from './slack/blocks.ts';
import { literalMarkdown, mrkdwnToMarkdown, mrkdwnToText } from './slack/mrkdwn.ts';

/** @see https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks */
export const slack: Dialect = {
  name: 'slack',
  title: 'Slack message',
  body: 'json',
  // Its senders know an address and nothing else.
  auth: ['url', 'token'],
  answer: { status: 200, contentType: 'text/plain', body: 'ok' },
  translate,
};

const EXPECTED = 'a message for Slack with something to show';

function translate({ body }: SourceRequest): Translation {
  requireObject(body, EXPECTED);
  const draft = draftOf(body);
  if (draft === undefined) {
    throw new AppError('invalid_request', `Expected ${EXPECTED}: an object with text, blocks or attachments`);
  }
  return { kind: 'events', events: [{ draft, traits: traitsOf(body) }] };
}

/** Slack shows twenty as well. */
const MAX_ATTACHMENTS = 20;

function draftOf(body: unknown): Draft | undefined {
  const attachments = listAt(body, 'attachments').slice(0, MAX_ATTACHMENTS);
  const blocks = partsOfBlocks(listAt(body, 'blocks'));
  const hasBlocks = !isEmpty(blocks);
  const text = textAt(body, 'text');
  const unread = listAt(body, 'attachments').length - attachments.length;
  const parts = mergeParts([
    // Beside blocks, the text is only what a notification says of them.
    hasBlocks || text === undefined ? blocks : { ...NO_PARTS, texts: [markdownOf(text, at(body, 'mrkdwn') !== false)] },
    ...attachments.map(partsOfAttachment),
    unread > 0 ? { ...NO_PARTS, texts: [`… ${count(unread, 'more attachment')}`] } : NO_PARTS,
  ]);
  if (isEmpty(parts)) {
    return undefined;
  }
  const led = leadOf(parts, titleOf(body, hasBlocks));
  return {
    title: led.title ?? headingOf(firstText(attachments, 'fallback') ?? parts.images[0]?.alt),
    text: led.text,
    textFormat: 'markdown',
    severity: worstOf(attachments),
    summary: headingOf(text),
    occurredAt: firstText(attachments, 'ts'),
    ...toLists({ ...parts, links: [...led.links, ...parts.links] }, led.title),
  };
}

function isEmpty(parts: SlackParts): boolean {
  return Object.values(parts).every((list) => list.length === 0);
}

function firstText(parts: readonly unknown[], name: string): string | undefined {
  return parts.map((part) => textAt(part, name)).find((text) => text !== undefined);
}

/** A header, what is said of the blocks, or what an attachment is called; undefined where the text leads. */
function titleOf(body: unknown, hasBlocks: boolean): string | undefined {
  const header = listAt(body, 'blocks').find((block) => textAt(block, 'type') === 'header');
  const text = textAt(body, 'text');
  const own = text === undefined ? firstText(listAt(body, 'attachments'), 'title') : undefined;
  return headingOf(textAt(header, 'text', 'text') ?? (hasBlocks ? text : undefined) ?? own);
}

/** The title stands on the card once: a paragraph that says the same goes. */
function leadOf({ texts }: SlackParts, title: string | undefined) {
  if (title === undefined) {
    return splitLead(joined('\n\n', ...texts));
  }
  const rest = texts.filter((text, index) => index > 2 || withoutMarkdown(text) !== title);
  return { title, links: [], text: joined('\n\n', ...rest) };
}

function headingOf(text: string | undefined): string | undefined {
  const lines = text === undefined ? [] : mrkdwnToText(text).split('\n');
  return lines.map((line) => textAt(line)).find((line) => line !== undefined);
}

function markdownOf(text: string, isMrkdwn: boolean): string {
  return isMrkdwn ? mrkdwnToMarkdown(text) : literalMarkdown(text);
}

/** @param title of the card; a button with the same words only says that it opens something */
function toLists({ facts, links, factLinks, images, dead }: SlackParts, title: string | undefined) {
  const all = [...links, ...factLinks].map((link) => (link.title === title ? { ...link, title: 'Open' } : link));
  const names = [...new Set(dead)].slice(0, 10).join(', ');
  return {
    facts: [...facts, ...(names === '' ? [] : [{ name: 'Not available in Teams', value: names }])].filter(
      ({ name, value }) => name !== '' || value !== '',
    ),
    links: [...new Map(all.map((link) => [link.url, link] as const).toReversed()).values()].toReversed(),
    images,
  };
}

const ORDER: readonly Severity[] = ['success', 'warning', 'error'];

/** The worst that the colours of the attachments say. */
function worstOf(attachments: readonly unknown[]): Severity | undefined {
  const severities = attachments.map((one) => severityOfColor(textAt(one, 'color')));
  return ORDER.findLast((severity) => severities.includes(severity));
}

/** The channel that a sender would have liked, and the name that it gave itself. */
function traitsOf(body: unknown): SourceEvent['traits'] {
  const channel = textAt(body, 'channel');
  return {
    actor: textAt(body, 'username'),
    ...(channel !== undefined && { labels: [`channel=${channel}`] }),
  };
}
