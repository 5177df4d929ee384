// The use cases behind the endpoint of Teams on a real database file, and the events that Teams would tell.

import { randomBytes } from 'node:crypto';
import { createInbound } from '../../src/app/inbound.ts';
import type { InboundContext, InboundEvent } from '../../src/domain/inbound-event.ts';
import type { PersonProfile } from '../../src/domain/person.ts';
import type { InboundUseCases } from '../../src/installations/inbound-use-cases.ts';
import { silentLogger } from '../../src/telemetry/logger.ts';
import { createMetrics, type Metrics } from '../../src/telemetry/metrics.ts';
import { DeliveryFixture, type Row } from './delivery-fixture.ts';
import { INBOUND_CONFIG } from './inbound-config.ts';
import { APP_ID, addProducer, SERVICE_URL, TENANT } from './store-fixtures.ts';

/** What differs from one event to the next. */
export interface Occasion {
  /** Makes the person, team or chat different from others. */
  readonly index?: number;
  /** Milliseconds after the beginning of the test. */
  readonly at?: number;
  /** One of its own when absent; give it to tell the same activity again. */
  readonly activityId?: string;
  readonly serviceUrl?: string;
  readonly profile?: Partial<PersonProfile>;
}

export class InboundFixture {
  readonly queue: DeliveryFixture;
  readonly inbound: InboundUseCases;
  readonly metrics: Metrics;
  readonly #startMs: number;
  #activities = 0;

  private constructor(queue: DeliveryFixture, botProducerId: number) {
    this.queue = queue;
    this.#startMs = queue.clock.nowMs();
    this.metrics = createMetrics(async () => ({ depths: [], oldestDueAgeMs: 0 }));
    this.inbound = createInbound(
      {
        store: queue.store,
        clock: queue.clock,
        logger: silentLogger,
        metrics: this.metrics,
        config: INBOUND_CONFIG,
      },
      { producerId: botProducerId, randomBytes },
    );
  }

  static async create(): Promise<InboundFixture> {
    const queue = await DeliveryFixture.create();
    return new InboundFixture(queue, await addProducer(queue.store, 'bellhop'));
  }

  personal(occasion: Occasion = {}): InboundContext {
    const { index = 1 } = occasion;
    return this.#context(occasion, {
      scope: 'personal',
      conversation: this.#reference(occasion, 'personal', `a:chat-${index}`),
    });
  }

  team(occasion: Occasion = {}): InboundContext {
    const { index = 1 } = occasion;
    const id = `19:team-${index}@thread.tacv2`;
    return this.#context(occasion, {
      scope: 'team',
      conversation: this.#reference(occasion, 'channel', id),
      team: { id, name: `Team ${index}` },
    });
  }

  groupChat(occasion: Occasion = {}): InboundContext {
    const { index = 1 } = occasion;
    return this.#context(occasion, {
      scope: 'groupChat',
      conversation: this.#reference(occasion, 'groupChat', `19:group-${index}@thread.v2`),
    });
  }

  installed(context: InboundContext, isAuthoritative = true): InboundEvent {
    return { ...context, kind: 'installed', isAuthoritative };
  }

  removed(context: InboundContext, isAuthoritative = true): InboundEvent {
    return { ...context, kind: 'removed', isAuthoritative };
  }

  wrote(context: InboundContext, text = 'hi'): InboundEvent {
    return { ...context, kind: 'message', text };
  }

  async tell(...events: readonly InboundEvent[]): Promise<void> {
    for (const event of events) {
      await this.inbound.record(event);
    }
  }

  /** Kinds of what the bot has queued to say, in order. */
  said(): readonly string[] {
    return this.queue
      .rows('SELECT content FROM notification n JOIN delivery d ON d.notification_id = n.id ORDER BY d.id')
      .map((row) => JSON.parse(String(row['content'])).kind);
  }

  installations(): readonly Row[] {
    return this.queue.rows('SELECT * FROM installation ORDER BY id');
  }

  people(): readonly Row[] {
    return this.queue.rows('SELECT * FROM person ORDER BY id');
  }

  conversations(): readonly Row[] {
    return this.queue.rows('SELECT * FROM conversation ORDER BY id');
  }

  dispose(): Promise<void> {
    return this.queue.dispose();
  }

  #reference(
    { serviceUrl = SERVICE_URL }: Occasion,
    kind: 'personal' | 'channel' | 'groupChat',
    conversationId: string,
  ) {
    return { tenantId: TENANT, kind, serviceUrl, botAccountId: `28:${APP_ID}`, conversationId };
  }

  #context(
    { index = 1, at = 0, activityId = `activity-${++this.#activities}`, profile }: Occasion,
    place: Pick<InboundContext, 'scope' | 'conversation' | 'team'>,
  ): InboundContext {
    const aadObjectId = `0a0a0a0a-0000-4000-8000-${String(index).padStart(12, '0')}`;
    const from = { tenantId: TENANT, aadObjectId, teamsUserId: `29:pairwise-${index}`, ...profile };
    return { activityId, atMs: this.#startMs + at, ...place, from };
  }
}
