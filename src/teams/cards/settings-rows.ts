// All that a person has said, a row each, with what changes it.

import type { MuteView, SettingsView } from '../../domain/bot-answer.ts';
import { type CardElement, textBlock } from './card-activity.ts';
import { commandAbout, HELP_COMMANDS } from './commands.ts';
import { rowOf } from './fitting.ts';
import { commandActions } from './press-action.ts';
import type { Voices } from './voice.ts';

const MAX_MUTES = 10;
const MAX_TOPICS = 10;

/** What `quiet` and `digest` of the help set. */
const USUAL = { quietHours: { fromMinute: 18 * 60, toMinute: 8 * 60, withWeekends: false }, digestMinute: 9 * 60 };

/** The most important first. */
export function settingRows(view: SettingsView, voices: Voices): readonly CardElement[] {
  const { texts, plain, markdown } = voices;
  const { settings, quiet, digest, topics } = texts.answers;
  const { isOptedOut, quietHours, digestMinute } = view;
  const turnOff = (command: string) => commandActions(settings.turnOff, command);
  const turnOn = (value: string, command: string) => commandActions(texts.labelled(settings.turnOn, value), command);
  return [
    settingRow(
      settings.messages,
      isOptedOut ? settings.off : settings.on,
      isOptedOut ? commandActions(settings.start, 'start') : commandActions(settings.stop, 'stop'),
    ),
    settingRow(
      quiet.title,
      quietHours ? markdown.hours(quietHours) : settings.off,
      quietHours ? turnOff('quiet off') : turnOn(plain.hours(USUAL.quietHours), HELP_COMMANDS.quiet),
    ),
    settingRow(
      digest.title,
      digestMinute === null ? settings.off : markdown.timeOfDay(digestMinute),
      digestMinute === null ? turnOn(plain.timeOfDay(USUAL.digestMinute), HELP_COMMANDS.digest) : turnOff('digest off'),
    ),
    settingRow(topics.title, topicNames(view.topics, voices), []),
    ...muteRows(view.mutes, voices),
  ];
}

function settingRow(label: string, value: string, actions: readonly CardElement[]): CardElement {
  return rowOf([textBlock(label, { weight: 'Bolder' }), textBlock(value, { spacing: 'None' })], actions);
}

function topicNames(names: readonly string[], { texts, markdown }: Voices): string {
  const shown = texts.listed(names.slice(0, MAX_TOPICS).map(markdown.named));
  const unshown = names.length - MAX_TOPICS;
  return names.length === 0
    ? texts.answers.settings.nothing
    : `${shown}${unshown > 0 ? ` ${texts.more(unshown)}` : ''}`;
}

function muteRows(mutes: readonly MuteView[], { texts, markdown }: Voices): readonly CardElement[] {
  const { settings, mutes: words } = texts.answers;
  const rows = mutes.slice(0, MAX_MUTES).map(({ name, untilMs }) => {
    const until = untilMs === null ? settings.always : settings.until(markdown.time(untilMs));
    return settingRow(
      settings.muted,
      `${markdown.quoted(name)} · ${until}`,
      commandActions(words.unmute, commandAbout('unmute', name)),
    );
  });
  const unshown = mutes.length - rows.length;
  return [
    ...(rows.length === 0 ? [settingRow(settings.muted, settings.nothing, [])] : rows),
    ...(unshown > 0 ? [textBlock(texts.more(unshown), { isSubtle: true })] : []),
  ];
}
