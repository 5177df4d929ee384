// Whoever speaks to the bot, and what they have said of themselves.

import { isTimeZone } from '../domain/local-time.ts';
import type { Mute, Preferences } from '../domain/preferences.ts';
import { preferencesLock } from '../store/locks.ts';
import type { Statements } from '../store/store.ts';

/** Somebody who is known, heard in one transaction. */
export interface Speaker {
  readonly tx: Statements;
  readonly nowMs: number;
  readonly personId: number;
  /** IANA; where those are whose own zone nobody knows. */
  readonly defaultTimeZone: string;
}

/** Where times of day are counted. */
export interface SpeakersZone {
  readonly timeZone: string;
  /** Whether Teams told it. */
  readonly isTimeZoneKnown: boolean;
}

/** The zone of the person, or the one of the service when theirs is unknown or does not exist. */
export async function zoneOf({ tx, personId, defaultTimeZone }: Speaker): Promise<SpeakersZone> {
  const told = await tx.preferences.findTimeZone(personId);
  return told !== undefined && isTimeZone(told)
    ? { timeZone: told, isTimeZoneKnown: true }
    : { timeZone: defaultTimeZone, isTimeZoneKnown: false };
}

/** What the person has said, without what is over; nobody else changes it until the transaction ends. */
export async function holdPreferences({ tx, personId, nowMs }: Speaker): Promise<Preferences> {
  await tx.locks.take(preferencesLock(personId));
  const preferences = await tx.preferences.get(personId);
  return { ...preferences, mutes: activeMutes(preferences, nowMs) };
}

/** Those that are not over. Pure. */
export function activeMutes({ mutes = [] }: Preferences, nowMs: number): readonly Mute[] {
  return mutes.filter(({ untilMs }) => untilMs === null || untilMs > nowMs);
}

/** From now on this holds, also for what waits. */
export async function savePreferences({ tx, personId, nowMs }: Speaker, preferences: Preferences): Promise<void> {
  await tx.preferences.save(personId, preferences, nowMs);
  await tx.digests.releaseDeferred(personId, preferences, nowMs);
  await tx.dialogs.judgeAnew(personId, nowMs);
}
