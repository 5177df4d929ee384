// The dialects that hooks speak: one line for each.

import type { Dialect } from '../domain/source.ts';
import { alertmanager } from './alertmanager.ts';
import { json } from './json.ts';
import { standardWebhooks } from './standard-webhooks.ts';
import { text } from './text.ts';

export const DIALECTS: readonly Dialect[] = [alertmanager, json, standardWebhooks, text];
