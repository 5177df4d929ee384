// Cards that many read, of which some people's clients fetch a view of their own.

import { PRESS_VERB, type Press } from '../../domain/press.ts';
import { type CardActivity, type CardParts, createCardActivity, unitsOf } from './card-activity.ts';
import { takeFitting } from './fitting.ts';

/**
 * All that Teams takes.
 *
 * @see https://learn.microsoft.com/microsoftteams/platform/task-modules-and-cards/cards/universal-actions-for-adaptive-cards/user-specific-views
 */
const MAX_REFRESHED = 60;

/** What the clients send, and of whom. */
export interface RefreshBy {
  readonly press: Press;
  /** `29:...` */
  readonly userIds: readonly string[];
  /** Units that the message may have. */
  readonly maxUnits: number;
}

/** The message with as many people as there is room for: who is left out sees what all see, and that is complete. */
export function createRefreshedActivity(parts: CardParts, by: RefreshBy | undefined): CardActivity {
  const plain = createCardActivity(parts);
  if (by === undefined || by.userIds.length === 0) {
    return plain;
  }
  const action = { type: 'Action.Execute', verb: PRESS_VERB, data: by.press };
  const bare = createCardActivity({ ...parts, refresh: { action, userIds: [] } });
  const { items } = takeFitting(by.userIds.slice(0, MAX_REFRESHED), by.maxUnits - unitsOf(bare));
  return items.length === 0 ? plain : createCardActivity({ ...parts, refresh: { action, userIds: items } });
}
