// Names of surveys: by what a producer begins one.

import { z } from 'zod';

/** `/` is the root, as bots have always called the dialog that they begin with. */
const DIALOG_NAME = /^(?:\/|\/?[A-Za-z0-9_-][A-Za-z0-9._-]{0,63})$/;

/** What is said about a name that is none. */
export const DIALOG_NAME_FORM =
  'a name of 1 to 64 letters, digits, dots, dashes or underscores, with no dot at its beginning; a "/" may stand before it, or alone';

/** Whether a survey can have this name. */
export function isDialogName(name: string): boolean {
  return DIALOG_NAME.test(name);
}

/** A field that names a survey. */
export const dialogName = z.string().refine(isDialogName, `Expected ${DIALOG_NAME_FORM}`);
