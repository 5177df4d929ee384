// When and whether a person wants to be told, and all that they have said.

import type { BotAnswer } from '../domain/bot-answer.ts';
import type { QuietHours } from '../domain/preferences.ts';
import { activeMutes, holdPreferences, type Speaker, savePreferences, zoneOf } from './speaker.ts';

/** @param quietHours null for none */
export async function setQuietHours(speaker: Speaker, quietHours: QuietHours | null): Promise<BotAnswer> {
  const { quietHours: _, ...others } = await holdPreferences(speaker);
  await savePreferences(speaker, quietHours ? { ...others, quietHours } : others);
  return quietHours ? { kind: 'quietSet', quietHours, ...(await zoneOf(speaker)) } : { kind: 'quietOff' };
}

/** @param minute null for none */
export async function setDigest(speaker: Speaker, minute: number | null): Promise<BotAnswer> {
  const { digestMinute: _, ...others } = await holdPreferences(speaker);
  await savePreferences(speaker, minute === null ? others : { ...others, digestMinute: minute });
  return minute === null ? { kind: 'digestOff' } : { kind: 'digestSet', minute, ...(await zoneOf(speaker)) };
}

/** From the first time on. */
export async function stop(speaker: Speaker): Promise<BotAnswer> {
  const preferences = await holdPreferences(speaker);
  await savePreferences(speaker, { optedOutAtMs: speaker.nowMs, ...preferences });
  return { kind: 'stopped' };
}

/** What else was said holds again. */
export async function start(speaker: Speaker): Promise<BotAnswer> {
  const { optedOutAtMs: _, ...others } = await holdPreferences(speaker);
  await savePreferences(speaker, others);
  return { kind: 'started' };
}

/** All that the person has said. */
export async function showSettings(speaker: Speaker): Promise<BotAnswer> {
  const { tx, personId, nowMs } = speaker;
  const preferences = await tx.preferences.get(personId);
  return {
    kind: 'settings',
    settings: {
      isOptedOut: preferences.optedOutAtMs !== undefined,
      mutes: activeMutes(preferences, nowMs).map(({ name, untilMs }) => ({ name, untilMs })),
      quietHours: preferences.quietHours ?? null,
      digestMinute: preferences.digestMinute ?? null,
      topics: (await tx.topics.listOfPerson(personId)).map(({ name }) => name),
      ...(await zoneOf(speaker)),
    },
  };
}
