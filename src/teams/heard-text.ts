// What somebody wrote: without the bot's own name, and with whom else it mentions.

import type { HeardMention } from '../domain/inbound-event.ts';
import { isUserId } from './account-ids.ts';
import type { InboundActivity } from './activity-shape.ts';

/** The parts of an activity that say it. */
export type ReadableText = Pick<InboundActivity, 'text' | 'entities' | 'recipient'>;

/** @returns the trimmed text, and the mentions in its order. Pure. */
export function hearText(activity: ReadableText): {
  readonly text: string;
  readonly mentions: readonly HeardMention[];
} {
  const all = listMentions(activity);
  const text = withoutBot(activity.text ?? '', all).trim();
  const mentions = all
    .filter((mention) => !mention.isBot && isUserId(mention.id) && text.includes(mention.text))
    .map(({ isBot: _, ...mention }) => mention)
    .toSorted((left, right) => text.indexOf(left.text) - text.indexOf(right.text));
  return { text, mentions };
}

type Mention = HeardMention & { readonly isBot: boolean };

function listMentions({ entities = [], recipient }: ReadableText): readonly Mention[] {
  return entities.flatMap(({ type, text, mentioned }) => {
    if (type !== 'mention' || !text || !mentioned) {
      return [];
    }
    const name = mentioned.name?.trim() || text.replaceAll(/<\/?at[^<>]*>/g, '').trim();
    return { text, id: mentioned.id, name, isBot: mentioned.id === recipient.id };
  });
}

/**
 * The text without the bot's own name, which people have to write for the bot to hear them in teams and groups. Somebody
 * of the same name stays: mentions come in the order of the text.
 */
function withoutBot(text: string, mentions: readonly Mention[]): string {
  const names = new Set(mentions.filter(({ isBot }) => isBot).map((mention) => mention.text));
  return [...names].reduce((rest, name) => {
    const meant = mentions.filter((mention) => mention.text === name).map(({ isBot }) => isBot);
    const isAlwaysBot = meant.every(Boolean);
    return rest
      .split(name)
      .reduce((before, after, at) => before + ((meant[at - 1] ?? isAlwaysBot) ? ' ' : name) + after);
  }, text);
}
