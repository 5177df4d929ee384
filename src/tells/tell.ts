// Telling somebody something: a person asks for it in a channel or group chat, by a mention.

import type { BotAnswer, TellObstacle } from '../domain/bot-answer.ts';
import type { InboundEvent } from '../domain/inbound-event.ts';
import type { BotContent, ToldContent } from '../domain/notification.ts';
import { NAMES_LOCK, PEOPLE_LOCK } from '../store/locks.ts';
import { type BotVoice, queueAsBot } from '../store/queue-as-bot.ts';
import type { ToldPerson } from '../store/statements/told-names.ts';
import type { Statements } from '../store/store.ts';
import type { Turn } from '../store/turn.ts';
import { findAddressee } from './find-addressee.ts';
import { type Addressee, MAX_TELL_LENGTH, parseTell, startsAsTell, toPlainName } from './parse-tell.ts';

/** How many messages to others one person can cause in an hour; each of several people counts. */
export const TELLS_PER_HOUR = 10;
/** What those who mute it call it. */
export const TELL_SOURCE = 'mentions';

const HOUR_MS = 3_600_000;
const TTL_MS = 24 * HOUR_MS;

/** Somebody wrote to the bot, and is heard in one transaction. */
export interface HeardTell extends Turn {
  readonly event: TellEvent;
}

type TellEvent = Extract<InboundEvent, { kind: 'message' }>;

/** Messages to others. */
export interface Tells {
  isTell(event: TellEvent): boolean;
  /** @returns what to say at once; undefined when the answer comes once it is known what became of it */
  tell(heard: HeardTell): Promise<BotContent | undefined>;
}

/** @param voice under whose name others are told */
export function createTells(voice: BotVoice): Tells {
  return {
    isTell: ({ scope, text, value }) => scope !== 'personal' && value === undefined && startsAsTell(text),
    async tell(heard) {
      const answer = await tell(heard, voice);
      return answer && { kind: 'answer', answer };
    },
  };
}

async function tell(heard: HeardTell, voice: BotVoice): Promise<BotAnswer | undefined> {
  const { event } = heard;
  const parsed = parseTell(event.text, event.mentions ?? []);
  if (parsed.kind === 'tooLong') {
    return { kind: 'tooLong', maxLength: MAX_TELL_LENGTH };
  }
  const { text = '', people: named = [] } = parsed.kind === 'tell' ? parsed : {};
  const people = named.filter(({ id }) => id !== event.conversation.botAccountId);
  if (people.length === 0) {
    return { kind: 'tellUsage' };
  }
  const sender = await findSender(heard);
  if (!sender) {
    return { kind: 'unknownPerson' };
  }
  const isWithin = await isWithinLimit(heard, { personId: sender.personId, count: people.length });
  return isWithin ? queue(heard, { voice, sender, people, text }) : { kind: 'tellLimit', perHour: TELLS_PER_HOUR };
}

interface Sender {
  readonly personId: number;
  readonly name: string;
}

/** Nobody is told something by somebody without a name. */
async function findSender({ tx, event, personId }: HeardTell): Promise<Sender | undefined> {
  const person = personId === undefined ? undefined : await tx.tells.findPerson(personId);
  const name = toPlainName(event.from?.name ?? person?.name ?? '');
  return personId === undefined || !person || name === '' ? undefined : { personId, name };
}

async function isWithinLimit(
  { tx, nowMs }: HeardTell,
  { personId, count }: { readonly personId: number; readonly count: number },
): Promise<boolean> {
  await tx.locks.take(`tells of person ${personId}`);
  return (await tx.tells.countToldSince(personId, nowMs - HOUR_MS)) + count <= TELLS_PER_HOUR;
}

interface Telling {
  readonly voice: BotVoice;
  readonly sender: Sender;
  readonly people: readonly Addressee[];
  readonly text: string;
}

async function queue(heard: HeardTell, telling: Telling): Promise<BotAnswer | undefined> {
  const { tx, event, nowMs, conversationId } = heard;
  const { voice, sender, text } = telling;
  const people = await findAddressees(heard, telling.people);
  const conversationIds = people.flatMap((person) => person.conversationId ?? []);
  if (conversationIds.length === 0) {
    return { kind: 'tellResult', reached: [], notReached: people.map(toNotReached) };
  }
  await tx.locks.share(NAMES_LOCK);
  const place = await findPlace(tx, event);
  const content: ToldContent = {
    ...{ kind: 'told', text, by: sender.name, source: TELL_SOURCE },
    ...(place !== undefined && { place }),
  };
  const manner = { priority: 'normal', isQuiet: false, ttlMs: TTL_MS } as const;
  const notificationId = await queueAsBot(tx, { voice, content, conversationIds, nowMs, ...manner });
  await tx.tells.insert({ senderPersonId: sender.personId, notificationId, conversationId, people, nowMs });
  return undefined;
}

/** Somebody may be mentioned by two of their ids. */
async function findAddressees(heard: HeardTell, people: readonly Addressee[]): Promise<readonly ToldPerson[]> {
  await heard.tx.locks.take(PEOPLE_LOCK);
  const found = new Map<number | string, ToldPerson>();
  for (const addressee of people) {
    const person = await findAddressee(heard, addressee);
    found.set(person.personId ?? addressee.id, person);
  }
  return [...found.values()];
}

function toNotReached({ name, obstacle = 'failed' }: ToldPerson): {
  readonly name: string;
  readonly obstacle: TellObstacle;
} {
  return { name, obstacle };
}

/** The team and its channel, or the group chat, as far as their names are known. */
async function findPlace(tx: Statements, { conversation, team }: TellEvent): Promise<string | undefined> {
  const { tenantId, conversationId } = conversation;
  const ids = { placeId: team?.id ?? conversationId, channelId: conversationId };
  const known = await tx.tells.findPlaceNames(tenantId, ids);
  const names = [team?.name ?? known?.name ?? '', known?.channelName ?? ''].map(toPlainName);
  return names.filter((name) => name !== '').join(' / ') || undefined;
}
