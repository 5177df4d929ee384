// What an inbound activity must look like before anything reads it: the parts Bellhop uses, checked; the rest, gone.

import { z } from 'zod';
import { isConnectorId } from '../domain/conversation.ts';

/** The largest body that is looked at, in bytes. It also bounds every list in it. */
export const MAX_ACTIVITY_BYTES = 1_048_576;

const MAX_ENTITIES = 100;

/** Of one activity; a person gives and takes back one at a time. */
const MAX_REACTIONS = 20;
const MAX_REACTION_LENGTH = 128;

/** Types of which Microsoft shows examples without an id of their own. */
const WITHOUT_ID: ReadonlySet<string> = new Set(['event', 'messageReaction']);

const connectorId = z.custom<string>(isConnectorId);
const name = optional(z.string().max(256));
const languageTag = optional(z.string().max(64));
const timeZone = optional(z.string().max(64));
const tenantId = optional(z.string().min(1).max(64).toLowerCase());

const entity = z.object({
  type: z.string(),
  // A mention: what it reads in the text, and who is meant.
  text: optional(z.string()),
  mentioned: optional(z.object({ id: z.string(), name })),
  // The client that was used.
  locale: languageTag,
  timezone: timeZone,
});

const reaction = z.object({ type: z.string().trim().min(1).max(MAX_REACTION_LENGTH) });

// A wrong part that nothing depends on is left out; Teams adds types and fields without notice.
const activityParts = z.object({
  type: z.string().min(1).max(128),
  id: connectorId.optional(),
  channelId: z.string().min(1).max(64),
  serviceUrl: z.string().min(1).max(2048),
  conversation: z.object({
    id: connectorId,
    conversationType: optional(z.string()),
    isGroup: optional(z.boolean()),
    tenantId,
  }),
  recipient: z.object({ id: connectorId }),
  from: z
    .object({ id: z.string().max(512), name, aadObjectId: optional(z.string()) })
    .nullish()
    .transform((account) => account ?? undefined),
  timestamp: optional(z.string().max(64).pipe(z.coerce.date())),
  locale: languageTag,
  localTimezone: timeZone,
  name: optional(z.string().max(256)),
  action: optional(z.string().max(64)),
  text: optional(z.string()),
  value: z.unknown().optional(),
  replyToId: optional(connectorId),
  reactionsAdded: optional(z.array(z.unknown()).transform(readReactions)),
  reactionsRemoved: optional(z.array(z.unknown()).transform(readReactions)),
  membersAdded: optional(z.array(z.unknown()).transform(readMembers)),
  membersRemoved: optional(z.array(z.unknown()).transform(readMembers)),
  entities: optional(z.array(z.unknown()).transform(readEntities)),
  channelData: optional(
    z.object({
      tenant: optional(z.object({ id: tenantId })),
      team: optional(z.object({ id: connectorId, name, aadGroupId: optional(z.string()) })),
      channel: optional(z.object({ id: connectorId, name })),
      eventType: optional(z.string().max(64)),
      settings: optional(z.object({ selectedChannel: optional(z.object({ id: connectorId })) })),
    }),
  ),
});

const activityShape = activityParts.refine(({ id, type }) => id !== undefined || WITHOUT_ID.has(type));

/** A checked activity. It has no other properties than these, whatever the body had. */
export type InboundActivity = z.infer<typeof activityShape>;

/**
 * Reads the body of a request. Pure; never throws.
 *
 * @returns undefined when the body is too large, not UTF-8, not JSON, or lacks what every activity of Teams has
 */
export function parseActivity(body: Uint8Array): InboundActivity | undefined {
  return body.byteLength > MAX_ACTIVITY_BYTES ? undefined : activityShape.safeParse(decodeJson(body)).data;
}

function decodeJson(body: Uint8Array): unknown {
  try {
    // Fatal: a decoder that mends broken bytes would let two different bodies mean the same.
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    return undefined;
  }
}

function optional<Shape extends z.ZodType>(shape: Shape) {
  return shape.optional().catch(undefined);
}

/** A plain loop, because a whole team may be in the list. */
function readMembers(list: readonly unknown[]): Member[] {
  const members: Member[] = [];
  for (const member of list) {
    if (typeof member === 'object' && member !== null && 'id' in member && typeof member.id === 'string') {
      const aadObjectId = 'aadObjectId' in member ? member.aadObjectId : undefined;
      members.push({ id: member.id, ...(typeof aadObjectId === 'string' && { aadObjectId }) });
    }
  }
  return members;
}

/** Somebody who came or left: events tell no more of them. */
interface Member {
  readonly id: string;
  readonly aadObjectId?: string | undefined;
}

/** What is no reaction is left out. */
function readReactions(list: readonly unknown[]): { readonly type: string }[] {
  return list.slice(0, MAX_REACTIONS).flatMap((item) => reaction.safeParse(item).data ?? []);
}

function readEntities(list: readonly unknown[]): z.infer<typeof entity>[] {
  return list.slice(0, MAX_ENTITIES).flatMap((item) => entity.safeParse(item).data ?? []);
}
