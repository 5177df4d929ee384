// The one post in a team or group chat that the bot was added to.

import { type CardActivity, createCardActivity, textBlock } from './card-activity.ts';
import { commandLine, heading } from './card-lines.ts';
import { PLACE_COMMANDS } from './commands.ts';
import { rtlOf } from './direction.ts';
import type { CardTexts } from './texts/card-texts.ts';

/** What the bot does there, and how it is asked. */
export function buildPlaceCard(texts: CardTexts): CardActivity {
  const { greeting } = texts.welcome;
  const { lines, tell, poll, help } = texts.answers.place;
  return createCardActivity({
    summary: greeting,
    fallbackText: greeting,
    rtl: rtlOf(texts, texts),
    body: [
      heading(greeting),
      ...lines.map((line) => textBlock(line)),
      commandLine(PLACE_COMMANDS.tell, tell, texts),
      commandLine(PLACE_COMMANDS.poll, poll, texts),
      commandLine(PLACE_COMMANDS.help, help, texts),
    ],
    actions: [],
  });
}
