// The port through which deliveries leave: what delivery needs of Teams, and nothing of how Teams is spoken to.

import type { AskView } from '../domain/ask.ts';
import type { Outcome } from '../domain/delivery.ts';
import type { LifecycleView } from '../domain/lifecycle.ts';
import type { MentionedPerson, MessageContent, NotificationMenu } from '../domain/notification.ts';

/** What is known of one HTTP request afterwards, for the record. */
export interface AttemptTrace {
  readonly httpStatus?: number;
  /** Microsoft's own id of the request (`MS-CV` or `X-Correlating-OperationId`), for its support. */
  readonly correlationId?: string;
}

/** What came of one HTTP request, and its trace. */
export interface AttemptResult {
  readonly outcome: Outcome;
  readonly trace: AttemptTrace;
}

/** Opens the 1:1 chat with one person, or finds it: the same person always gives the same chat. */
export interface CreateConversationRequest {
  /** Ours, sent as `x-ms-client-request-id`: joins the attempt with Microsoft's logs. */
  readonly requestId: string;
  readonly tenantId: string;
  readonly serviceUrl: string;
  readonly botAccountId: string;
  /** `29:...` where known, else the Entra object id. */
  readonly memberId: string;
}

export interface PostRequest {
  readonly requestId: string;
  readonly tenantId: string;
  readonly serviceUrl: string;
  readonly conversationId: string;
  readonly content: MessageContent;
  /** The reader's language, BCP 47. */
  readonly locale?: string;
  /** The reader's time zone, IANA. */
  readonly timeZone?: string;
  /** Whom the card mentions; nobody when absent. */
  readonly mentions?: readonly MentionedPerson[];
  /** When the notification was accepted, epoch milliseconds. */
  readonly acceptedAtMs: number;
  /** What the card tells of the thing that it is about. */
  readonly lifecycle?: LifecycleView;
  /** Who has answered what the notification asks. */
  readonly asked?: AskView;
  /** Public id of the notification, where it asks something: its buttons name it. */
  readonly notification?: string;
  /** Whose clients fetch a view of their own of a card that many read, `29:...`; nobody when absent. */
  readonly refreshFor?: readonly string[];
  /** The menu of a notification in a 1:1 chat. */
  readonly menu?: NotificationMenu;
  /** Whether it goes out in the quiet hours of its reader. */
  readonly isThroughQuiet?: true;
  /** Whether its reader gets it because nobody else had answered. */
  readonly isEscalated?: boolean;
  /** Send the short form: Teams refused the full one for its size. */
  readonly isReduced: boolean;
}

/** Changes the message that is in the chat; whoever reads it sees no toast. */
export interface UpdateRequest extends PostRequest {
  readonly activityId: string;
}

/** Takes a message out of the chat. */
export interface DeleteRequest {
  readonly requestId: string;
  readonly serviceUrl: string;
  readonly conversationId: string;
  readonly activityId: string;
}

/**
 * Speaks to the Bot Connector. Each call but `prepare` makes exactly one HTTP request and never throws for what the
 * other side did: that is the outcome.
 */
export interface Sender {
  /**
   * Makes sure that a token is at hand, so that no attempt begins without one.
   * @throws AppError `token_unavailable`, with `retryAfterMs`
   */
  prepare(): Promise<void>;
  /** Succeeds with `created`. */
  createConversation(request: CreateConversationRequest, signal: AbortSignal): Promise<AttemptResult>;
  /** Succeeds with `delivered`. */
  post(request: PostRequest, signal: AbortSignal): Promise<AttemptResult>;
  /** Succeeds with `edited`. */
  update(request: UpdateRequest, signal: AbortSignal): Promise<AttemptResult>;
  /** Succeeds with `removed`. */
  delete(request: DeleteRequest, signal: AbortSignal): Promise<AttemptResult>;
}
