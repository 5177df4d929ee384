// What was entered into a card, as it comes back.

import { INPUT_ID } from '../../domain/press.ts';
import { isJsonObject } from '../json-object.ts';
import { fieldIdOf } from './ask-buttons.ts';

/**
 * Data of a press in which the field of the pressed action has the id of the one field of a card, which is all that
 * anybody else has to know. Everything that is no such data stays as it is. Pure.
 */
export function withOneField(data: unknown): unknown {
  if (!isJsonObject(data) || data['bellhop'] !== 'respond' || typeof data['action'] !== 'string') {
    return data;
  }
  const own = fieldIdOf(data['action']);
  return Object.hasOwn(data, own) && !Object.hasOwn(data, INPUT_ID) ? { ...data, [INPUT_ID]: data[own] } : data;
}
