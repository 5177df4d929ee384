// The words in which plain senders say how bad something is, how it stands, and what happened. Pure.

import type { LifecycleState } from '../domain/lifecycle.ts';
import type { Severity } from '../domain/notification.ts';

const SEVERITY_WORDS: Readonly<Record<Severity, readonly string[]>> = {
  critical: [
    'critical',
    'crit',
    'fatal',
    'emergency',
    'emerg',
    'panic',
    'disaster',
    'blocker',
    'page',
    ...'p0 p1 sev0 sev1'.split(' '),
  ],
  error: [
    'error',
    'err',
    'high',
    'major',
    'severe',
    'p2',
    'sev2',
    'alert',
    'danger',
    'failed',
    'failure',
    'failing',
    'fail',
    'broken',
    'crashed',
    'down',
    'offline',
    'unhealthy',
    'timeout',
    'timed out',
    'red',
  ],
  warning: [
    'warning',
    'warn',
    'medium',
    'moderate',
    'average',
    'minor',
    'p3',
    'sev3',
    'degraded',
    'unstable',
    'firing',
    'triggered',
    'alerting',
    'problem',
    'overdue',
    'expired',
    'orange',
    'yellow',
  ],
  info: ['info', 'information', 'informational', 'notice', 'debug', 'trace', 'low', 'none', 'p4', 'p5', 'sev4', 'sev5'],
  success: [
    'success',
    'successful',
    'succeeded',
    'ok',
    'okay',
    'pass',
    'passed',
    'resolved',
    'recovered',
    'recovery',
    'fixed',
    'solved',
    'cleared',
    'healthy',
    'up',
    'online',
    'complete',
    'completed',
    'done',
    'good',
    'green',
  ],
};

/** Said of a thing that has a life: each means what it says, whatever it is said of. */
const STATE_WORDS: Readonly<Record<LifecycleState, readonly string[]>> = {
  open: ['open', 'opened', 'reopened', 'unresolved', 'firing', 'trigger', 'triggered', 'alerting', 'active', 'problem'],
  acknowledged: ['acknowledged', 'acknowledge', 'acked', 'ack', 'investigating', 'identified', 'in progress'],
  resolved: [
    'resolved',
    'resolve',
    'closed',
    'close',
    'recovered',
    'recovery',
    'fixed',
    'solved',
    'cleared',
    'inactive',
  ],
};

/** Said of what a thing came to: that is how it stands where the sender names the thing. */
const OUTCOME_WORDS: Readonly<Record<LifecycleState, readonly string[]>> = {
  open: [
    'failed',
    'failure',
    'failing',
    'fail',
    'error',
    'critical',
    'warning',
    'down',
    'offline',
    'degraded',
    'unhealthy',
    'unstable',
    'started',
    'running',
    'pending',
    'queued',
  ],
  acknowledged: [],
  resolved: [
    'ok',
    'okay',
    'up',
    'online',
    'healthy',
    'normal',
    'success',
    'successful',
    'succeeded',
    'passed',
    'complete',
    'completed',
    'finished',
    'done',
    'merged',
    'cancelled',
    'canceled',
  ],
};

/** The last word of an event's name: `invoice.payment_failed`. */
const EVENT_WORDS: Readonly<Record<Exclude<Severity, 'info'>, readonly string[]>> = {
  critical: ['critical'],
  error: ['failed', 'failure', 'error', 'errored', 'crashed', 'declined'],
  warning: ['warning', 'degraded', 'delayed', 'overdue', 'bounced', 'disputed', 'expired', 'expiring', 'expiry'],
  success: ['success', 'succeeded', 'completed', 'resolved', 'recovered', 'fixed', 'passed'],
};

/** From each word to what it is listed under. */
function byWord<Meaning extends string>(
  words: Readonly<Record<Meaning, readonly string[]>>,
): ReadonlyMap<string, Meaning> {
  const meanings = Object.keys(words) as Meaning[];
  return new Map(meanings.flatMap((meaning) => words[meaning].map((word) => [word, meaning] as const)));
}

const SEVERITY_OF = byWord(SEVERITY_WORDS);
const STATE_OF = byWord(STATE_WORDS);
const OUTCOME_OF = byWord(OUTCOME_WORDS);
const EVENT_SEVERITY_OF = byWord(EVENT_WORDS);

/** What `WARN`, `P1` or `timed_out` say; undefined for any other word. */
export function severityOf(word: string | undefined): Severity | undefined {
  return SEVERITY_OF.get(toWord(word));
}

/** What `firing`, `Acked` or `closed` say; undefined for any other word. */
export function stateOf(word: string | undefined): LifecycleState | undefined {
  return STATE_OF.get(toWord(word));
}

/** The same, and what `failed` or `ok` say of a thing that its sender names. */
export function outcomeOf(word: string | undefined): LifecycleState | undefined {
  return stateOf(word) ?? OUTCOME_OF.get(toWord(word));
}

/** What the name of an event says of how bad it is: `invoice.payment_failed`, `Microsoft.KeyVault.SecretNearExpiry`. */
export function severityOfEvent(type: string): Severity | undefined {
  return EVENT_SEVERITY_OF.get(wordsOf(eventTitle(type)).at(-1) ?? '');
}

function toWord(word: string | undefined): string {
  return (word ?? '')
    .slice(0, 64)
    .trim()
    .toLowerCase()
    .replace(/[\s_-]+/g, ' ');
}

/** The words of a name, in lower case: `dashboardUrl`, `dashboard_url` and `dashboard-url` are two each. */
export function wordsOf(name: string): readonly string[] {
  return name
    .slice(0, 256)
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
}

/** As a line begins. */
export function capitalize(text: string): string {
  return text.replace(/^\p{Ll}/u, (letter) => letter.toUpperCase());
}

/** Whose names stand before the names of their events: `com.contoso.order.shipped`. */
const DOMAIN = /^(com|org|net|io|dev|app|cloud|co|eu|de|fr|uk|us|gov|edu|ai)$/;

/** The name of an event as one reads it: `Order shipped` for `com.contoso.order.shipped`; what is no such name stays as it is. */
export function eventTitle(type: string): string {
  if (type.length > 256 || !/^[\w-]+(\.[\w-]+)*$/.test(type)) {
    return type;
  }
  const labels = type.split('.').filter((label) => !/^v\d+\w*$/.test(label));
  const [first = ''] = labels;
  const own = first === 'Microsoft' ? labels.slice(-1) : labels.slice(DOMAIN.test(first) && labels.length > 2 ? 2 : 0);
  return capitalize(own.flatMap(wordsOf).join(' ')) || type;
}
