// What people can write to the bot, as the cards show it. The words are the same in every language.

/** What the help explains, and how it is written. */
export const HELP_COMMANDS = {
  topics: 'topics',
  mute: 'mute builds 1h',
  quiet: 'quiet 18:00-08:00',
  digest: 'digest daily 09:00',
  status: 'status',
  inbox: 'inbox',
  why: 'why',
  poll: 'poll Lunch? | Sushi | Pizza',
  stop: 'stop',
  forget: 'forget me',
} as const;
export type HelpCommand = keyof typeof HELP_COMMANDS;

/** What most people want to know comes first. */
export const HELP_ORDER: readonly HelpCommand[] = [
  ...(['topics', 'mute', 'quiet', 'digest', 'status', 'inbox', 'why', 'poll', 'stop', 'forget'] as const),
];

/** What the bot is asked in a team or group chat. */
export const PLACE_COMMANDS = {
  tell: '@Bellhop tell @Ben The build is broken',
  poll: '@Bellhop poll Lunch? | Sushi | Pizza',
  help: '@Bellhop help',
} as const;

const NAME_EXAMPLES: Readonly<Record<string, string>> = {
  subscribe: 'subscribe builds',
  unsubscribe: 'unsubscribe builds',
  unmute: 'unmute builds',
};

/** A whole command for one that needs a name. @param command as it was written */
export function exampleOf(command: string): string {
  const word = command.trim().toLowerCase();
  return (Object.hasOwn(NAME_EXAMPLES, word) ? NAME_EXAMPLES[word] : undefined) ?? HELP_COMMANDS.mute;
}

/** What ends otherwise may be read as the end of the sentence, or what has blanks as more than a name. */
const PLAIN_NAME = /^[\p{L}\p{N}](?:[\p{L}\p{N}_./:#-]*[\p{L}\p{N}])?$/u;

/** A command about something that has a name; the name is in quotation marks where it could be misread. */
export function commandAbout(word: string, name: string, rest = ''): string {
  return `${word} ${PLAIN_NAME.test(name) ? name : `"${name}"`}${rest === '' ? '' : ` ${rest}`}`;
}
