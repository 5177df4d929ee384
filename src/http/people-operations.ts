// The operations on what is held about people as they are described.

import { erasedPerson, exportedPerson } from '../directory/person-answers.ts';
import { personBody } from '../directory/person-requests.ts';
import type { Operation } from './operation.ts';

const PERSON = {
  topic: 'People',
  scopes: ['people'],
  request: { schema: personBody, example: { person: 'ana@contoso.com' } },
  problems: ['not_found', 'ambiguous_person'],
} as const;

export const EXPORT_PERSON: Operation = {
  ...PERSON,
  id: 'exportPerson',
  summary: 'Export what is held about a person',
  description: 'One JSON document, which may be long. It breaks off when it cannot be completed.',
  answers: { 200: { description: 'Everything.', schema: exportedPerson } },
};

export const ERASE_PERSON: Operation = {
  ...PERSON,
  id: 'erasePerson',
  summary: 'Erase what is held about a person',
  description: 'Nothing more is sent to them until they remove the bot and install it again.',
  answers: { 200: { description: 'How much that was.', schema: erasedPerson } },
};
