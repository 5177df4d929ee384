// What a person does not want to hear of.

import type { BotAnswer } from '../domain/bot-answer.ts';
import { assertNever } from '../domain/errors.ts';
import { startOfNextDay } from '../domain/local-time.ts';
import { type Mute, PREFERENCE_LIMITS } from '../domain/preferences.ts';
import type { MuteTime } from './command.ts';
import { toComparable } from './command-words.ts';
import { holdPreferences, type Speaker, savePreferences, zoneOf } from './speaker.ts';

/** What is to be muted. */
export type MuteWish = Pick<Mute, 'kind' | 'name'>;

/** Mutes what a name stands for: a source that the person has heard of, else a key, else a source that may come. */
export async function muteByName(speaker: Speaker, name: string, time: MuteTime): Promise<BotAnswer> {
  return mute(speaker, await findHeardOf(speaker, name), time);
}

/** Muting what is muted already sets its end anew. */
export async function mute(speaker: Speaker, wish: MuteWish, time: MuteTime): Promise<BotAnswer> {
  const untilMs = await endOf(speaker, time);
  const preferences = await holdPreferences(speaker);
  const others = (preferences.mutes ?? []).filter((one) => !isOf(one, wish));
  if (others.length >= PREFERENCE_LIMITS.maxMutes) {
    return { kind: 'tooManyMutes', max: PREFERENCE_LIMITS.maxMutes };
  }
  await savePreferences(speaker, { ...preferences, mutes: [...others, { ...wish, untilMs }] });
  return { kind: 'muted', name: wish.name, untilMs };
}

/** A source and a key of the same name are unmuted together. */
export async function unmute(speaker: Speaker, name: string): Promise<BotAnswer> {
  const preferences = await holdPreferences(speaker);
  const { mutes = [] } = preferences;
  const wanted = toComparable(name);
  const [found] = mutes.filter((one) => toComparable(one.name) === wanted);
  if (!found) {
    return { kind: 'wasNotMuted', name };
  }
  const left = mutes.filter((one) => toComparable(one.name) !== wanted);
  await savePreferences(speaker, { ...preferences, mutes: left });
  return { kind: 'unmuted', name: found.name };
}

async function findHeardOf({ tx, personId }: Speaker, name: string): Promise<MuteWish> {
  const chat = await tx.conversations.findByPerson(personId);
  const heardOf = chat ? await tx.conversationHistory.listHeardOf(chat.id) : [];
  const wanted = toComparable(name);
  const source = heardOf.find((one) => toComparable(one.source) === wanted);
  if (source) {
    return { kind: 'source', name: source.source };
  }
  const key = heardOf.flatMap((one) => one.key ?? []).find((one) => toComparable(one) === wanted);
  return key === undefined ? { kind: 'source', name } : { kind: 'key', name: key };
}

function isOf(one: Mute, { kind, name }: MuteWish): boolean {
  return one.kind === kind && one.name.toLowerCase() === name.toLowerCase();
}

async function endOf(speaker: Speaker, time: MuteTime): Promise<number | null> {
  switch (time.kind) {
    case 'always':
      return null;
    case 'today':
      return startOfNextDay(speaker.nowMs, (await zoneOf(speaker)).timeZone);
    case 'for':
      return speaker.nowMs + time.ms;
    default:
      return assertNever(time);
  }
}
