// What an operator does with producers and their keys.

import type { Clock } from '../domain/clock.ts';
import { AppError } from '../domain/errors.ts';
import { isGuid } from '../domain/person.ts';
import { parseRecipient, RECIPIENT_FORMS } from '../domain/recipient.ts';
import type { ApiKeyRow } from '../store/statements/api-keys.ts';
import type { ProducerRow } from '../store/statements/producers.ts';
import type { Store } from '../store/store.ts';
import { createApiKey } from './api-key.ts';
import type { Scope } from './grant.ts';

/** What administration works on. */
export interface AdministerDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly randomBytes: (size: number) => Uint8Array;
}

/** The name under which the bot's own messages are sent; no producer may take it. */
export const BOT_PRODUCER = 'Bellhop';

export interface NewKeyWish {
  readonly producer: string;
  readonly scopes: readonly Scope[];
  /** Exact forms of `to`, or `*@domain`; empty for everybody. */
  readonly recipients: readonly string[];
  readonly expiresAtMs?: number;
}

/**
 * @param tenantId lets it reach people of this tenant only
 * @throws AppError `already_exists` when the name is taken, `invalid_request` when name or tenant cannot be one
 */
export async function addProducer(deps: AdministerDeps, name: string, tenantId?: string): Promise<ProducerRow> {
  if (!/^[\p{L}\p{N}][\p{L}\p{N} ._-]{0,63}$/u.test(name)) {
    throw new AppError(
      'invalid_request',
      'Expected a producer name of 1 to 64 letters, digits, spaces, dots, dashes or underscores, beginning with a letter or digit',
    );
  }
  if (tenantId !== undefined && !isGuid(tenantId)) {
    throw new AppError('invalid_request', 'Expected the tenant to be a directory (tenant) id, a GUID');
  }
  const producer =
    name.toLowerCase() === BOT_PRODUCER.toLowerCase()
      ? undefined
      : await deps.store.write((tx) => tx.producers.insert(name, tenantId?.toLowerCase() ?? null, deps.clock.nowMs()));
  if (!producer) {
    throw new AppError('already_exists', `A producer named "${name}" exists already. Choose another name`);
  }
  return producer;
}

/** Refuses all keys of a producer from the next request on, or lets them in again. @throws AppError `not_found` */
export async function setProducerDisabled(deps: AdministerDeps, name: string, isDisabled: boolean): Promise<void> {
  await requireProducer(deps.store, name);
  await deps.store.write((tx) => tx.producers.setDisabled(name, isDisabled ? deps.clock.nowMs() : null));
}

/** Finds the producer of the bot's own messages, made at the first start. @returns its id */
export async function ensureBotProducer(deps: Pick<AdministerDeps, 'store' | 'clock'>): Promise<number> {
  return deps.store.write(async (tx) => {
    // Inserted first: of several processes that start at the same time one makes it, and the others find it then.
    const made = await tx.producers.insert(BOT_PRODUCER, null, deps.clock.nowMs());
    const producer = made ?? (await tx.producers.findByName(BOT_PRODUCER));
    if (!producer) {
      throw new AppError('internal', 'The producer of the bot could not be made');
    }
    return producer.id;
  });
}

/** @returns the key's text, shown this once. @throws AppError `not_found`, `invalid_request` */
export async function addKey(deps: AdministerDeps, wish: NewKeyWish): Promise<{ keyId: string; text: string }> {
  const wrong = wish.recipients.find((text) => !parseRecipient(text.replace(/^\*@/, 'anybody@')));
  if (wrong !== undefined) {
    throw new AppError(
      'invalid_request',
      `Expected a recipient to be ${RECIPIENT_FORMS}, or "*@<domain>", got "${wrong}"`,
    );
  }
  const producer = await requireProducer(deps.store, wish.producer);
  const key = createApiKey(deps.randomBytes);
  await deps.store.write((tx) =>
    tx.apiKeys.insert({
      keyId: key.keyId,
      producerId: producer.id,
      secretSha256: key.secretSha256,
      scopes: wish.scopes,
      recipients: wish.recipients,
      nowMs: deps.clock.nowMs(),
      expiresAtMs: wish.expiresAtMs ?? null,
    }),
  );
  return { keyId: key.keyId, text: key.text };
}

/** @param producer only this one's keys; all when absent. @throws AppError `not_found` */
export async function listKeys(deps: AdministerDeps, producer?: string): Promise<readonly ApiKeyRow[]> {
  const owner = producer === undefined ? undefined : await requireProducer(deps.store, producer);
  return deps.store.read.apiKeys.list(owner?.id);
}

/** Refused from the next request on. @throws AppError `not_found` */
export async function revokeKey(deps: AdministerDeps, keyId: string): Promise<void> {
  const isRevoked = await deps.store.write((tx) => tx.apiKeys.revoke(keyId, deps.clock.nowMs()));
  if (!isRevoked) {
    throw new AppError('not_found', `There is no active key with the id "${keyId}". \`key list\` shows the ids`);
  }
}

async function requireProducer(store: Store, name: string): Promise<ProducerRow> {
  const producer = name === BOT_PRODUCER ? undefined : await store.read.producers.findByName(name);
  if (!producer) {
    throw new AppError('not_found', `There is no producer named "${name}". \`producer add\` makes one`);
  }
  return producer;
}
