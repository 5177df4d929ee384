// What people read about the API, held against what it is: no field, state, scope or setting is left out.

import { readFileSync } from 'node:fs';
import { CONFIG_KEYS } from '../../../src/config/schema.ts';
import { requestFields } from '../../../src/notifications/parse-notification.ts';
import { SHOWN_STATES } from '../../../src/notifications/shown-state.ts';
import { SCOPES } from '../../../src/producers/grant.ts';

const read = (path: string) => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');
const reference = read('docs/api.md');
const readme = read('README.md');

test.each(Object.keys(requestFields))('the reference has a row for the field %s', (field) => {
  expect(reference).toMatch(new RegExp(`^\\| \`${field}\` `, 'm'));
});

test.each(SHOWN_STATES)('the reference says what the state %s means', (state) => {
  expect(reference).toMatch(new RegExp(`^\\| \`${state}\` `, 'm'));
});

test.each(SCOPES)('the readme says what the scope %s allows', (scope) => {
  expect(readme).toMatch(new RegExp(`^\\| \`${scope}\` `, 'm'));
});

test.each(CONFIG_KEYS)('the readme names the setting %s', (key) => {
  expect(readme).toMatch(new RegExp(`^\\| .*\`${key}\``, 'm'));
});
