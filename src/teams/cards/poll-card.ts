// A poll: its question, what one can choose, what the reader chose, and how it stands.

import { clip, toLine, toMarkdownLine } from '../../domain/literal.ts';
import type { PollView } from '../../domain/poll.ts';
import { type CardActivity, type CardElement, type CardParts, textBlock, unitsOf } from './card-activity.ts';
import { heading, subtle } from './card-lines.ts';
import { directionOf, isolate, isolateLine, rtlOf } from './direction.ts';
import { resultRows } from './poll-bars.ts';
import { isVotable, type PollForm, pollActions, pollField } from './poll-choices.ts';
import { createRefreshedActivity } from './refresh.ts';
import type { CardTexts } from './texts/card-texts.ts';
import type { WriteTime } from './time-text.ts';

/** How it is told. */
export interface PollCardOptions {
  readonly texts: CardTexts;
  readonly writeTime: WriteTime;
  readonly isReduced: boolean;
  /** Units that the message may have. */
  readonly maxUnits: number;
  /** Whose clients fetch a view of their own, `29:...`. */
  readonly refreshFor?: readonly string[] | undefined;
}

/** From the richest to one that fits whatever it holds. */
const SHORTEST: PollForm = { questionLength: 40, choiceLength: 8, hasBars: false };
const FORMS: readonly PollForm[] = [
  { questionLength: 512, choiceLength: 128, hasBars: true },
  { questionLength: 256, choiceLength: 64, hasBars: false },
  { questionLength: 128, choiceLength: 24, hasBars: false },
  SHORTEST,
];

const MAX_SUMMARY_LENGTH = 256;

/** Of what stands around body and actions. */
const FRAME_UNITS = 384;

/** The card in the richest form for which there is room. */
export function buildPollCard(view: PollView, options: PollCardOptions): CardActivity {
  const { isReduced, maxUnits, refreshFor: userIds = [] } = options;
  const press = { bellhop: 'refreshPoll', poll: view.id } as const;
  const forms = isReduced ? FORMS.slice(1) : FORMS;
  const fits = (parts: CardParts) => unitsOf(parts) + FRAME_UNITS <= maxUnits;
  const form = forms.find((each) => fits(pollParts(view, each, options))) ?? SHORTEST;
  return createRefreshedActivity(pollParts(view, form, options), { press, userIds, maxUnits });
}

function pollParts(view: PollView, form: PollForm, options: PollCardOptions): CardParts {
  const { texts } = options;
  const { poll } = view;
  const question = clip(toLine(poll.question), form.questionLength);
  const direction = directionOf([poll.question, ...poll.choices], texts);
  const ownLine = (text: string) => isolateLine(text, texts, direction);
  const stage = stageOf(view, texts);
  const toast = isolate(clip(question, MAX_SUMMARY_LENGTH), texts);
  return {
    summary: `📊 ${stage === undefined ? toast : texts.labelled(stage, toast)}`,
    fallbackText: isolate(toMarkdownLine(clip(question, MAX_SUMMARY_LENGTH)), texts),
    rtl: rtlOf(direction, texts),
    body: [
      ...(stage === undefined ? [] : [textBlock(ownLine(stage), { weight: 'Bolder', size: 'Small' })]),
      heading(toMarkdownLine(question)),
      ...termsOf(view, options).map((line) => subtle(ownLine(line))),
      ...standing(view, form, { texts, ownLine }),
      ...ownVote(view, form, texts).map((line) => textBlock(ownLine(line), { weight: 'Bolder' })),
      ...pollField(view, form, texts),
    ],
    actions: pollActions(view, form, texts),
  };
}

/** What the result is worth; undefined where there is none. */
function stageOf({ result }: PollView, texts: CardTexts): string | undefined {
  const { soFar, final } = texts.answers.polls;
  return result && (result.isClosed ? final : soFar);
}

/** What one has to know before one votes. */
function termsOf(view: PollView, { texts, writeTime }: PollCardOptions): readonly string[] {
  const { polls } = texts.answers;
  const { isAnonymous, closesAtMs } = view.poll;
  const isOpen = view.result?.isClosed !== true;
  return [
    ...(isAnonymous ? [polls.anonymous] : []),
    ...(isOpen && closesAtMs !== undefined
      ? [polls.openUntil(isolate(toMarkdownLine(writeTime(closesAtMs, 'full')), texts))]
      : []),
  ];
}

interface Lines {
  readonly texts: CardTexts;
  ownLine(text: string): string;
}

/** How often each choice was chosen, and by how many people. */
function standing(view: PollView, { choiceLength, hasBars }: PollForm, lines: Lines): readonly CardElement[] {
  const { poll, result, own = [] } = view;
  const { texts, ownLine } = lines;
  if (result === undefined) {
    return [];
  }
  const { noVotes, tooFew } = texts.answers.polls;
  const voters = result.voters === 0 ? noVotes : texts.voters(result.voters);
  return result.counts.length === 0 && result.voters > 0
    ? [subtle(ownLine(voters)), textBlock(ownLine(tooFew))]
    : [
        ...resultRows(poll, result, { texts, ownLine, own, hasBars, maxChoiceLength: choiceLength }),
        subtle(ownLine(voters)),
      ];
}

/** What the reader chose, and that it can be changed while that is so. */
function ownVote(view: PollView, { choiceLength }: PollForm, texts: CardTexts): readonly string[] {
  const { quoted, asks, polls } = texts.answers;
  const names = (view.own ?? []).flatMap((at) => view.poll.choices[at] ?? []);
  const shown = names.map((name) => quoted(isolate(toMarkdownLine(clip(name, choiceLength)), texts)));
  const chose = asks.youChose(texts.listed(shown));
  return names.length === 0 ? [] : [isVotable(view) ? `${chose} ${polls.mayChange}` : chose];
}
