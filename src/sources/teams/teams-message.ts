// What people post to the incoming webhooks of Teams and to workflows in their place: messages with cards. Pure.

import { checkCard } from '../../domain/card-check.ts';
import { AppError } from '../../domain/errors.ts';
import type { Draft, DraftLink, SourceEvent } from '../../domain/source.ts';
import { severityOfColor } from '../color-severity.ts';
import { at, isObject, joined, listAt, requireObject, textAt } from '../payload.ts';
import { withoutMarkdown } from '../readable-text.ts';
import { repairCard } from './adaptive-card-repair.ts';
import { type CardPiece, piecesOf } from './adaptive-card-texts.ts';
import { withoutMentions } from './adaptive-card-values.ts';
import { draftOfMessageCard } from './message-card-draft.ts';

/** More cards in one message than this are none that somebody reads. */
const MAX_ATTACHMENTS = 10;

/**
 * One event for each card: those of `attachments`, or the body itself.
 *
 * @throws AppError `invalid_request` when there is nothing to show
 */
export function eventsOfTeamsMessage(body: unknown): readonly SourceEvent[] {
  const expected = 'a message for Teams with something to show';
  requireObject(body, expected);
  const cards = listAt(body, 'attachments')
    .slice(0, MAX_ATTACHMENTS)
    .flatMap((one) => draftOfAttachment(one, body) ?? []);
  const drafts = cards.length > 0 ? cards : [draftOfContent(body, undefined) ?? []].flat();
  if (drafts.length === 0) {
    throw new AppError(
      'invalid_request',
      `Expected ${expected}: attachments with an Adaptive Card, a MessageCard, or an object with text`,
    );
  }
  return drafts.map((draft) => ({ draft }));
}

function draftOfAttachment(attachment: unknown, message: unknown): Draft | undefined {
  const content = parsed(at(attachment, 'content'));
  // One that speaks for all of several cards would make them look the same.
  const isOnly = listAt(message, 'attachments').length === 1;
  const summary = isOnly ? (textAt(message, 'summary') ?? textAt(message, 'text')) : undefined;
  return draftOfContent(content, { summary, contentType: textAt(attachment, 'contentType') });
}

/** Some flows put the card there as text. */
function parsed(content: unknown): unknown {
  if (typeof content !== 'string') {
    return content;
  }
  try {
    return JSON.parse(content);
  } catch {
    return undefined;
  }
}

interface Envelope {
  readonly summary: string | undefined;
  readonly contentType: string | undefined;
}

function draftOfContent(content: unknown, envelope: Envelope | undefined): Draft | undefined {
  const contentType = envelope?.contentType ?? '';
  if (textAt(content, 'type') === 'AdaptiveCard' || (/\.adaptive$/i.test(contentType) && isObject(content))) {
    return draftOfAdaptiveCard(content, envelope?.summary);
  }
  return /\.(hero|thumbnail)$/i.test(contentType) ? draftOfHeroCard(content) : draftOfMessageCard(content);
}

/** The older cards of bots: a title, a text, pictures and buttons. */
function draftOfHeroCard(card: unknown): Draft | undefined {
  const draft = draftOfMessageCard({
    title: at(card, 'title'),
    text: joined('\n\n', textAt(card, 'subtitle'), textAt(card, 'text')),
    sections: [
      { images: listAt(card, 'images').map((image) => ({ image: at(image, 'url'), title: at(image, 'alt') })) },
    ],
  });
  const links = listAt(card, 'buttons').map((button) => ({
    title: textAt(button, 'title') ?? '',
    url: textAt(button, 'type') === 'openUrl' ? at(button, 'value') : undefined,
  }));
  return draft && { ...draft, links };
}

/** What a message around a card may take besides it, of the smallest size that Teams takes. */
const MAX_CARD_UNITS = 13_400;

/** The card as it is; what cannot be sent as a card is told in its words, so that nothing is lost on an evil day. */
function draftOfAdaptiveCard(card: unknown, summary: string | undefined): Draft | undefined {
  const pieces = piecesOf(card);
  const made = repairCard(card);
  const title = plainLine(summary ?? nameOf(pieces) ?? '');
  if (made === undefined) {
    return undefined;
  }
  const severity = pieces
    .map((piece) => severityOfColor('look' in piece ? piece.look : undefined))
    .find((one) => one !== undefined);
  const { card: sent, isWhole } = made;
  const isSendable = isWhole && JSON.stringify(sent).length <= MAX_CARD_UNITS && checkCard(sent, '').length === 0;
  return isSendable ? { title, severity, card: sent } : { title, severity, ...wordsOf(pieces, title) };
}

function nameOf(pieces: readonly CardPiece[]): string | undefined {
  const [first] = pieces.filter(({ kind }) => kind === 'text');
  const [other] = pieces.filter(({ kind }) => kind !== 'text' && kind !== 'style');
  return first?.kind === 'text'
    ? first.text
    : other?.kind === 'fact'
      ? `${other.name}: ${other.value}`
      : other?.kind === 'image'
        ? other.alt
        : other?.kind === 'link'
          ? other.title
          : undefined;
}

function wordsOf(pieces: readonly CardPiece[], title: string): Omit<Draft, 'title'> {
  const texts = pieces.flatMap((piece) => (piece.kind === 'text' ? [withoutMentions(piece.text)] : []));
  const links: readonly DraftLink[] = pieces.filter((piece) => piece.kind === 'link');
  return {
    text: joined('\n\n', ...texts.filter((text, index) => index > 0 || plainLine(text) !== title)),
    textFormat: 'markdown',
    facts: pieces.flatMap((piece) =>
      piece.kind === 'fact' ? [{ name: plainLine(piece.name), value: plainLine(piece.value) }] : [],
    ),
    links,
    images: pieces.filter((piece) => piece.kind === 'image'),
  };
}

function plainLine(text: string): string {
  return withoutMarkdown(withoutMentions(text)).replace(/\s+/g, ' ').trim();
}
