// The card of an answer.

import type { BotAnswer, OpenThing, TopicView } from '../../domain/bot-answer.ts';
import { clip, toLine, toMarkdownLine } from '../../domain/literal.ts';
import { actionsOf } from './answer-actions.ts';
import { type AnswerOf, addressSentence, sentenceOf, tellSentences } from './answer-sentence.ts';
import { CARD_UNITS, type CardActivity, type CardElement, textBlock } from './card-activity.ts';
import { heading, subtle } from './card-lines.ts';
import { commandAbout } from './commands.ts';
import { directionOf, isolate, isolateLine, rtlOf } from './direction.ts';
import { createListActivity, type ListCard, rowOf } from './fitting.ts';
import { commandActions } from './press-action.ts';
import { settingRows } from './settings-rows.ts';
import type { Reader } from './time-text.ts';
import { type Voices, voicesFor } from './voice.ts';

/** For whom, and how long. */
export interface AnswerOptions extends Reader {
  readonly isReduced?: boolean;
  /** Units that the full form may have; `CARD_UNITS.full` when absent. */
  readonly maxUnits?: number | undefined;
}

const MAX_ROWS = 20;
const MAX_SUMMARY_LENGTH = 256;
const MAX_TITLE_LENGTH = 160;
const MAX_DESCRIPTION_LENGTH = 200;

/** The message of an answer; its summary is the answer in one sentence. */
export function buildAnswerCard(answer: BotAnswer, options: AnswerOptions): CardActivity {
  const voices = voicesFor(options);
  const { texts } = voices;
  const { rows = [], hidden = 0, ...parts } = partsOf(answer, voices);
  const shown = rows.slice(0, MAX_ROWS);
  return createListActivity({
    summary: clip(sentenceOf(answer, voices.plain), MAX_SUMMARY_LENGTH),
    rtl: rtlOf(texts, texts),
    ...parts,
    rows: shown,
    hidden: hidden + rows.length - shown.length,
    actions: parts.actions ?? actionsOf(answer, texts),
    maxUnits: options.isReduced ? CARD_UNITS.reduced : (options.maxUnits ?? CARD_UNITS.full),
    more: texts.more,
  });
}

type AnswerParts = Pick<ListCard, 'head' | 'tail'> & Partial<Pick<ListCard, 'rows' | 'hidden' | 'actions'>>;

/** What stands on the card; of most answers that is their sentence. */
function partsOf(answer: BotAnswer, voices: Voices): AnswerParts {
  const { texts, markdown } = voices;
  const { topics, settings, inbox, quiet, forget, zone } = texts.answers;
  const sentence = textBlock(sentenceOf(answer, markdown));
  const zoneLine = ({ timeZone, isTimeZoneKnown }: { timeZone: string; isTimeZoneKnown: boolean }) =>
    subtle(isTimeZoneKnown ? zone.known(markdown.named(timeZone)) : zone.unknown(markdown.named(timeZone)));
  switch (answer.kind) {
    case 'topics':
      return { head: [heading(topics.title), sentence], rows: answer.topics.map((topic) => topicRow(topic, voices)) };
    case 'settings':
      return {
        head: [heading(settings.title)],
        rows: settingRows(answer.settings, voices),
        tail: [zoneLine(answer.settings)],
      };
    case 'inbox':
      return {
        head: [heading(inbox.title), sentence],
        rows: answer.things.map((thing) => thingRow(thing, voices)),
        hidden: answer.more,
      };
    case 'why':
      return whyParts(answer, voices);
    case 'quietSet':
      return { head: [sentence, textBlock(quiet.urgent), zoneLine(answer)] };
    case 'digestSet':
      return { head: [sentence, zoneLine(answer)] };
    case 'forgetConfirm':
      return { head: [heading(forget.question), textBlock(forget.meaning)] };
    case 'tellResult':
      return { head: [], rows: tellSentences(answer, markdown).map((line) => textBlock(line)) };
    default:
      return { head: [sentence] };
  }
}

function topicRow({ name, description, isSubscribed }: TopicView, { texts }: Voices): CardElement {
  const { subscribe, unsubscribe } = texts.answers.topics;
  const title = isolate(toMarkdownLine(clip(name, MAX_TITLE_LENGTH)), texts);
  const about = toMarkdownLine(clip(description, MAX_DESCRIPTION_LENGTH));
  const items = [
    textBlock(isSubscribed ? `✓ ${title}` : title, { weight: 'Bolder' }),
    ...(about === '' ? [] : [subtle(isolateLine(about, directionOf([about], texts), texts))]),
  ];
  const action = isSubscribed
    ? commandActions(unsubscribe, commandAbout('unsubscribe', name))
    : commandActions(subscribe, commandAbout('subscribe', name));
  return rowOf(items, action);
}

function thingRow({ title, source, sinceMs }: OpenThing, { texts, markdown }: Voices): CardElement {
  const line = toMarkdownLine(clip(toLine(title), MAX_TITLE_LENGTH));
  const since = texts.answers.inbox.since(markdown.time(sinceMs));
  return rowOf(
    [
      textBlock(isolateLine(line, directionOf([line], texts), texts), { weight: 'Bolder' }),
      subtle(`${texts.source(markdown.named(source))} · ${since}`),
    ],
    [],
  );
}

function whyParts(answer: AnswerOf<'why'>, { texts, plain, markdown }: Voices): AnswerParts {
  const { why, menu, settings } = texts.answers;
  const { title, source, sentAtMs } = answer;
  return {
    head: [
      heading(why.title),
      textBlock(why.from(markdown.quoted(title), markdown.quoted(source))),
      textBlock(addressSentence(answer, markdown)),
      textBlock(why.howToStop(markdown.quoted('stop'))),
      subtle(markdown.time(sentAtMs)),
    ],
    actions: [
      ...commandActions(menu.muteSourceForAnHour(plain.named(source)), commandAbout('mute', source, '1h')),
      ...commandActions(menu.muteSource(plain.named(source)), commandAbout('mute', source, 'always')),
      ...commandActions(settings.title, 'status'),
    ],
  };
}
