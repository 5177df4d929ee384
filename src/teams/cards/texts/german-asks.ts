// What is asked, and what is said to the answers, in German.

import type { AskTexts, CountedAsks, DialogTexts, PollTexts } from './ask-texts.ts';
import type { Counting } from './card-texts.ts';

export const GERMAN_ASKS: AskTexts = {
  acknowledge: 'Zur Kenntnis nehmen',
  acknowledgedBy: (names) => `Zur Kenntnis genommen: ${names}`,
  youAcknowledged: 'Sie haben das zur Kenntnis genommen.',
  youChose: (name) => `Sie haben ${name} gewählt.`,
  decided: (name) => `Entschieden: ${name}`,
  somebody: 'jemand',
  send: 'Senden',
  fields: {
    text: 'Schreiben Sie etwas.',
    number: 'Geben Sie eine Zahl ein.',
    date: 'Wählen Sie ein Datum.',
    choice: 'Wählen Sie etwas aus.',
  },
  reminder: 'Erinnerung: Bisher hat niemand geantwortet.',
  acknowledged: 'Danke. Es ist vermerkt, dass Sie das zur Kenntnis genommen haben.',
  isOver: 'Das ist schon entschieden oder vorbei. Ihre Antwort wurde nicht gezählt.',
  badInput: (label) =>
    `Ihre Eingabe bei ${label} passt nicht, deshalb wurde nichts gesendet. Versuchen Sie es noch einmal.`,
};

export const GERMAN_POLLS: PollTexts = {
  vote: 'Abstimmen',
  changeVote: 'Stimme ändern',
  close: 'Umfrage beenden',
  mayChange: 'Sie können das noch ändern.',
  several: 'Mehrere Antworten sind möglich.',
  anonymous: 'Anonym: Ihre Stimme zählt, aber niemand erfährt, was Sie gewählt haben.',
  openUntil: (time) => `Offen bis ${time}`,
  soFar: 'Zwischenstand',
  final: 'Ergebnis',
  noVotes: 'Bisher hat niemand abgestimmt.',
  tooFew: 'Es haben noch zu wenige abgestimmt: Das Ergebnis würde verraten, wer was gewählt hat.',
  voted: (names) => `Ihre Stimme zählt: ${names}`,
  chooseOne: 'Wählen Sie eine der Antworten aus, und stimmen Sie noch einmal ab.',
  chooseSome: 'Wählen Sie mindestens eine der Antworten aus, und stimmen Sie noch einmal ab.',
  closed: 'Diese Umfrage ist beendet.',
  usage: (example) =>
    `Erwähnen Sie mich in einem Team oder Gruppenchat und schreiben Sie poll, die Frage und zwei bis zehn Antworten, mit einem Strich dazwischen: ${example}`,
  noKey:
    'Anonyme Umfragen sind hier nicht eingerichtet: Wer mich betreibt, muss einen Schlüssel festlegen. Fragen Sie ohne anonymous.',
};

export const GERMAN_DIALOGS: DialogTexts = {
  back: 'Zurück',
  skip: 'Überspringen',
  cancel: 'Abbrechen',
  problems: {
    not_a_choice: 'Das ist keine der Antworten. Wählen Sie eine davon aus.',
    not_a_number: 'Das ist keine Zahl. Schreiben Sie sie in Ziffern.',
    out_of_range: 'Diese Zahl ist zu klein oder zu groß.',
    empty: 'Diese Frage braucht eine Antwort.',
  },
  notADate: (example) => `Das ist kein Datum. Schreiben Sie es so: ${example}.`,
  ends: {
    completed: 'Vielen Dank, das war alles.',
    cancelled: 'Abgebrochen: Es kommen keine Fragen mehr.',
    timed_out: 'Die Zeit zum Antworten ist abgelaufen.',
    failed: 'Da ist etwas schiefgegangen; es kommen keine Fragen mehr. Ihre bisherigen Antworten bleiben erhalten.',
  },
  isOver: 'Diese Fragen sind vorbei. Ihre Antwort wurde nicht aufgenommen.',
};

/** What is counted of it. */
export const countAsksInGerman = ({ number, percent, plural }: Counting): CountedAsks => ({
  others: (count) => `${number(count)} ${plural(count, { one: 'weitere Person', other: 'weitere Personen' })}`,
  ofNeeded: (count, needed) => `${number(count)} von ${number(needed)}`,
  share: (count, voters) => `${number(count)} von ${number(voters)} (${percent(count, voters)})`,
  voters: (count) => `${number(count)} ${plural(count, { one: 'Person hat', other: 'Personen haben' })} abgestimmt`,
  pollLimit: (perHour) =>
    `Sie können höchstens ${number(perHour)} Umfragen in der Stunde stellen. Versuchen Sie es später noch einmal.`,
  questionNumber: (count) => `Frage ${number(count)}`,
  atLeast: (bound) => `Mindestens ${number(bound)}`,
  atMost: (bound) => `Höchstens ${number(bound)}`,
  between: (min, max) => `Von ${number(min)} bis ${number(max)}`,
});
