// The words that lead through a dialog without an answer, in the languages that the bot speaks. Pure.

/** What is done instead of answering. */
export type StepWord = 'back' | 'skip' | 'cancel';

/** Only words that can hardly be an answer. */
const WORDS: readonly (readonly [StepWord, readonly string[]])[] = [
  ['back', ['back', 'zurück', 'atrás', 'volver', 'retour', '戻る', 'رجوع', 'السابق']],
  ['skip', ['skip', 'überspringen', 'omitir', 'saltar', 'passer', 'スキップ', 'تخطي']],
  ['cancel', ['cancel', 'abbrechen', 'cancelar', 'annuler', 'キャンセル', '中止', 'إلغاء']],
];

/** In UTF-16 units; whoever writes more has written more than a word. */
const MAX_WORD_LENGTH = 32;

const STEPS: ReadonlyMap<string, StepWord> = new Map(
  WORDS.flatMap(([step, words]) => words.map((word) => [toKey(word), step] as const)),
);

/** @returns undefined for anything else. Case, accents, a slash before it and what ends it do not count. */
export function findStepWord(text: string): StepWord | undefined {
  return text.length > MAX_WORD_LENGTH ? undefined : STEPS.get(toKey(text));
}

function toKey(text: string): string {
  return text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[\p{M}\p{Cf}\u0640]/gu, '')
    .normalize('NFC')
    .replace(/^[\s/]+/, '')
    .replace(/(?<=.)[\s.,;!。]+$/u, '');
}
