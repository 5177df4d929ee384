// What cards and the bot say in German, with "Sie" as Teams itself does.

import type { Catalogue } from './card-texts.ts';
import { GERMAN_ANSWERS } from './german-answers.ts';
import { countAsksInGerman } from './german-asks.ts';

const HOW_TO_STOP =
  'Wenn Sie keine Nachrichten mehr möchten, schreiben Sie „stop“, oder entfernen oder blockieren Sie diese App in Teams.';

/** German. */
export const GERMAN: Catalogue = {
  isRightToLeft: false,
  severities: { info: 'Information', success: 'Erfolg', warning: 'Warnung', error: 'Fehler', critical: 'Kritisch' },
  states: { open: 'Offen', acknowledged: 'Bestätigt', resolved: 'Behoben' },
  labelled: (label, text) => `${label}: ${text}`,
  source: (name) => `Von ${name}`,
  replaced: 'Eine neuere Nachricht dazu hat diese hier ersetzt.',
  counted: ({ number, plural }) => ({
    reported: (count, isAtLeast, since) => {
      const reports = plural(count, { one: 'Meldung', other: 'Meldungen' });
      return `${isAtLeast ? 'Mindestens ' : ''}${number(count)} ${reports} seit ${since}`;
    },
    times: (count) => `×\u00a0${number(count)}`,
    earlier: (count) => `… ${number(count)} ${plural(count, { one: 'frühere Meldung', other: 'frühere Meldungen' })}`,
    moreCharacters: (count) =>
      `… ${number(count)} ${plural(count, { one: 'weiteres Zeichen', other: 'weitere Zeichen' })}`,
    moreFacts: (count) => `… ${number(count)} ${plural(count, { one: 'weitere Angabe', other: 'weitere Angaben' })}`,
    moreLinks: (count) => `… ${number(count)} ${plural(count, { one: 'weiterer Link', other: 'weitere Links' })}`,
    moreImages: (count) => `… ${number(count)} ${plural(count, { one: 'weiteres Bild', other: 'weitere Bilder' })}`,
    unsafeLinks: (count) =>
      plural(count, {
        one: 'Ein Link wurde weggelassen: keine einfache https-Adresse',
        other: `${number(count)} Links wurden weggelassen: keine einfachen https-Adressen`,
      }),
    more: (count) => `… ${number(count)} weitere`,
    messages: (count) => `${number(count)} ${plural(count, { one: 'Nachricht', other: 'Nachrichten' })}`,
    topicsCount: (count, subscribed) =>
      `Es gibt ${number(count)} ${plural(count, { one: 'Thema', other: 'Themen' })}; abonniert: ${number(subscribed)}.`,
    openThings: (count) => `Noch offen: ${number(count)}.`,
    tooManyMutes: (max) => `Sie können höchstens ${number(max)} Dinge stummschalten. Heben Sie zuerst eines auf.`,
    tooLong: (maxLength) => `Das ist mir zu lang: Ich lese höchstens ${number(maxLength)} Zeichen.`,
    tellLimit: (perHour) =>
      `Ich richte höchstens ${number(perHour)}-mal in der Stunde etwas für Sie aus. Versuchen Sie es später noch einmal.`,
  }),
  welcome: {
    greeting: 'Hallo! Schön, hier zu sein.',
    lines: [
      'Ich bringe Ihnen Nachrichten aus den Systemen Ihrer Organisation, zum Beispiel zu Builds, Alarmen und Tickets.',
      'Sie erhalten sie, weil diese App für Sie installiert wurde, von Ihnen selbst oder von der Administration. Sie müssen nichts einrichten.',
      'Sie bestimmen, was Sie erreicht und wann: Schreiben Sie topics, mute, quiet oder digest, oder öffnen Sie die Einstellungen.',
      'Schreiben Sie „Hilfe“, wenn Sie mehr wissen möchten.',
      HOW_TO_STOP,
    ],
  },
  help: {
    notUnderstood: 'Das habe ich leider nicht verstanden.',
    title: 'Was ich kann',
    lines: [
      'Ich bringe Nachrichten aus den Systemen Ihrer Organisation hierher. Bei jeder steht, welches System sie gesendet hat.',
      'Schaltflächen unter einer Nachricht öffnen die Seite dazu; die Punkte neben der Quelle sagen, warum sie kam, und schalten stumm.',
      'Schreiben Sie „Hilfe“, um das hier noch einmal zu sehen.',
      HOW_TO_STOP,
    ],
  },
  helpButton: 'Hilfe',
  retiredButton: 'Diese Schaltfläche wird nicht mehr verwendet.',
  answers: GERMAN_ANSWERS,
  countAsks: countAsksInGerman,
};
