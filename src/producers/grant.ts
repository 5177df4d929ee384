// What a presented API key allows.

export const SCOPES = ['send', 'read', 'broadcast', 'cards', 'manage', 'people'] as const;

/**
 * `send`: notifications to single people. `broadcast`: to `everyone`. `read`: the producer's own notifications.
 * `cards`: notifications with a card of the producer's own making. `manage`: the producer's templates and status
 * webhooks. `people`: to export and erase what is known of a person.
 */
export type Scope = (typeof SCOPES)[number];

/** An authenticated producer and the limits of the key it used. Everything that is not granted is denied. */
export interface Grant {
  readonly keyId: string;
  readonly producerId: number;
  readonly producerName: string;
  /** When set, the producer reaches people of this tenant only. */
  readonly tenantId?: string;
  readonly scopes: readonly Scope[];
  /** When not empty, only these recipients: exact forms of `to`, or `*@domain`. */
  readonly recipients: readonly string[];
}
