// People who write to the bot and press its buttons, on whatever database a fixture has, and what the bot answers.

import { randomBytes } from 'node:crypto';
import { createInbound } from '../../src/app/inbound.ts';
import type { InboundContext, InboundEvent } from '../../src/domain/inbound-event.ts';
import type { NotificationContent } from '../../src/domain/notification.ts';
import { PRESS_VERB } from '../../src/domain/press.ts';
import type { PressAnswer } from '../../src/domain/press-answer.ts';
import { silentLogger } from '../../src/telemetry/logger.ts';
import type { DeliveryFixture, Row } from './delivery-fixture.ts';
import { INBOUND_CONFIG } from './inbound-config.ts';
import type { PostgresDeliveryFixture } from './postgres-delivery-fixture.ts';
import { APP_ID, addProducer, type InstalledPerson, SERVICE_URL, TENANT } from './store-fixtures.ts';

/** What differs from one occasion to the next. */
export interface Saying {
  /** One of its own when absent; give it to tell the same activity again. */
  readonly activityId?: string;
  /** In the 1:1 chat when absent. */
  readonly place?: 'team' | 'groupChat';
  /** As Teams tells it. */
  readonly timeZone?: string;
}

/** Who speaks, by the index with which they were installed, and where. */
type Who = number;

export type Talk = Awaited<ReturnType<typeof createTalk>>;

/** @param queue whose people speak */
export async function createTalk(queue: DeliveryFixture | PostgresDeliveryFixture) {
  const { store, clock, metrics } = queue;
  const botProducerId = await addProducer(store, 'bellhop');
  const inbound = createInbound(
    { store, clock, metrics, logger: silentLogger, config: INBOUND_CONFIG },
    { producerId: botProducerId, randomBytes },
  );
  let activities = 0;

  const contextOf = (
    index: Who,
    { activityId = `activity-${++activities}`, place, timeZone }: Saying,
  ): InboundContext => {
    const reference = { tenantId: TENANT, serviceUrl: SERVICE_URL, botAccountId: `28:${APP_ID}` };
    const aadObjectId = `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`;
    const email = `person${index}@contoso.com`;
    const from = {
      tenantId: TENANT,
      email,
      aadObjectId,
      teamsUserId: `29:1111${index}`,
      ...(timeZone && { timeZone }),
    };
    const base = { activityId, atMs: clock.nowMs(), from };
    switch (place) {
      case 'team': {
        const id = '19:team@thread.tacv2';
        const conversation = { ...reference, kind: 'channel', conversationId: id } as const;
        return {
          ...base,
          scope: 'team',
          conversation,
          threadId: `${id};messageid=1`,
          team: { id, name: 'Operations' },
        };
      }
      case 'groupChat':
        return {
          ...base,
          scope: 'groupChat',
          conversation: { ...reference, kind: 'groupChat', conversationId: '19:group@thread.v2' },
        };
      default:
        return {
          ...base,
          scope: 'personal',
          conversation: { ...reference, kind: 'personal', conversationId: `a:1111${index}` },
        };
    }
  };

  /** What the bot has said so far but its welcomes, after the notification with this row id. */
  const said = async (after = 0): Promise<readonly NotificationContent[]> => {
    const rows: readonly Row[] = await queue.rows(
      `SELECT content FROM notification WHERE producer_id = ${botProducerId} AND id > ${after} ORDER BY id`,
    );
    return rows.map(({ content }) => JSON.parse(String(content))).filter(({ kind }) => kind !== 'welcome');
  };

  /** What the bot says to it. */
  const tell = async (event: InboundEvent): Promise<readonly NotificationContent[]> => {
    const [last]: readonly Row[] = await queue.rows('SELECT max(id) AS id FROM notification');
    await inbound.record(event);
    return said(Number(last?.['id'] ?? 0));
  };

  return {
    botProducerId,
    inbound,
    contextOf,
    said,
    tell,
    /** Installs the app for somebody. */
    async install(index: Who): Promise<InstalledPerson> {
      const context = contextOf(index, {});
      await inbound.record({ ...context, kind: 'installed', isAuthoritative: true });
      const { email = '', aadObjectId = '' } = context.from ?? {};
      const [person] = await store.read.people.findReachable({ kind: 'address', address: email });
      const { personId = 0, conversationRowId, laneId } = person ?? {};
      return { personId, conversationId: conversationRowId ?? 0, laneId: laneId ?? 0, email, aadObjectId };
    },
    /** @returns what it is answered; the only thing that is said to it */
    async write(index: Who, text: string, saying: Saying = {}): Promise<unknown> {
      const [content, ...others] = await tell({ ...contextOf(index, saying), kind: 'message', text });
      expect(others).toEqual([]);
      return content?.kind === 'answer' ? content.answer : content;
    },
    /** Presses an `Action.Submit`. */
    async submit(index: Who, value: unknown, saying: Saying = {}): Promise<unknown> {
      const [content] = await tell({ ...contextOf(index, saying), kind: 'message', text: '', value });
      return content?.kind === 'answer' ? content.answer : content;
    },
    /** Presses an `Action.Execute`. */
    press(
      index: Who,
      data: unknown,
      { verb = PRESS_VERB, ...saying }: Saying & { verb?: string } = {},
    ): Promise<PressAnswer> {
      return inbound.answerAction({ ...contextOf(index, saying), kind: 'action', verb, data });
    },
  };
}
