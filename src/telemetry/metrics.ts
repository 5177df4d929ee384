// What is counted and measured, in Prometheus' text format.

import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** Everything that is counted; rooms use the parts they need. */
export interface Metrics {
  readonly registry: Registry;
  readonly httpRequests: Counter<'route' | 'method' | 'status'>;
  readonly notificationsAccepted: Counter<'priority'>;
  readonly notificationsReplayed: Counter;
  readonly activities: Counter<'kind' | 'result'>;
  readonly attempts: Counter<'operation' | 'outcome'>;
  readonly deliveriesEnded: Counter<'state' | 'reason'>;
  readonly deliveriesDeferred: Counter<'reason'>;
  readonly digests: Counter<'because'>;
  readonly reminders: Counter;
  readonly escalations: Counter<'result'>;
  readonly deliveryLatency: Histogram;
  readonly openCircuits: Gauge<'host'>;
  readonly webhookAttempts: Counter<'outcome'>;
  readonly oldDataErased: Counter<'what'>;
}

/** What the queue holds at the moment of a scrape. */
export interface QueueReading {
  /** Deliveries that have not ended, by state. */
  readonly depths: readonly { readonly state: string; readonly count: number }[];
  /** How long the oldest delivery that is due has been waiting, milliseconds; 0 when nothing waits. */
  readonly oldestDueAgeMs: number;
}

/**
 * Each service instance has its own registry, so that several can live in one test process.
 *
 * @param readQueue asked at every scrape; when it fails, the last values stand
 */
export function createMetrics(readQueue: () => Promise<QueueReading>): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry, prefix: 'bellhop_' });
  registerQueueGauges(registers, readQueue);
  const count = <Label extends string>(name: string, help: string, labelNames: Label[]) =>
    new Counter({ name: `bellhop_${name}_total`, help, labelNames, registers });
  return {
    registry,
    httpRequests: count('http_requests', 'HTTP requests answered', ['route', 'method', 'status']),
    notificationsAccepted: count('notifications_accepted', 'Notifications answered 202 for the first time', [
      'priority',
    ]),
    notificationsReplayed: count('notifications_replayed', 'Requests answered by their idempotency key', []),
    activities: count('activities', 'Activities received from Teams, by what became of them', ['kind', 'result']),
    attempts: count('attempts', 'Requests to the Bot Connector for deliveries', ['operation', 'outcome']),
    deliveriesEnded: count('deliveries_ended', 'Deliveries that came to an end', ['state', 'reason']),
    deliveriesDeferred: count('deliveries_deferred', 'Deliveries put off, by what their person has said', ['reason']),
    digests: count('digests', 'Digests posted in the place of several messages', ['because']),
    reminders: count('reminders', 'Reminders queued for people who have not answered', []),
    escalations: count('escalations', 'Notifications given to others because nobody had answered', ['result']),
    oldDataErased: count('old_data_erased', 'What was erased because its time was over', ['what']),
    deliveryLatency: new Histogram({
      name: 'bellhop_delivery_latency_seconds',
      help: 'From acceptance to the message id from Teams',
      buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60, 300, 3600],
      registers,
    }),
    webhookAttempts: count('webhook_attempts', 'Requests to status webhooks of producers', ['outcome']),
    openCircuits: new Gauge({
      name: 'bellhop_connector_circuit_open',
      help: '1 while a host of the Bot Connector fails and is only probed, 0 once it is well again',
      labelNames: ['host'],
      registers,
    }),
  };
}

function registerQueueGauges(registers: Registry[], readQueue: () => Promise<QueueReading>): void {
  const oldestDueAge = new Gauge({
    name: 'bellhop_oldest_due_delivery_age_seconds',
    help: 'How long the oldest delivery that is due has been waiting',
    registers,
  });
  new Gauge({
    name: 'bellhop_deliveries',
    help: 'Deliveries that have not ended, by state',
    labelNames: ['state'],
    registers,
    async collect() {
      const reading = await readQueue().catch(() => undefined);
      if (reading) {
        this.reset();
        for (const { state, count } of reading.depths) {
          this.set({ state }, count);
        }
        oldestDueAge.set(reading.oldestDueAgeMs / 1_000);
      }
    },
  });
}
