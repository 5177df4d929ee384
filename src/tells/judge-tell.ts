// What became of something that was told: who has it, who has not, and why. Pure.

import type { BotAnswer, TellObstacle } from '../domain/bot-answer.ts';
import type { ToldDelivery } from '../store/statements/tells.ts';
import type { ToldPerson } from '../store/statements/told-names.ts';

/** What its sender is answered. */
export type TellResult = Extract<BotAnswer, { kind: 'tellResult' }>;

/** Of failed and suppressed deliveries, by their reason; every other one is `failed`. */
const OBSTACLES: ReadonlyMap<string, TellObstacle> = new Map([
  ['muted', 'muted'],
  ['opted_out', 'opted_out'],
  ['not_installed', 'not_installed'],
  ['not_in_roster', 'not_installed'],
  ['uninstalled', 'not_installed'],
  ['person_erased', 'not_installed'],
]);

/** Why a queued delivery waits for the person, and not for Teams. */
const DEFERRED: ReadonlySet<string> = new Set(['quiet_hours', 'daily_digest']);
const ON_ITS_WAY: ReadonlySet<string> = new Set(['queued', 'leased', 'sending']);

/** @param isLate whether its sender has waited long enough: what is not known then is said to be pending */
export function judgeTell(
  people: readonly ToldPerson[],
  deliveries: readonly ToldDelivery[],
  isLate: boolean,
): TellResult | undefined {
  const byChat = new Map(deliveries.map((delivery) => [delivery.conversationId, delivery]));
  const ends = people.map((person) => ({ name: person.name, end: endOf(person, byChat) }));
  if (!isLate && ends.some(({ end }) => end === 'pending')) {
    return undefined;
  }
  return {
    kind: 'tellResult',
    reached: ends.flatMap(({ name, end }) => (end === 'reached' ? [name] : [])),
    notReached: ends.flatMap(({ name, end }) => (end === 'reached' ? [] : [{ name, obstacle: end }])),
  };
}

function endOf(
  { conversationId, obstacle }: ToldPerson,
  deliveries: ReadonlyMap<number, ToldDelivery>,
): TellObstacle | 'reached' {
  const delivery = conversationId === undefined ? undefined : deliveries.get(conversationId);
  if (!delivery) {
    return obstacle ?? 'failed';
  }
  const { state, reason } = delivery;
  if (state === 'sent') {
    return 'reached';
  }
  if (ON_ITS_WAY.has(state)) {
    return reason !== null && DEFERRED.has(reason) ? 'later' : 'pending';
  }
  return OBSTACLES.get(reason ?? '') ?? 'failed';
}
