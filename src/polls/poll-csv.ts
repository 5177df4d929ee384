// The results of a poll as a table for spreadsheets.

import type { PollResult } from '../domain/poll.ts';
import type { PollRow } from '../store/statements/polls.ts';
import type { NamedVote } from '../store/statements/votes.ts';

/** With its character set, for spreadsheets guess another one. */
export const CSV_TYPE = 'text/csv; charset=utf-8';

/**
 * One line, ended as RFC 4180 ends it. What a spreadsheet would take for a formula gets an apostrophe in front, which it
 * takes for text. Pure.
 *
 * @see https://owasp.org/www-community/attacks/CSV_Injection
 */
export function csvLine(values: readonly (string | number)[]): string {
  return `${values.map((value) => (typeof value === 'number' ? String(value) : csvField(value))).join(',')}\r\n`;
}

function csvField(text: string): string {
  const safe =
    /^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/.test(text.trimStart()) || /^[\t\r\n]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) || safe !== safe.trim() ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** How often each choice was chosen, as far as it is told: all that is known of an anonymous poll. Pure. */
export function countLines({ poll }: Pick<PollRow, 'poll'>, { counts }: Pick<PollResult, 'counts'>): readonly string[] {
  const lines = poll.choices.map((text, choice) => csvLine([text, counts[choice] ?? '']));
  return [csvLine(['choice', 'votes']), ...lines];
}

/** The names of the columns where it is known who chose what: a column for each choice. Pure. */
export function voteHeader({ poll }: Pick<PollRow, 'poll'>): string {
  return csvLine(['name', 'person', ...poll.choices]);
}

/** What one person chose: 1 in the columns of those choices, else 0. Pure. */
export function voteLine({ name, aadObjectId, choices }: NamedVote, choiceCount: number): string {
  const columns = Array.from({ length: choiceCount }, (_, choice) => (choices.includes(choice) ? 1 : 0));
  return csvLine([name ?? '', aadObjectId === null ? '' : `aad:${aadObjectId}`, ...columns]);
}
