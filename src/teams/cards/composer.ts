// The port `CardComposer`: what becomes of a content, told before it is sent.

import type { ProducerContent } from '../../domain/notification.ts';
import type { CardComposer } from '../../notifications/card-composer.ts';
import { CARD_UNITS, unitsOf } from './card-activity.ts';
import { composeMessage } from './message.ts';
import { createTimeWriters } from './time-text.ts';

/**
 * Part of the limit up to which the content as JSON is surely whole on its card: escaped characters take three units at
 * the most, the title stands on it three times, and the frame takes less than what is left.
 */
const SURELY_WHOLE_SHARE = 0.2;

/** @param maxUnits how long a message may be, in UTF-16 units */
export function createCardComposer(maxUnits: number = CARD_UNITS.full): CardComposer {
  // Made once: each text in markdown is composed when it is accepted, and new writers take longer than the rest of it.
  const timeWriters = createTimeWriters();
  return {
    compose(content, circumstances) {
      const options = { ...circumstances, isReduced: false, maxUnits };
      const { activity, leftOut } = composeMessage(content, options, timeWriters);
      const { characters, facts, links, images, unsafeLinks } = leftOut;
      return {
        summary: activity.summary,
        card: activity.attachments[0]?.content,
        units: unitsOf(activity),
        maxUnits,
        leftOut: { characters, facts, links: links + unsafeLinks, images },
      };
    },
    isSurelyWhole: (content) =>
      unitsOf(content) <= maxUnits * SURELY_WHOLE_SHARE &&
      !hasGrowingAddress(content) &&
      !hasMarkdown(content) &&
      !isAsking(content),
  };
}

/** Letters beyond ASCII become nine characters each in the address of a button or a picture. */
function hasGrowingAddress(content: ProducerContent): boolean {
  return (
    content.kind === 'event' &&
    [...content.links, ...(content.images ?? [])].some(({ url }) => /[^\u0021-\u007e]/.test(url))
  );
}

/** Room is kept for its answers, and its buttons take the place of links. */
function isAsking(content: ProducerContent): boolean {
  return content.kind === 'event' && content.ask !== undefined;
}

/** Blocks of code and hosts of links can take many times the room of their source. */
function hasMarkdown(content: ProducerContent): boolean {
  return content.kind === 'event' && content.textFormat === 'markdown';
}
