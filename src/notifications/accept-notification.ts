// Accepting a notification: once per idempotency key, with all its deliveries, in one durable transaction.

import { createHash } from 'node:crypto';
import type { Clock } from '../domain/clock.ts';
import { AppError } from '../domain/errors.ts';
import { NAMES_LOCK } from '../store/locks.ts';
import type { Statements, Store } from '../store/store.ts';
import type { Logger } from '../telemetry/logger.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import { createBacklogGuard } from './backlog.ts';
import { createEstimator } from './estimate.ts';
import { toAsk } from './parse-ask.ts';
import { type PrepareDeps, type PreparedNotification, prepareNotification } from './prepare-notification.ts';
import { findAudiences } from './resolve-recipients.ts';
import { requireTimely } from './schedule.ts';
import type { AcceptedNotification, SaidInstead, Sender, StoreDeps } from './store-notification.ts';
import { storeWithMentions } from './store-with-mentions.ts';

/** What accepting takes. */
export interface AcceptDeps extends PrepareDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly randomBytes: (size: number) => Uint8Array;
}

export interface AcceptOptions {
  /** Deliveries that may wait or be on their way; beyond it new notifications are refused. */
  readonly maxBacklog: number;
}

export interface AcceptInput {
  readonly sender: Sender;
  readonly json: unknown;
  /** The bytes of `json`: the same idempotency key with other bytes is refused. */
  readonly body: Uint8Array;
  readonly idempotencyKey: string | undefined;
  /** What another room says by it, in the place of what `json` says. */
  readonly said?: SaidInstead;
  /** Whether an answer of people is waited for: then something has to be asked. */
  readonly isAnswerAwaited?: boolean;
}

export interface Accepted {
  readonly answer: AcceptedNotification;
  /** True when an earlier request with the same idempotency key is answered once more. */
  readonly isReplay: boolean;
}

/** Accepts several in one transaction: all of them, or none. Answers in the order of the inputs. */
export type AcceptAll = (inputs: readonly AcceptInput[]) => Promise<readonly Accepted[]>;

/** How notifications are accepted. The promises resolve after the rows are on disk. */
export interface Acceptance {
  accept(input: AcceptInput): Promise<Accepted>;
  readonly acceptAll: AcceptAll;
}

/**
 * Gives the functions that accept notifications.
 *
 * @throws AppError `invalid_request`, `forbidden`, `no_recipient`, `idempotency_key_reused`, `backlog_full`, `store_unavailable`
 */
export function createAcceptance(deps: AcceptDeps, options: AcceptOptions): Acceptance {
  const acceptAll = createAcceptAll(deps, options);
  return {
    acceptAll,
    async accept(input) {
      const [accepted] = await acceptAll([input]);
      if (!accepted) {
        throw new AppError('internal', 'A notification was accepted without an answer');
      }
      return accepted;
    },
  };
}

function createAcceptAll(deps: AcceptDeps, options: AcceptOptions): AcceptAll {
  const backlog = createBacklogGuard(deps, options.maxBacklog);
  const estimator = createEstimator(deps);
  const prepareNew = async (input: AcceptInput): Promise<Acceptable> => {
    const prepared = await prepareNotification(deps, input);
    // Only of a new request: a retry gets its first answer, also when the time has passed meanwhile.
    requireTimely(prepared.request, deps.clock.nowMs());
    requireAsk(prepared, input);
    await backlog.admit();
    const { rights } = input.sender;
    const audiences = await findAudiences(deps.store.read, prepared.request.to, rights);
    await estimator.lookAhead(deps.store.read, audiences, rights.tenantId);
    return { prepared, input };
  };
  const storeAll = (found: readonly (Accepted | Acceptable)[]) =>
    deps.store.write(async (tx) => {
      const answers: Accepted[] = [];
      for (const one of found) {
        answers.push('answer' in one ? one : await acceptOnce({ ...deps, estimator }, tx, one));
      }
      return answers;
    });
  return async (inputs) => {
    const found: (Accepted | Acceptable)[] = [];
    for (const input of inputs) {
      // Before it is prepared: a retry gets its answer also when its template has changed meanwhile.
      found.push((await findReplay(deps.store.read, input)) ?? (await prepareNew(input)));
    }
    const replays = found.filter((one) => 'answer' in one);
    const accepted = replays.length === found.length ? replays : await storeAll(found);
    for (const [at, one] of accepted.entries()) {
      report(deps, one, found[at]);
    }
    return accepted;
  };
}

/** @throws AppError `invalid_request` when an answer is awaited and nothing is asked */
function requireAsk({ request }: PreparedNotification, { isAnswerAwaited = false }: AcceptInput): void {
  if (isAnswerAwaited && toAsk(request) === undefined) {
    throw new AppError('invalid_request', 'Expected `acknowledge` or `actions` for `wait=acknowledged` to wait for');
  }
}

/** Counts it, writes it down and wakes who sends it; of a replay it only counts. */
function report({ metrics, logger, store }: AcceptDeps, { answer, isReplay }: Accepted, from?: Accepted | Acceptable) {
  if (isReplay || !from || 'answer' in from) {
    metrics.notificationsReplayed.inc();
    return;
  }
  metrics.notificationsAccepted.inc({ priority: from.prepared.request.priority });
  logger.info(
    {
      notificationId: answer.id,
      producerId: from.input.sender.producerId,
      deliveries: answer.deliveries.length,
      unresolved: answer.unresolved.length,
    },
    'notification accepted',
  );
  store.signalWork();
}

/** A request that may be stored. */
interface Acceptable {
  readonly prepared: PreparedNotification;
  readonly input: AcceptInput;
}

async function acceptOnce(deps: StoreDeps, tx: Statements, { prepared, input }: Acceptable): Promise<Accepted> {
  const { sender, said: instead, idempotencyKey: key } = input;
  if (key !== undefined) {
    await tx.locks.take(`idempotency key ${sender.producerId} ${key}`);
  }
  // Looked for once more: of two requests at the same time the second one finds the first one here.
  const replay = await findReplay(tx, input);
  if (replay) {
    return replay;
  }
  await tx.locks.share(NAMES_LOCK);
  const { shortened, warnings, ...said } = prepared;
  const { answer: stored, notificationId, nowMs } = await storeWithMentions(deps, { ...said, tx, sender, instead });
  await instead?.store(tx, { notificationId, nowMs });
  const answer = { ...stored, ...(shortened && { shortened }), ...(warnings && { warnings }) };
  if (key !== undefined) {
    await tx.notifications.insertIdempotent({
      producerId: sender.producerId,
      key,
      requestSha256: digestOf(input.body),
      notificationId,
      body: JSON.stringify(answer),
      nowMs,
    });
  }
  return { answer, isReplay: false };
}

/** @throws AppError `idempotency_key_reused` when the key was used for other bytes */
async function findReplay(
  statements: Statements,
  { sender, idempotencyKey: key, body }: AcceptInput,
): Promise<Accepted | undefined> {
  const earlier = key === undefined ? undefined : await statements.notifications.findIdempotent(sender.producerId, key);
  if (!earlier) {
    return undefined;
  }
  if (Buffer.compare(earlier.requestSha256, digestOf(body)) !== 0) {
    throw new AppError(
      'idempotency_key_reused',
      'This Idempotency-Key was used for another request. Use a new key for each notification, and the same bytes for a retry',
    );
  }
  return { answer: JSON.parse(earlier.body), isReplay: true };
}

function digestOf(body: Uint8Array): Uint8Array {
  return createHash('sha256').update(body).digest();
}
