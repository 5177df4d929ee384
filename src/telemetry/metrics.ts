// What is counted and measured, in Prometheus' text format.

import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

export interface Metrics {
  readonly registry: Registry;
  readonly httpRequests: Counter<'route' | 'method' | 'status'>;
  readonly notificationsAccepted: Counter<'priority'>;
  readonly notificationsReplayed: Counter;
  readonly activities: Counter<'kind' | 'result'>;
  readonly attempts: Counter<'operation' | 'outcome'>;
  readonly deliveriesEnded: Counter<'state' | 'reason'>;
  readonly deliveryLatency: Histogram;
  readonly queueDepth: Gauge<'state'>;
  readonly oldestQueuedAge: Gauge;
}

/** Each service instance has its own registry, so that several can live in one test process. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry, prefix: 'bellhop_' });
  return {
    registry,
    httpRequests: new Counter({
      name: 'bellhop_http_requests_total',
      help: 'HTTP requests answered',
      labelNames: ['route', 'method', 'status'],
      registers,
    }),
    notificationsAccepted: new Counter({
      name: 'bellhop_notifications_accepted_total',
      help: 'Notifications answered 202 for the first time',
      labelNames: ['priority'],
      registers,
    }),
    notificationsReplayed: new Counter({
      name: 'bellhop_notifications_replayed_total',
      help: 'Requests answered from an earlier one with the same idempotency key',
      registers,
    }),
    activities: new Counter({
      name: 'bellhop_activities_total',
      help: 'Activities received from Teams, by kind and by what became of them',
      labelNames: ['kind', 'result'],
      registers,
    }),
    attempts: new Counter({
      name: 'bellhop_attempts_total',
      help: 'HTTP requests made to the Bot Connector for deliveries, by outcome',
      labelNames: ['operation', 'outcome'],
      registers,
    }),
    deliveriesEnded: new Counter({
      name: 'bellhop_deliveries_ended_total',
      help: 'Deliveries that came to an end, by state and reason',
      labelNames: ['state', 'reason'],
      registers,
    }),
    deliveryLatency: new Histogram({
      name: 'bellhop_delivery_latency_seconds',
      help: 'From acceptance to the message id from Teams',
      buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60, 300, 3600],
      registers,
    }),
    queueDepth: new Gauge({
      name: 'bellhop_deliveries',
      help: 'Deliveries that have not ended, by state',
      labelNames: ['state'],
      registers,
    }),
    oldestQueuedAge: new Gauge({
      name: 'bellhop_oldest_due_delivery_age_seconds',
      help: 'How long the oldest delivery that is due has been waiting',
      registers,
    }),
  };
}
