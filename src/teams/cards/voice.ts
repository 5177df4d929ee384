// How names and times are put into a sentence: plain for a toast, or as the markdown of a card.

import { clip, toLine, toMarkdownLine } from '../../domain/literal.ts';
import type { QuietHours } from '../../domain/preferences.ts';
import { isolate } from './direction.ts';
import type { CardTexts } from './texts/card-texts.ts';
import { textsFor } from './texts/texts-for.ts';
import { createTimeWriters, type Reader, writeTimeOfDay } from './time-text.ts';

const MAX_NAME_LENGTH = 80;

/** One form of what is said to one reader. */
export interface Voice {
  readonly texts: CardTexts;
  /** The name of a thing, or what is to be written, in quotation marks. */
  quoted(text: string): string;
  /** The name of somebody or of a place. */
  named(text: string): string;
  /** @param atMs epoch milliseconds */
  time(atMs: number): string;
  /** @param minute after midnight */
  timeOfDay(minute: number): string;
  hours(quietHours: QuietHours): string;
}

/** Both forms of the same. */
export interface Voices {
  readonly texts: CardTexts;
  readonly plain: Voice;
  readonly markdown: Voice;
}

/** The voices in which one reader is spoken to. */
export function voicesFor(reader: Reader): Voices {
  const texts = textsFor(reader.locale);
  const writeTime = createTimeWriters()(reader);
  const voiceOf = (write: (text: string) => string): Voice => {
    const put = (text: string) => isolate(write(clip(text, MAX_NAME_LENGTH)), texts);
    const timeOfDay = (minute: number) => put(writeTimeOfDay(minute, reader.locale));
    return {
      texts,
      quoted: (text) => texts.answers.quoted(put(text)),
      named: put,
      time: (atMs) => put(writeTime(atMs, 'short')),
      timeOfDay,
      hours({ fromMinute, toMinute, withWeekends }) {
        const hours = `${timeOfDay(fromMinute)} – ${timeOfDay(toMinute)}`;
        return withWeekends ? texts.answers.quiet.withWeekends(hours) : hours;
      },
    };
  };
  return { texts, plain: voiceOf(toLine), markdown: voiceOf(toMarkdownLine) };
}
