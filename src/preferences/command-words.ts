// The words of commands, in the languages that the bot speaks, and how words are compared.

import { findNearest } from './edit-distance.ts';

/** Commands that are one word and nothing else. */
export type PlainCommand = 'help' | 'topics' | 'status' | 'stop' | 'start' | 'why' | 'inbox';

/** In UTF-16 units; whoever writes more has written more than a word. */
const MAX_WORD_LENGTH = 32;

/** Beside the English ones only words that can mean nothing else. */
const PLAIN_WORDS: readonly (readonly [PlainCommand, readonly string[]])[] = [
  ['help', ['help', 'hi', 'hello', 'hey', '?', '؟']],
  ['help', ['hallo', 'hilfe', 'hola', 'ayuda', 'bonjour', 'salut', 'aide', 'こんにちは', 'ヘルプ']],
  ['help', ['مرحبا', 'مساعدة', 'مساعده', 'المساعدة']],
  ['topics', ['topics', 'Themen', 'temas', 'sujets', 'thèmes', 'トピック', 'المواضيع', 'مواضيع']],
  ['status', ['status', 'settings', 'Einstellungen', 'estado', 'ajustes', 'configuración']],
  ['status', ['statut', 'état', 'paramètres', '状態', '設定', 'ステータス', 'الحالة', 'حالة', 'الإعدادات']],
  ['stop', ['stop', 'Stopp', 'parar', 'detener', 'arrêter', 'arrête', '停止', 'إيقاف', 'توقف']],
  ['start', ['start', 'starten', 'iniciar', 'empezar', 'démarrer', 'commencer', '開始', '再開', 'ابدأ', 'بدء']],
  ['why', ['why']],
  ['inbox', ['inbox']],
];

const PLAIN_COMMANDS: ReadonlyMap<string, PlainCommand> = new Map(
  PLAIN_WORDS.flatMap(([command, words]) => words.map((word) => [toWord(word), command] as const)),
);

/** What can be suggested; help is given anyway. */
const SUGGESTIONS = [
  ...['topics', 'subscribe', 'unsubscribe', 'mute', 'unmute', 'quiet', 'digest'],
  ...['status', 'stop', 'start', 'why', 'inbox', 'forget me'],
];

/** The command that this word is; undefined when it is none, or none that stands alone. Pure. */
export function findPlainCommand(word: string): PlainCommand | undefined {
  return PLAIN_COMMANDS.get(word);
}

/** The command that was meant, where that can be guessed. Pure. */
export function suggestCommand(word: string): string | undefined {
  return findNearest(word, SUGGESTIONS);
}

/**
 * A word as people mean it: whatever its case, the width of its letters, its accents and vowel signs, its quotes, a
 * slash before it, and what ends it. Pure.
 */
export function toWord(text: string): string {
  return text.length > MAX_WORD_LENGTH
    ? ''
    : toSmall(text)
        .normalize('NFD')
        // U+0640 only makes Arabic words longer.
        .replace(/[\p{M}\u0640]/gu, '')
        .normalize('NFC')
        .replace(/^[¡¿«„“"「' /]+/, '')
        .replace(/(?<=.)[.,;:!?。؟…»“”"」' ]+$/, '');
}

/** What two names are compared by: case and width of letters, blanks, and what ends a sentence do not count. Pure. */
export function toComparable(name: string): string {
  return withoutEnd(toSmall(name).replace(/\s+/g, ' ').trim());
}

/** Without the signs that end a sentence. Pure. */
export function withoutEnd(text: string): string {
  return text.replace(/(?<=.)[ .,;!?。؟…]+$/u, '');
}

/** In small letters, and without marks that show nothing. */
function toSmall(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/\p{Cf}/gu, '');
}
