// The dialects that hooks speak: one line for each.

import type { Dialect } from '../domain/source.ts';
import { alertmanager } from './alertmanager.ts';
import { cloudevents } from './cloudevents.ts';
import { json } from './json.ts';
import { standardWebhooks } from './standard-webhooks.ts';
import { text } from './text.ts';

export const DIALECTS: readonly Dialect[] = [alertmanager, cloudevents, json, standardWebhooks, text];
