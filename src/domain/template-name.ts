// Names of templates: what a producer calls a card that is filled with data.

import { z } from 'zod';

/** They stand in paths. */
export const TEMPLATE_NAME = /^[a-z0-9][a-z0-9._-]{0,63}$/;

/** What is said about a name that is none. */
export const TEMPLATE_NAME_FORM =
  'a name of 1 to 64 small letters, digits, dots, dashes or underscores, beginning with a letter or digit';

/** A field that names a template. */
export const templateName = z.string().regex(TEMPLATE_NAME, `Expected ${TEMPLATE_NAME_FORM}`);
