// From the JSON of a request that begins a dialog to what it means, or to everything that is wrong with it.

import { z } from 'zod';
import { describeFields } from '../domain/answer.ts';
import { dialogName } from '../domain/dialog-name.ts';
import type { Fault } from '../domain/errors.ts';
import { faultyRequest, findFaults } from '../domain/parse-request.ts';
import { isGuid } from '../domain/person.ts';
import { isPerson, PERSON_FORMS, parseRecipient } from '../domain/recipient.ts';
import { isTrustedServiceUrl, type ServiceUrlPolicy } from '../domain/service-url.ts';
import { definitionRequest, findDefinitionFaults, type WrittenDefinition } from './parse-definition.ts';

const person = z.string().refine((value) => {
  const named = parseRecipient(value);
  return named !== undefined && isPerson(named);
}, `Expected ${PERSON_FORMS}`);

const userId = z.string().refine((id) => toPerson(id) !== undefined, 'Expected a "29:..." id or an Entra object id');

const named = z.string().max(1_024).exactOptional();

/** Whom to write to, in the form in which the Bot Builder SDK has always named it. */
const address = z.strictObject({
  channelId: z.literal('msteams'),
  user: z.strictObject({ id: userId, name: named }),
  channelData: z.strictObject({ tenant: z.strictObject({ id: z.string().refine(isGuid, 'Expected a GUID') }) }),
  bot: z.strictObject({ id: z.string(), name: named }).exactOptional(),
  serviceUrl: z.string().max(2_048).exactOptional(),
  useAuth: z.literal(true).exactOptional(),
});
describeFields(address, {
  channelId: 'Always `msteams`.',
  user: 'The person: by `29:...` id or Entra object id.',
  channelData: 'With the tenant of the person.',
  bot: 'This bot, with or without `28:` before its id.',
  serviceUrl: 'Of Teams. The service writes to the address that Teams itself has told it, whatever stands here.',
  useAuth: 'Always `true`: nothing is sent without a token.',
});

/** What a producer asks for. */
export const dialogRequest = z.strictObject({
  to: person.exactOptional(),
  address: address.exactOptional(),
  dialog: dialogName.exactOptional(),
  definition: definitionRequest.exactOptional(),
});
z.globalRegistry.add(dialogRequest, {
  id: 'DialogRequest',
  description: 'A person, by `to` or by `address`; and a survey, by the name in `dialog` or by its `definition`.',
});
describeFields(dialogRequest, {
  to: `Who is asked: ${PERSON_FORMS}.`,
  address: 'Who is asked, as the Bot Builder SDK names them; in the place of `to`.',
  dialog: 'The name of one of your dialog definitions.',
  definition: 'A survey of its own; in the place of `dialog`.',
});

/** Which bot this is, and where Teams may be. */
export interface DialogRules {
  /** Lower case. */
  readonly appId: string;
  readonly serviceUrlPolicy: ServiceUrlPolicy;
}

/** What is asked for. */
export interface DialogWish {
  /** A form of `to`. */
  readonly person: string;
  /** The tenant that the person has to be in; any when absent. */
  readonly tenantId?: string;
  /** Its name, or all of it. */
  readonly dialog: string | WrittenDefinition;
}

/** Of the definition more is told than its schema can. */
const frame = dialogRequest.extend({ definition: z.unknown().optional() });

/** @throws AppError `invalid_request` with every fault and its JSON pointer; values are never quoted */
export function parseDialogRequest(json: unknown, rules: DialogRules): DialogWish {
  const fields = toObject(json);
  const { definition } = fields;
  const faults = [
    ...findFaults(frame, json),
    ...(definition === undefined ? [] : findDefinitionFaults(definition, '/definition')),
    ...(fields === json ? [...findAlternatives(fields), ...findAddressFaults(fields['address'], rules)] : []),
  ];
  if (faults.length > 0) {
    throw faultyRequest('dialog', faults);
  }
  return toWish(dialogRequest.parse(json));
}

function toWish({ to, address: named, dialog, definition }: z.output<typeof dialogRequest>): DialogWish {
  return {
    person: to ?? toPerson(named?.user.id ?? '') ?? '',
    ...(named && { tenantId: named.channelData.tenant.id.toLowerCase() }),
    dialog: definition ?? dialog ?? '',
  };
}

type JsonObject = Readonly<Record<string, unknown>>;

function findAlternatives(fields: JsonObject): readonly Fault[] {
  return [
    ['to', 'address'],
    ['dialog', 'definition'],
  ].flatMap(([one = '', other = '']) => {
    const count = [one, other].filter((name) => fields[name] !== undefined).length;
    return count === 1 ? [] : [{ pointer: `/${one}`, detail: `Expected either "${one}" or "${other}"` }];
  });
}

function findAddressFaults(json: unknown, { appId, serviceUrlPolicy }: DialogRules): readonly Fault[] {
  const { bot, serviceUrl } = toObject(json);
  const { id } = toObject(bot);
  return [
    ...(typeof id === 'string' && id.replace(/^28:/, '').toLowerCase() !== appId
      ? [{ pointer: '/address/bot/id', detail: 'Expected the id of this bot' }]
      : []),
    ...(typeof serviceUrl === 'string' && !isTrustedServiceUrl(serviceUrl, serviceUrlPolicy)
      ? [{ pointer: '/address/serviceUrl', detail: 'Expected an address of Teams' }]
      : []),
  ];
}

/** @returns the person as `to` names them; undefined for what is no id */
function toPerson(id: string): string | undefined {
  const text = isGuid(id) ? `aad:${id}` : id;
  const recipient = parseRecipient(text);
  return recipient?.kind === 'teamsUserId' || recipient?.kind === 'aadObjectId' ? text : undefined;
}

function toObject(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
