// What a presented API key allows.

export const SCOPES = ['send', 'read', 'broadcast', 'cards', 'manage', 'people', 'urgent'] as const;

/**
 * `send`: notifications to single people, teams, channels, chats and topics. `broadcast`: to `everyone`, and to all members
 * of a team. `read`: the producer's own notifications. `cards`: notifications with a card of the producer's own making.
 * `manage`: the producer's templates, dialog definitions and status webhooks, and topics. `people`: to export and erase what is known of a
 * person. `urgent`: what is urgent passes the quiet hours of people.
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
