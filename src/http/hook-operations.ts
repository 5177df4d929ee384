// The operations on hooks as they are described.

import { hookList, hookTrial, hookView, hookWithSecret } from '../hooks/hook-answers.ts';
import { createHookSchemas } from '../hooks/hook-requests.ts';
import { DIALECT_NAMES } from '../sources/dialect-names.ts';
import type { Operation } from './operation.ts';

const SCHEMAS = createHookSchemas(DIALECT_NAMES);

const TOPIC = { topic: 'Hooks', scopes: ['manage'] } as const;
const NAMED = { ...TOPIC, path: { id: 'Id of the hook: `hook_...`.' } } as const;

export const ADD_HOOK: Operation = {
  ...TOPIC,
  id: 'addHook',
  summary: 'Make an address that a sender posts to in its own dialect',
  description:
    'The key has to have the scope `send` as well, and no hook may do more than the key that makes it. ' +
    'A producer has two hundred hooks at the most.',
  request: {
    schema: SCHEMAS.registration,
    example: { name: 'Alerts', source: 'alertmanager', to: ['ana@contoso.com'], filters: ['severity>=warning'] },
  },
  answers: {
    201: { description: 'With its secret.', schema: hookWithSecret, headers: { Location: 'Where it is.' } },
  },
  problems: ['already_exists', 'conflict', 'encryption_key_missing'],
};

export const LIST_HOOKS: Operation = {
  ...TOPIC,
  id: 'listHooks',
  summary: 'List your hooks',
  answers: { 200: { description: 'All of them.', schema: hookList } },
};

export const GET_HOOK: Operation = {
  ...NAMED,
  id: 'getHook',
  summary: 'See a hook',
  answers: { 200: { description: 'How it stands.', schema: hookView } },
};

export const CHANGE_HOOK: Operation = {
  ...NAMED,
  id: 'changeHook',
  summary: 'Change, disable or enable a hook',
  description: 'From then on it may do what the key may that changed it.',
  request: { schema: SCHEMAS.change, example: { filters: ['event=pull_request.*'] } },
  answers: { 200: { description: 'As it is now.', schema: hookView } },
  problems: ['already_exists'],
};

export const REMOVE_HOOK: Operation = {
  ...NAMED,
  id: 'removeHook',
  summary: 'Remove a hook',
  description: 'Its sender is refused from now on.',
  answers: { 204: { description: 'It is gone.' } },
};

export const ROTATE_HOOK: Operation = {
  ...NAMED,
  id: 'rotateHook',
  summary: 'Exchange the secret of a hook',
  description: 'For a while, a day when nothing else is said, both secrets are good, so that no request is refused.',
  request: { schema: SCHEMAS.rotation, isOptional: true, example: { keepPreviousFor: 'PT12H' } },
  answers: { 200: { description: 'With its new secret.', schema: hookWithSecret } },
  problems: ['conflict', 'encryption_key_missing'],
};

export const TRY_HOOK: Operation = {
  ...NAMED,
  id: 'tryHook',
  summary: 'See what a payload would come to at a hook',
  description: 'Filters, notification, recipients and card. Nothing is stored or sent.',
  request: {
    schema: SCHEMAS.trial,
    example: { payload: { zen: 'Keep it logically awesome.' }, headers: { 'X-GitHub-Event': 'ping' } },
  },
  answers: { 200: { description: 'What it would come to.', schema: hookTrial } },
};
