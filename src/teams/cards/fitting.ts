// What of a list fits on a card.

import { toMarkdownLine } from '../../domain/literal.ts';
import { type CardActivity, type CardElement, createCardActivity, textBlock, unitsOf } from './card-activity.ts';

/** The first items that fit into `maxUnits` of JSON, commas included. */
export function takeFitting<Item>(items: readonly Item[], maxUnits: number): { items: readonly Item[]; units: number } {
  let units = 0;
  let count = 0;
  for (const item of items) {
    const next = units + unitsOf(item) + 1;
    if (next > maxUnits) {
      break;
    }
    units = next;
    count += 1;
  }
  return { items: items.slice(0, count), units };
}

/** A card of rows of which only the first may fit. */
export interface ListCard {
  /** Plain. */
  readonly summary: string;
  readonly rtl: boolean | undefined;
  readonly head: readonly CardElement[];
  readonly rows: readonly CardElement[];
  /** How many there are that are no rows. */
  readonly hidden?: number;
  readonly tail?: readonly CardElement[];
  readonly actions: readonly CardElement[];
  readonly maxUnits: number;
  /** How many are not shown. */
  more(count: number): string;
}

/** The message of a list; what is not on it is counted. */
export function createListActivity(list: ListCard): CardActivity {
  const { summary, rtl, head, rows, hidden = 0, tail = [], actions, maxUnits, more } = list;
  const withRows = (shown: readonly CardElement[], count: number) => {
    const note = count > 0 ? [textBlock(more(count), { isSubtle: true, spacing: 'Small' })] : [];
    const body = [...head, ...shown, ...note, ...tail];
    return createCardActivity({ summary, fallbackText: toMarkdownLine(summary), rtl, body, actions });
  };
  const { items } = takeFitting(rows, maxUnits - unitsOf(withRows([], rows.length + hidden)));
  return withRows(items, rows.length - items.length + hidden);
}

/** A row with what can be done about it at its end. */
export function rowOf(items: readonly CardElement[], actions: readonly CardElement[]): CardElement {
  const place = { type: 'Column', verticalContentAlignment: 'Center' };
  return actions.length === 0
    ? { type: 'Container', items }
    : {
        type: 'ColumnSet',
        columns: [
          { ...place, width: 'stretch', items },
          { ...place, width: 'auto', items: [{ type: 'ActionSet', actions }] },
        ],
      };
}
