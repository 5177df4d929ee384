// What people answer to what a notification asks.

import type { PressAnswer } from '../domain/press-answer.ts';
import type { Pressed } from '../store/turn.ts';
import { parseAskPress } from './parse-ask-press.ts';
import { respond, show } from './respond.ts';

/** What people do about what was asked. */
export interface Asks {
  /** @returns undefined for what no notification has asked */
  press(pressed: Pressed): Promise<PressAnswer | undefined>;
}

/** Gives the answers. */
export function createAsks(): Asks {
  return { press };
}

/** Who presses is whom Teams names, whatever the data says. */
async function press({ personId, data, ...pressed }: Pressed): Promise<PressAnswer | undefined> {
  const read = parseAskPress(data);
  if (!read) {
    return undefined;
  }
  if (personId === undefined) {
    return { kind: 'sentence', answer: { kind: 'unknownPerson' } };
  }
  const known = { ...pressed, personId };
  return read.bellhop === 'refreshAsk'
    ? show(known, read.notification)
    : { kind: 'sentence', answer: await respond(known, read) };
}
