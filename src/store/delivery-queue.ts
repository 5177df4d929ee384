// The hot statements of the queue: claim, begin and finish an attempt, recover. Each dialect writes them by hand.

import type { DeliveryState, MessageOperation, Operation } from '../domain/delivery.ts';
import type { Remedy } from '../domain/healing.ts';
import type { Priority, StoredContent, UnknownPolicy } from '../domain/notification.ts';
import type { DeferReason, Preferences } from '../domain/preferences.ts';

export interface ClaimInput {
  readonly nowMs: number;
  /** Names this claim and no other; every later write on the delivery must carry it. */
  readonly owner: string;
  readonly leaseMs: number;
  /** At most this many deliveries in all. */
  readonly limit: number;
  /** At most this many of one lane, so that no tenant starves another. */
  readonly quantum: number;
  /** How far ahead send slots may be reserved; also the longest an urgent message waits behind reserved ones. */
  readonly horizonMs: number;
  /** Origins (`https://host`, lower case) whose conversations are left where they are; others of the lane go on. */
  readonly closedOrigins: readonly string[];
  /** Whether deliveries that failed before wait; their conversations wait with them. */
  readonly isClosedToRetries: boolean;
}

/** A delivery that the claimer now holds, with all that is needed to send it. */
export interface ClaimedDelivery {
  readonly id: number;
  /** Row id of the notification, and what its producer knows it by. */
  readonly notificationId: number;
  readonly publicId: string;
  readonly laneId: number;
  /** Row id of the conversation. */
  readonly conversationId: number;
  /** When to send it: the lane's pace. */
  readonly slotAtMs: number;
  /** Distance of two slots of the lane, milliseconds. */
  readonly intervalMs: number;
  readonly priority: Priority;
  /** Requests made for it, and how many of them failed. */
  readonly attempts: number;
  readonly failures: number;
  readonly isReduced: boolean;
  readonly unknownPolicy: UnknownPolicy;
  readonly acceptedAtMs: number;
  /** When it was to become due, if that was not at once. */
  readonly scheduledAtMs?: number;
  readonly expiresAtMs: number;
  readonly content: StoredContent;
  readonly target: DeliveryTarget;
  /** What is to be done in the chat. */
  readonly operation: MessageOperation;
  /** The message to edit or delete; absent while there is none. */
  readonly activityId?: string;
  /** Set where it is about a thing with a key: then what is to be done depends on what the chat shows. */
  readonly lifecycleId?: number;
  /** Whether it goes to a 1:1 chat. */
  readonly isPersonal: boolean;
  /** When the latest notifications to the person were posted, oldest first; empty unless it is a 1:1 chat. */
  readonly notifiedAtMs: readonly number[];
  /** What the person of a 1:1 chat has said, if anything. */
  readonly preferences?: Preferences;
  /** Why it has waited until now, if that was for what its person has said. */
  readonly deferredFor?: DeferReason;
  /** Whether others are leased to it, to be told of in one digest. */
  readonly isDigest: boolean;
  /** Teams refused the latest message there: only what is sent again goes to such an installation. */
  readonly isUnreachable: boolean;
  /** What was tried already to reach the person again. */
  readonly remedies: readonly Remedy[];
}

export interface DeliveryTarget {
  readonly tenantId: string;
  readonly serviceUrl: string;
  readonly botAccountId: string;
  /** Absent while the 1:1 chat has not been opened. */
  readonly teamsConversationId?: string;
  /** The person of a 1:1 chat, to open it with: `29:...` and Entra object id, as far as they are known. */
  readonly teamsUserId?: string;
  readonly aadObjectId?: string;
  readonly locale?: string;
  /** IANA. */
  readonly timeZone?: string;
}

/** The right that one claim gave to one delivery. */
export interface Lease {
  readonly deliveryId: number;
  readonly owner: string;
}

/** What is recorded before a request is written. */
export interface AttemptStart {
  readonly operation: Operation;
  readonly requestId: string;
  readonly nowMs: number;
  readonly leaseUntilMs: number;
}

/** What is recorded of the answer. */
export interface AttemptEnd {
  readonly number: number;
  readonly outcome: string;
  readonly reason: string | null;
  readonly httpStatus: number | null;
  readonly correlationId: string | null;
  readonly nowMs: number;
}

/** The row as it is to be after an attempt. */
export interface DeliveryUpdate {
  readonly state: DeliveryState;
  readonly failures: number;
  readonly isReduced: boolean;
  readonly dueAtMs: number;
  readonly reason: string | null;
  /** Null keeps what it has. */
  readonly activityId: string | null;
  readonly nowMs: number;
}

/** A delivery whose claimer is gone. */
export interface AbandonedDelivery extends Lease {
  readonly laneId: number;
  /** Row id of the conversation. */
  readonly conversationId: number;
  readonly failures: number;
  readonly isReduced: boolean;
  readonly unknownPolicy: UnknownPolicy;
  /** Why it has waited, if that was for what its person has said. */
  readonly deferredFor?: DeferReason;
  /** The attempt that was under way; absent when none had begun. */
  readonly attempt?: { readonly number: number; readonly operation: Operation };
}

/** When a request that was not claimed, or that missed its slot, may go out. */
export interface SlotWish {
  readonly laneId: number;
  readonly nowMs: number;
  /** Not before. */
  readonly earliestMs: number;
  readonly latestMs: number;
}

export interface DeliveryQueue {
  /**
   * Takes due deliveries, reserves a send slot of their lane for each, and leases them. Lanes take turns; inside a
   * lane urgent goes before normal before bulk, but of twenty slots normal has three and bulk one for itself; a conversation has one
   * delivery in flight and keeps its order. What its conversation has no room for is put off until there is.
   */
  claim(input: ClaimInput): Promise<readonly ClaimedDelivery[]>;
  /** Takes one more slot of a lane. @returns its instant; undefined when the lane is held back or has none in time */
  reserveSlot(wish: SlotWish): Promise<number | undefined>;
  /**
   * A post, an edit and a deletion count for the paces of their conversation.
   *
   * @returns the number of the attempt, from 1; undefined when nothing may be sent, because the lease was lost or a 429
   *   holds the lane back
   */
  beginAttempt(lease: Lease, start: AttemptStart): Promise<number | undefined>;
  /**
   * Closes the attempt's record. With `update` it gives the lease up, too, with the delivery in its next state.
   *
   * @returns false when the lease was lost
   */
  endAttempt(lease: Lease, end: AttemptEnd, update?: DeliveryUpdate): Promise<boolean>;
  /** Gives the lease up with the delivery in its next state. @returns false when the lease was lost */
  release(lease: Lease, update: DeliveryUpdate): Promise<boolean>;
  /** Remembers that this was tried. @returns false when the lease was lost */
  addRemedy(lease: Lease, remedy: Remedy): Promise<boolean>;
  /** Gives back what was claimed and not begun; does nothing once an attempt has begun. */
  giveBack(lease: Lease): Promise<void>;
  /** Ends what waited past its time to live. @returns how many */
  expireDue(nowMs: number): Promise<number>;
  /** Deliveries whose lease ended before `leaseBeforeMs`; at most `limit`, oldest first. */
  listAbandoned(leaseBeforeMs: number, limit: number): Promise<readonly AbandonedDelivery[]>;
  /** Moves every instant that something waits for: the wall clock was set by this much, and waits keep their length. */
  shiftInstants(deltaMs: number): Promise<void>;
  /** Whether a claim would find something; cheap, takes no lock. */
  hasDue(nowMs: number): Promise<boolean>;
  /** When the next delivery is due, or the next broadcast begins; in the past if one is. Undefined when none waits. */
  nextDueAtMs(): Promise<number | undefined>;
  /**
   * Turns the next part of the first open broadcast that has begun into deliveries. At a local time they are due when it
   * is that time where each person is; people who have it behind them get it at once.
   * @returns how many people were looked at; 0 when there is no such broadcast
   */
  expandFanout(nowMs: number, chunk: number): Promise<number>;
}
