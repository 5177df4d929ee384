// Which members of a card Teams shows as markdown, which as plain text, and which not at all.

import type { Place } from './text.ts';

/** Where a member of a card stands. */
export interface Position {
  /** `type` of the object that it belongs to; of the nearest one around when it has none. */
  readonly type: string;
  /** The member of the card that the object belongs to. */
  readonly parent: string;
  readonly key: string;
}

/** Shown as it is by Teams, wherever it stands. */
const PLAIN_KEYS: ReadonlySet<string> = new Set([
  'title',
  'altText',
  'label',
  'placeholder',
  'tooltip',
  'subtitle',
  'errorMessage',
  'speak',
]);

/** Lists whose entries are shown as markdown, and the members of the entries that are. */
const MARKDOWN_ENTRIES: Readonly<Record<string, readonly string[]>> = {
  facts: ['title', 'value'],
  choices: ['title'],
};

/** Members that are for programs, with all that is in them. */
const OPAQUE_KEYS: ReadonlySet<string> = new Set(['data', 'msteams']);

/** Whether what is in a member is never shown. */
export function isOpaque(key: string): boolean {
  return OPAQUE_KEYS.has(key);
}

/**
 * TextBlocks and facts are markdown, and so are choices and toggles in Microsoft's renderer; text runs, buttons and
 * labels are not. Text that this does not know is taken for markdown, which escapes more.
 *
 * @see https://learn.microsoft.com/microsoftteams/platform/task-modules-and-cards/cards/cards-format
 */
export function placeOf({ type, parent, key }: Position): Place {
  if (key === 'text' || key === 'fallbackText') {
    return type === 'TextRun' ? 'plain' : 'markdown';
  }
  const entries = Object.hasOwn(MARKDOWN_ENTRIES, parent) ? MARKDOWN_ENTRIES[parent] : undefined;
  if (entries?.includes(key) || (type === 'Input.Toggle' && key === 'title')) {
    return 'markdown';
  }
  return PLAIN_KEYS.has(key) ? 'plain' : 'raw';
}
