// The card of a notification that names a template.

import { AppError, type Fault } from '../domain/errors.ts';
import { faultyRequest } from '../domain/parse-request.ts';
import type { Store } from '../store/store.ts';
import type { Expansion } from './expand.ts';
import type { JsonObject } from './template.ts';
import { type CheckCard, createTemplateReader, makeCard } from './use-template.ts';

/** What filling takes. */
export interface FillDeps {
  readonly store: Store;
  readonly checkCard: CheckCard;
}

/** Which template, and with what. */
export interface FillWish {
  readonly producerId: number;
  readonly name: string;
  readonly data: JsonObject;
}

/**
 * Gives the function that makes the card of a notification. It throws AppError `invalid_request` with pointers into
 * the notification: `/template/name`, `/template/data`, or `/template` for what template and data make together.
 */
export function createFillTemplate({ store, checkCard }: FillDeps): (wish: FillWish) => Promise<Expansion> {
  const read = createTemplateReader();
  return async ({ producerId, name, data }) => {
    const row = await store.read.templates.find({ producerId, name });
    if (!row) {
      throw faultyRequest('notification', [
        {
          pointer: '/template/name',
          detail: 'There is no template of this name. `PUT /api/v1/templates/<name>` makes one',
        },
      ]);
    }
    try {
      return makeCard(checkCard, read(row), data);
    } catch (error) {
      throw error instanceof AppError && error.code === 'invalid_request'
        ? faultyRequest('notification', error.faults.map(toFaultOfNotification))
        : error;
    }
  };
}

function toFaultOfNotification({ pointer, detail }: Fault): Fault {
  return pointer === '/data'
    ? { pointer: '/template/data', detail }
    : { pointer: '/template', detail: `${detail} (at ${pointer} of the template)` };
}
