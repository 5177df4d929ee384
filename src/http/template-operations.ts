// The operations on templates as they are described.

import { z } from 'zod';
import {
  previewRequest,
  templateDetails,
  templateList,
  templatePreview,
  templateSaved,
} from '../templates/administer.ts';
import { templateRequest } from '../templates/template.ts';
import type { Operation } from './operation.ts';

/** The beginning of an expression of a template, which is not one of ours. */
const OPEN = '${';

const TOPIC = { topic: 'Templates', scopes: ['manage'] } as const;
const NAMED = {
  ...TOPIC,
  path: { name: 'Name of the template: 1 to 64 small letters, digits, dots, dashes or underscores.' },
} as const;

export const LIST_TEMPLATES: Operation = {
  ...TOPIC,
  id: 'listTemplates',
  summary: 'List your templates',
  answers: { 200: { description: 'All of them, by name.', schema: templateList } },
};

export const GET_TEMPLATE: Operation = {
  ...NAMED,
  id: 'getTemplate',
  summary: 'Read a template',
  answers: { 200: { description: 'As it was put.', schema: templateDetails } },
};

export const PUT_TEMPLATE: Operation = {
  ...NAMED,
  id: 'putTemplate',
  summary: 'Make or change a template',
  description: 'It has to make a card that may be sent of its own sample.',
  request: {
    schema: templateRequest,
    example: {
      card: {
        type: 'AdaptiveCard',
        version: '1.5',
        body: [{ type: 'TextBlock', text: `${OPEN}host} has ${OPEN}left} % left` }],
      },
      summary: `${OPEN}host}: disk almost full`,
      sample: { host: 'db1', left: 4 },
    },
  },
  answers: {
    200: { description: 'It was changed.', schema: templateSaved },
    201: { description: 'It is new.', schema: templateSaved, headers: { Location: 'Where it is.' } },
  },
};

export const REMOVE_TEMPLATE: Operation = {
  ...NAMED,
  id: 'removeTemplate',
  summary: 'Remove a template',
  description: 'What was queued with it goes out all the same.',
  answers: {
    200: {
      description: 'It is removed.',
      schema: z
        .object({ name: z.string(), isRemoved: z.literal(true) })
        .meta({ id: 'RemovedTemplate', description: 'A template that was removed.' }),
    },
  },
};

export const PREVIEW_TEMPLATE: Operation = {
  ...NAMED,
  id: 'previewTemplate',
  summary: 'See the card that a template makes',
  description: 'Nothing is stored or sent. The sample of the template takes the place of data that is absent.',
  request: { schema: previewRequest, isOptional: true, example: { data: { host: 'db2', left: 1 } } },
  answers: { 200: { description: 'The card.', schema: templatePreview } },
};
