// The card of an event: what happened, how bad it is, the facts, where to look, and who says so.

import { clip, cut, toLine, toMarkdown, toMarkdownLine } from '../../domain/literal.ts';
import type { EventContent, NameValue, Severity } from '../../domain/notification.ts';
import {
  type CardParts,
  type ComposedCard,
  createCardActivity,
  type LeftOut,
  textBlock,
  unitsOf,
} from './card-activity.ts';
import { type OpenUrlAction, toOpenUrl } from './links.ts';
import type { CardTexts } from './texts.ts';

/** Said by icon and by word: colour alone tells some people nothing. The styles adapt to light and dark themes. */
const SEVERITY_LOOKS: Readonly<Record<Severity, { readonly icon: string; readonly style: string }>> = {
  info: { icon: 'ℹ️', style: 'accent' },
  success: { icon: '✅', style: 'good' },
  warning: { icon: '⚠️', style: 'warning' },
  error: { icon: '❌', style: 'attention' },
  critical: { icon: '🚨', style: 'attention' },
};

/** Longest title, fact and toast, in UTF-16 units before they are escaped. */
const LENGTHS = {
  full: { title: 256, name: 128, value: 1_024, summary: 256 },
  reduced: { title: 160, name: 64, value: 160, summary: 160 },
} as const;
type Lengths = (typeof LENGTHS)[keyof typeof LENGTHS];

const MAX_SOURCE_LENGTH = 64;

/** Kept free for the lines that say what was left out, and for the frame of each part. */
const RESERVED_UNITS = 768;

/** Part of the room that links may take; long addresses shall not displace the text. */
const MAX_LINKS_SHARE = 0.6;

/** Teams' store rule. */
const MAX_ACTIONS = 6;

/** How an event is told. */
export interface EventCardOptions {
  readonly texts: CardTexts;
  readonly isReduced: boolean;
  /** Units that the message may have. */
  readonly maxUnits: number;
}

/** The message of an event, at most `maxUnits` long; what does not fit is counted, on the card too. */
export function buildEventCard(content: EventContent, { texts, isReduced, maxUnits }: EventCardOptions): ComposedCard {
  const form = isReduced ? 'reduced' : 'full';
  const frame = frameOf(content, texts, LENGTHS[form]);
  const room = maxUnits - RESERVED_UNITS - unitsOf(createCardActivity(frame));
  const { text, facts, actions, notes, leftOut } = fitContent(content, room, { texts, lengths: LENGTHS[form] });
  const [header, ...footer] = frame.body;
  const body = [
    ...(header ? [header] : []),
    ...(text ? [textBlock(text)] : []),
    ...(facts.length > 0 ? [{ type: 'FactSet', facts }] : []),
    ...notes.map((note) => textBlock(note, { isSubtle: true, spacing: 'Small' })),
    ...footer,
  ];
  return { activity: createCardActivity({ ...frame, body, actions }), leftOut };
}

interface FittedContent {
  /** Markdown. */
  readonly text: string;
  readonly facts: readonly Fact[];
  readonly actions: readonly OpenUrlAction[];
  readonly leftOut: LeftOut;
  /** One line for each kind of thing that was left out. */
  readonly notes: readonly string[];
}

/** Links come first, then text and facts share what is left, and each gets what the other does not need. */
function fitContent(
  content: EventContent,
  room: number,
  { texts, lengths }: { readonly texts: CardTexts; readonly lengths: Lengths },
): FittedContent {
  const links = content.links.flatMap((link) => toOpenUrl(link) ?? []);
  const actions = takeFitting(links.slice(0, MAX_ACTIONS), room * MAX_LINKS_SHARE);
  const roomForRest = room - actions.units;
  const text = (content.text ?? '').trimEnd();
  const allFacts = content.facts.map((fact) => toFact(fact, lengths));
  const whole = { kept: text, markdown: toMarkdown(text) };
  const facts = takeFitting(allFacts, Math.max(roomForRest / 2, roomForRest - unitsOf(whole.markdown)));
  const { kept, markdown } = fitText(whole, roomForRest - facts.units);
  const leftOut: LeftOut = {
    characters: text.length - kept.length,
    facts: allFacts.length - facts.items.length,
    links: links.length - actions.items.length,
    unsafeLinks: content.links.length - links.length,
  };
  return {
    text: markdown,
    facts: facts.items,
    actions: actions.items,
    leftOut,
    notes: [
      ...noteIf(leftOut.characters, texts.moreCharacters),
      ...noteIf(leftOut.facts, texts.moreFacts),
      ...noteIf(leftOut.links, texts.moreLinks),
      ...noteIf(leftOut.unsafeLinks, texts.unsafeLinks),
    ],
  };
}

/** What every event card has, however short: header and source. */
function frameOf(content: EventContent, texts: CardTexts, lengths: Lengths): CardParts {
  const look = SEVERITY_LOOKS[content.severity];
  const word = texts.severities[content.severity];
  const title = clip(toLine(content.title), lengths.title);
  return {
    summary: `${look.icon} ${word}: ${clip(toLine(content.summary ?? content.title), lengths.summary)}`,
    fallbackText: `${word}: ${toMarkdownLine(title)}`,
    body: [
      {
        type: 'Container',
        style: look.style,
        bleed: true,
        items: [
          textBlock(`${look.icon} ${word}`, { weight: 'Bolder', size: 'Small' }),
          textBlock(toMarkdownLine(title), { weight: 'Bolder', size: 'Large', spacing: 'None', style: 'heading' }),
        ],
      },
      textBlock(texts.source(toMarkdownLine(clip(content.source, MAX_SOURCE_LENGTH))), {
        isSubtle: true,
        size: 'Small',
      }),
    ],
    actions: [],
  };
}

/** One row of a FactSet, markdown in both columns. */
interface Fact {
  readonly title: string;
  readonly value: string;
}

function toFact(fact: NameValue, lengths: Lengths): Fact {
  return { title: toMarkdownLine(clip(fact.name, lengths.name)), value: toMarkdown(clip(fact.value, lengths.value)) };
}

/** The first items that fit into `maxUnits` of JSON, commas included. */
function takeFitting<Item>(items: readonly Item[], maxUnits: number): { items: readonly Item[]; units: number } {
  let units = 0;
  let count = 0;
  for (const item of items) {
    const next = units + unitsOf(item) + 1;
    if (next > maxUnits) {
      break;
    }
    units = next;
    count += 1;
  }
  return { items: items.slice(0, count), units };
}

/** A beginning of a text, and that as markdown. */
interface KeptText {
  readonly kept: string;
  readonly markdown: string;
}

/**
 * A beginning of the text whose markdown fits into `maxUnits` of JSON. Each round cuts by what it is too long, so two
 * or three find it; it may be a little shorter than possible.
 */
function fitText(whole: KeptText, maxUnits: number): KeptText {
  let { kept, markdown } = whole;
  for (let units = unitsOf(markdown); units > maxUnits && kept !== ''; units = unitsOf(markdown)) {
    kept = cut(kept, Math.min(kept.length - 1, Math.floor((kept.length * maxUnits) / units)));
    markdown = toMarkdown(kept);
  }
  return { kept: kept.trimEnd(), markdown };
}

function noteIf(count: number, note: (count: number) => string): readonly string[] {
  return count > 0 ? [note(count)] : [];
}
