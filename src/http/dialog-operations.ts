// The operations on dialogs as they are described.

import { z } from 'zod';
import { definitionDetails, definitionList, definitionView } from '../dialogs/definitions.ts';
import { dialogList, dialogView } from '../dialogs/dialog-view.ts';
import { definitionRequest } from '../dialogs/parse-definition.ts';
import { dialogRequest } from '../dialogs/parse-dialog.ts';
import { dialogListQuery } from '../dialogs/producer-dialogs.ts';
import { DIALOG_NAME_FORM } from '../domain/dialog-name.ts';
import type { Operation } from './operation.ts';

const TOPIC = 'Dialogs';
const DIALOG = { id: 'Id of the dialog: `dlg_...`.' };

const SURVEY = {
  title: 'Your first week',
  questions: [
    { id: 'laptop', kind: 'choice', text: 'Did your laptop work?', choices: ['Yes', 'No'], next: { Yes: 'stars' } },
    { id: 'problem', kind: 'text', text: 'What was wrong with it?' },
    { id: 'stars', kind: 'number', text: 'How many stars do you give?', min: 1, max: 5 },
  ],
  thanks: 'Thank you. We read every answer.',
};

export const BEGIN_DIALOG: Operation = {
  id: 'startDialog',
  topic: TOPIC,
  summary: 'Begin a conversation with one person',
  description:
    'The bot asks the questions of a survey one after the other in the 1:1 chat. The answer comes when it is on disk. ' +
    'Somebody is asked one survey at a time; another one waits for its turn. ' +
    'With an `Idempotency-Key` a request may be repeated: the retry begins no second dialog.',
  scopes: ['send'],
  headers: z.object({
    'Idempotency-Key': z
      .string()
      .min(1)
      .max(255)
      .optional()
      .describe('Your name for this one dialog. It is remembered as long as the dialog is kept.'),
  }),
  request: { schema: dialogRequest, example: { to: 'ana@contoso.com', definition: SURVEY } },
  answers: {
    202: {
      description: 'It is on disk.',
      schema: dialogView,
      headers: {
        Location: 'Where to ask what became of it.',
        'Idempotency-Replayed': '`true` when an earlier request with the same key began it.',
      },
    },
  },
  problems: ['idempotency_key_invalid', 'idempotency_key_reused', 'no_recipient', 'backlog_full'],
};

export const LIST_DIALOGS: Operation = {
  id: 'listDialogs',
  topic: TOPIC,
  summary: 'List your dialogs',
  description: 'Newest first, with their answers.',
  scopes: ['read'],
  query: dialogListQuery,
  answers: { 200: { description: 'A page.', schema: dialogList } },
};

export const GET_DIALOG: Operation = {
  id: 'getDialog',
  topic: TOPIC,
  summary: 'Read the answers of a dialog',
  scopes: ['read'],
  path: DIALOG,
  answers: { 200: { description: 'As it stands.', schema: dialogView } },
};

export const CANCEL_DIALOG: Operation = {
  id: 'cancelDialog',
  topic: TOPIC,
  summary: 'End a dialog',
  description: 'The person is told that it is over. Of one that has ended it only tells how.',
  scopes: ['send'],
  path: DIALOG,
  answers: { 200: { description: 'As it ended, with the answers until then.', schema: dialogView } },
};

const OWNED = { topic: TOPIC, scopes: ['manage'] } as const;
const NAMED = {
  ...OWNED,
  path: { name: `Name of the definition: ${DIALOG_NAME_FORM}; a "/" stands as \`%2F\` in the path.` },
} as const;

export const LIST_DEFINITIONS: Operation = {
  ...OWNED,
  id: 'listDialogDefinitions',
  summary: 'List your dialog definitions',
  answers: { 200: { description: 'All of them, by name.', schema: definitionList } },
};

export const GET_DEFINITION: Operation = {
  ...NAMED,
  id: 'getDialogDefinition',
  summary: 'Read a dialog definition',
  answers: { 200: { description: 'As it was put.', schema: definitionDetails } },
};

export const PUT_DEFINITION: Operation = {
  ...NAMED,
  id: 'putDialogDefinition',
  summary: 'Make or change a dialog definition',
  description: 'Dialogs that have begun go on as they were.',
  request: { schema: definitionRequest, example: SURVEY },
  answers: {
    200: { description: 'It was changed.', schema: definitionView },
    201: { description: 'It is new.', schema: definitionView, headers: { Location: 'Where it is.' } },
  },
};

export const REMOVE_DEFINITION: Operation = {
  ...NAMED,
  id: 'removeDialogDefinition',
  summary: 'Remove a dialog definition',
  description: 'Dialogs that have begun go on.',
  answers: { 204: { description: 'It is removed.' } },
};
