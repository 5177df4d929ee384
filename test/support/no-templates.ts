// Accepting where no request names a template.

import { AppError } from '../../src/domain/errors.ts';
import type { FillTemplate } from '../../src/notifications/fill-template.ts';

/** Has none. */
export const noTemplates: FillTemplate = async () => {
  throw new AppError('invalid_request', 'There is no template here');
};
