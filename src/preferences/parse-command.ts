// What people write, read as a command. Pure.

import { toVisible } from '../domain/literal.ts';
import { COMMAND_LIMITS, type Command, type MuteTime, type Reading } from './command.ts';
import { findPlainCommand, suggestCommand, toWord, withoutEnd } from './command-words.ts';
import { isOff, readMuteTime, readQuietHours, readTimeOfDay } from './read-times.ts';

/** Reads any text as a command, or tells what is wrong with it. Never throws. Pure. */
export function parseCommand(text: string): Reading {
  const trimmed = text.trim();
  if (trimmed.length > COMMAND_LIMITS.maxLength) {
    return { kind: 'answer', answer: { kind: 'tooLong', maxLength: COMMAND_LIMITS.maxLength } };
  }
  const line = toVisible(trimmed).replace(/\s+/g, ' ').trim();
  const plain = findPlainCommand(toWord(line));
  if (plain) {
    return command(plain === 'help' ? { kind: plain } : { kind: plain });
  }
  const { word, rest } = splitLine(line);
  return readWith(word, rest) ?? guess(word, line);
}

/** The first word, and what comes after it. */
function splitLine(line: string): { readonly word: string; readonly rest: string } {
  const [first = ''] = line.split(' ', 1);
  return { word: toWord(first), rest: line.slice(first.length).trim() };
}

/** @returns undefined when no command that says more begins with this word */
function readWith(word: string, rest: string): Reading | undefined {
  switch (word) {
    case 'subscribe':
    case 'unsubscribe':
      return readName(word, rest, (topic) => ({ kind: word, topic }));
    case 'unmute':
      return readName(word, rest, (name) => ({ kind: word, name }));
    case 'mute':
      return readMute(rest);
    case 'quiet':
      return readQuiet(withoutEnd(rest));
    case 'digest':
      return readDigest(withoutEnd(rest));
    case 'forget':
      return readForget(rest);
    default:
      return undefined;
  }
}

/** A word that is known, but with more than belongs to it, is suggested as well: who writes more may mean something else. */
function guess(word: string, line: string): Reading {
  const known = findPlainCommand(word);
  if (known === 'help') {
    return { kind: 'confused' };
  }
  const suggestion = known ?? suggestCommand(toWord(line)) ?? suggestWhole(word, line);
  return suggestion === undefined
    ? { kind: 'confused' }
    : { kind: 'answer', answer: { kind: 'notUnderstood', suggestion } };
}

/** In UTF-16 units; a suggestion has to fit on a button. */
const MAX_SUGGESTION_LENGTH = 60;

/** With what came after the word, where that makes a command of it. */
function suggestWhole(word: string, line: string): string | undefined {
  const nearest = suggestCommand(word);
  const { rest } = splitLine(line);
  const whole = `${nearest} ${rest}`;
  const isWhole = nearest !== undefined && rest !== '' && readWith(nearest, rest)?.kind === 'command';
  return isWhole && whole.length <= MAX_SUGGESTION_LENGTH ? whole : nearest;
}

function readName(word: string, rest: string, toCommand: (name: string) => Command): Reading {
  const quoted = readQuoted(rest);
  const name = quoted && withoutEnd(` ${quoted.tail}`).trim() === '' ? quoted.name : withoutEnd(rest);
  return checkName(word, name) ?? command(toCommand(name));
}

function readMute(rest: string): Reading {
  const { name, time } = splitMute(rest);
  const wrong = checkName('mute', name);
  if (wrong) {
    return wrong;
  }
  return time === 'bad'
    ? { kind: 'answer', answer: { kind: 'badTime', command: 'mute' } }
    : command({ kind: 'mute', name, time });
}

interface NameAndTime {
  readonly name: string;
  readonly time: MuteTime | 'bad';
}

const ALWAYS: MuteTime = { kind: 'always' };

function splitMute(rest: string): NameAndTime {
  const quoted = readQuoted(rest);
  if (quoted) {
    const tail = withoutEnd(` ${quoted.tail}`)
      .trim()
      .replace(/^(?:for|until) /i, '');
    return { name: quoted.name, time: tail === '' ? ALWAYS : (readMuteTime(tail) ?? 'bad') };
  }
  const words = withoutEnd(rest).split(' ');
  // "2 hours" first, then "2h".
  for (const count of [2, 1]) {
    const time = readMuteTime(words.slice(-count).join(' '));
    if (time !== undefined) {
      const named = words.slice(0, -count);
      const hasJoint = named.length > 1 && /^(?:for|until)$/i.test(named.at(-1) ?? '');
      return { name: (hasJoint ? named.slice(0, -1) : named).join(' '), time };
    }
  }
  return { name: words.join(' '), time: ALWAYS };
}

/** What may end a name, by what begins it. */
const QUOTES: Readonly<Record<string, string>> = {
  '"': '"”“',
  '“': '”“"',
  '„': '“”"',
  '«': '»',
  '「': '」',
  '＂': '＂"',
  "'": "'’",
  '‘': "’'",
};

interface Quoted {
  readonly name: string;
  /** What comes after it. */
  readonly tail: string;
}

/** The last quote ends it, so that a name may have quotes in it. @returns undefined when the text does not begin with one */
function readQuoted(text: string): Quoted | undefined {
  const ends = QUOTES[text.charAt(0)];
  const end = ends === undefined ? 0 : Math.max(...[...ends].map((quote) => text.lastIndexOf(quote)));
  return end > 0 ? { name: text.slice(1, end).trim(), tail: text.slice(end + 1) } : undefined;
}

/** @returns what is wrong with it; undefined when nothing is */
function checkName(word: string, name: string): Reading | undefined {
  if (name === '') {
    return { kind: 'answer', answer: { kind: 'needsName', command: word } };
  }
  return name.length > COMMAND_LIMITS.maxNameLength
    ? { kind: 'answer', answer: { kind: 'tooLong', maxLength: COMMAND_LIMITS.maxNameLength } }
    : undefined;
}

function readQuiet(text: string): Reading {
  const quietHours = isOff(text) ? null : readQuietHours(text);
  return quietHours === undefined
    ? { kind: 'answer', answer: { kind: 'badTime', command: 'quiet' } }
    : command({ kind: 'quiet', quietHours });
}

function readDigest(text: string): Reading {
  const minute = isOff(text) ? null : readTimeOfDay(text);
  return minute === undefined
    ? { kind: 'answer', answer: { kind: 'badTime', command: 'digest' } }
    : command({ kind: 'digest', minute });
}

function readForget(rest: string): Reading {
  const [me, confirmation, ...more] = rest.split(' ').map(toWord);
  if (me === 'me' && more.length === 0 && (confirmation === undefined || confirmation === 'yes')) {
    return command({ kind: 'forget', isConfirmed: confirmation === 'yes' });
  }
  return { kind: 'answer', answer: { kind: 'notUnderstood', suggestion: 'forget me' } };
}

function command(value: Command): Reading {
  return { kind: 'command', command: value };
}
