// The card of an event: what happened, how bad it is, the facts, where to look, and who says so.

import type { Ask } from '../../domain/ask.ts';
import { clip, cut, toMarkdown, toMarkdownLine } from '../../domain/literal.ts';
import type { EventContent, NameValue } from '../../domain/notification.ts';
import { countButtons } from './ask-buttons.ts';
import { askParts } from './ask-parts.ts';
import {
  type CardElement,
  type ComposedCard,
  createCardActivity,
  type LeftOut,
  textBlock,
  unitsOf,
} from './card-activity.ts';
import { type EventCardOptions, frameOf } from './event-frame.ts';
import { takeFitting } from './fitting.ts';
import { type ImageElement, type OpenUrlAction, toImage, toOpenUrl } from './links.ts';
import { cutMarkdown, toMarkdownBlocks } from './markdown.ts';
import { ESCALATED_UNITS, MENU_UNITS, THROUGH_QUIET_UNITS } from './menu.ts';
import { createRefreshedActivity, type RefreshBy } from './refresh.ts';
import { textsFor } from './texts/texts-for.ts';

/** Longest name and value of a fact, in UTF-16 units before they are escaped. */
const FACT_LENGTHS = { full: { name: 128, value: 1_024 }, reduced: { name: 64, value: 160 } } as const;
type FactLengths = (typeof FACT_LENGTHS)[keyof typeof FACT_LENGTHS];

/**
 * Kept free for the lines that say what was left out, for the frame of each part, for the times, and for what the words
 * of another language take more than English ones. Of the languages that there are, French takes most: 800.
 */
const RESERVED_UNITS = 1_024;

/** Part of the room that links and images may take together; long addresses shall not displace the text. */
const MAX_ADDRESSES_SHARE = 0.6;

/** Teams' store rule. */
const MAX_ACTIONS = 6;

/** Who fetches a view of their own. */
function refreshBy({ notification, refreshFor = [], maxUnits }: EventCardOptions): RefreshBy | undefined {
  return notification === undefined
    ? undefined
    : { press: { bellhop: 'refreshAsk', notification }, userIds: refreshFor, maxUnits };
}

/** As many whether people have answered or not: what is told to be left out when it is accepted stays true. */
function maxLinks(ask: Ask | undefined): number {
  return MAX_ACTIONS - (ask ? Math.min(MAX_ACTIONS, countButtons(ask)) : 0);
}

/** The message of an event, at most `maxUnits` long; what does not fit is counted, on the card too. */
export function buildEventCard(content: EventContent, options: EventCardOptions): ComposedCard {
  const form = options.isReduced ? 'reduced' : 'full';
  const { header, footer, ownLine, ...frame } = frameOf(content, options);
  const roomForAll = options.maxUnits - reservedUnits(options) - unitsOfBare(content, options);
  const isOver = options.lifecycle?.state === 'resolved';
  const asks = askParts(content.ask, { ...options, maxUnits: roomForAll, isOver, ownLine });
  const room = roomForAll - asks.units;
  const { text, images, facts, actions, leftOut } = fitContent(content, room, FACT_LENGTHS[form]);
  const isDecided = options.asked?.decided !== undefined;
  const body = [
    ...header,
    ...(isDecided ? asks.answers : []),
    ...text,
    ...images,
    ...(facts.length > 0 ? [{ type: 'FactSet', facts }] : []),
    ...notesOn(leftOut, options).map((note) => textBlock(ownLine(note), { isSubtle: true, spacing: 'Small' })),
    ...(isDecided ? [] : asks.answers),
    ...footer,
  ];
  const activity = createRefreshedActivity(
    { ...frame, body, actions: [...asks.buttons, ...actions] },
    refreshBy(options),
  );
  return { activity, leftOut };
}

/** Room for the menu is kept before anybody knows of one: what is told to be left out when it is accepted stays true. */
function reservedUnits({ isReduced }: EventCardOptions): number {
  return RESERVED_UNITS + THROUGH_QUIET_UNITS + (isReduced ? 0 : MENU_UNITS);
}

/**
 * What a card takes without its middle, for a reader of whom nothing is known and without times: so all readers get the
 * same part of the text, whatever their language, and it can be told beforehand.
 */
function unitsOfBare(content: EventContent, options: EventCardOptions): number {
  const anybody = {
    ...options,
    texts: textsFor(undefined),
    writeTime: () => '',
    ...{ acceptedAtMs: undefined, menu: undefined, isThroughQuiet: undefined, isEscalated: undefined },
  };
  const { occurredAtMs: _occurredAtMs, ...timeless } = content;
  const { header, footer, ownLine: _ownLine, ...frame } = frameOf(timeless, anybody);
  const units = unitsOf(createCardActivity({ ...frame, body: [...header, ...footer], actions: [] }));
  return units + (content.ask ? ESCALATED_UNITS : 0);
}

interface FittedContent {
  readonly text: readonly CardElement[];
  readonly images: readonly ImageElement[];
  readonly facts: readonly Fact[];
  readonly actions: readonly OpenUrlAction[];
  readonly leftOut: LeftOut;
}

/**
 * Links come first, and images get what they leave of their share; then text and facts share what is left, and each
 * gets what the other does not need.
 */
function fitContent(content: EventContent, room: number, lengths: FactLengths): FittedContent {
  const links = content.links.flatMap((link) => toOpenUrl(link) ?? []);
  const actions = takeFitting(links.slice(0, maxLinks(content.ask)), room * MAX_ADDRESSES_SHARE);
  const pictures = content.images ?? [];
  const images = takeFitting(
    pictures.flatMap((image) => toImage(image) ?? []),
    room * MAX_ADDRESSES_SHARE - actions.units,
  );
  const roomForRest = room - actions.units - images.units;
  const text = (content.text ?? '').trimEnd();
  const format = TEXT_FORMATS[content.textFormat ?? 'plain'];
  const allFacts = content.facts.map((fact) => toFact(fact, lengths));
  const whole = { kept: text, blocks: format.toBlocks(text) };
  const facts = takeFitting(allFacts, Math.max(roomForRest / 2, roomForRest - unitsOf(whole.blocks)));
  const { kept, blocks } = fitText(whole, roomForRest - facts.units, format);
  return {
    text: blocks,
    images: images.items,
    facts: facts.items,
    actions: actions.items,
    leftOut: {
      characters: text.length - kept.length,
      facts: allFacts.length - facts.items.length,
      links: links.length - actions.items.length,
      images: pictures.length - images.items.length,
      unsafeLinks: content.links.length - links.length,
    },
  };
}

/** One line for each kind of thing that was left out. */
function notesOn(leftOut: LeftOut, { texts }: EventCardOptions): readonly string[] {
  return [
    ...noteIf(leftOut.characters, texts.moreCharacters),
    ...noteIf(leftOut.facts, texts.moreFacts),
    ...noteIf(leftOut.links, texts.moreLinks),
    ...noteIf(leftOut.images, texts.moreImages),
    ...noteIf(leftOut.unsafeLinks, texts.unsafeLinks),
  ];
}

function noteIf(count: number, note: (count: number) => string): readonly string[] {
  return count > 0 ? [note(count)] : [];
}

/** One row of a FactSet, markdown in both columns. */
interface Fact {
  readonly title: string;
  readonly value: string;
}

function toFact(fact: NameValue, lengths: FactLengths): Fact {
  return { title: toMarkdownLine(clip(fact.name, lengths.name)), value: toMarkdown(clip(fact.value, lengths.value)) };
}

/** How a text becomes elements of a card, and where it may be cut. */
interface TextFormatter {
  toBlocks(text: string): readonly CardElement[];
  cut(text: string, maxUnits: number): string;
}

const TEXT_FORMATS: Readonly<Record<NonNullable<EventContent['textFormat']>, TextFormatter>> = {
  plain: { toBlocks: (text) => (text === '' ? [] : [textBlock(toMarkdown(text))]), cut },
  markdown: { toBlocks: toMarkdownBlocks, cut: cutMarkdown },
};

/** A beginning of a text, and that as elements. */
interface KeptText {
  readonly kept: string;
  readonly blocks: readonly CardElement[];
}

/** Plain text fits after two or three rounds; markdown can grow where it is cut, and must come to an end as well. */
const EXACT_ROUNDS = 6;

/**
 * A beginning of the text whose elements fit into `maxUnits` of JSON. Each round cuts by what it is too long; it may be
 * a little shorter than possible.
 */
function fitText(whole: KeptText, maxUnits: number, format: TextFormatter): KeptText {
  let { kept, blocks } = whole;
  for (let round = 0, units = unitsOf(blocks); units > maxUnits && kept !== ''; round++, units = unitsOf(blocks)) {
    const share = round < EXACT_ROUNDS ? maxUnits / units : Math.min(0.5, maxUnits / units);
    kept = format.cut(kept, Math.min(kept.length - 1, Math.floor(kept.length * share)));
    blocks = format.toBlocks(kept);
  }
  return { kept: kept.trimEnd(), blocks };
}
