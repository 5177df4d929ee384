// People in a channel and in a group chat who write to the bot, with everything that takes it in, sends and answers.

import { randomBytes } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';
import { createInbound } from '../../../src/app/inbound.ts';
import type { BotAnswer } from '../../../src/domain/bot-answer.ts';
import type { InboundContext, InboundEvent, InstallationScope } from '../../../src/domain/inbound-event.ts';
import type { ToldContent } from '../../../src/domain/notification.ts';
import type { InboundUseCases } from '../../../src/installations/inbound-use-cases.ts';
import type { Store } from '../../../src/store/store.ts';
import { silentLogger } from '../../../src/telemetry/logger.ts';
import { TellAnswers } from '../../../src/tells/answer-tells.ts';
import type { DeliveryFixture } from '../../support/delivery-fixture.ts';
import { INBOUND_CONFIG } from '../../support/inbound-config.ts';
import type { PostgresDeliveryFixture } from '../../support/postgres-delivery-fixture.ts';
import { type SenderRequest, succeed } from '../../support/scripted-sender.ts';
import { APP_ID, SERVICE_URL, TENANT } from '../../support/store-fixtures.ts';
import { eventually } from '../../support/waiting.ts';

export type AnyDeliveryFixture = DeliveryFixture | PostgresDeliveryFixture;

export const BOT = `28:${APP_ID}`;
export const TEAM = '19:team@thread.tacv2';
export const CHANNEL = '19:channel@thread.tacv2';
export const THREAD = `${CHANNEL};messageid=1`;
export const GROUP_CHAT = '19:group@thread.v2';

/** Somebody, as Teams knows them. */
export interface Member {
  readonly name: string;
  readonly teamsUserId: string;
  readonly aadObjectId: string;
}

export const member = (name: string, index: number): Member => ({
  name,
  teamsUserId: `29:${name.toLowerCase()}`,
  aadObjectId: `0b0b0b0b-0000-4000-8000-${String(index).padStart(12, '0')}`,
});

export const ANA = member('Ana', 1);
export const BEN = member('Ben', 2);
export const CLARA = member('Clara', 3);

/** How somebody is mentioned. */
export const at = ({ name, teamsUserId }: Member) => ({ text: `<at>${name}</at>`, id: teamsUserId, name });

export interface Said {
  readonly by?: Member;
  readonly scope?: InstallationScope;
  readonly activityId?: string;
  readonly mentions?: readonly ReturnType<typeof at>[];
}

const CHATS = {
  personal: { kind: 'personal', conversationId: 'a:chat' },
  team: { kind: 'channel', conversationId: CHANNEL },
  groupChat: { kind: 'groupChat', conversationId: GROUP_CHAT },
} as const;

export class TellsFixture {
  readonly queue: AnyDeliveryFixture;
  readonly #inbound: InboundUseCases;
  readonly #workers: TellAnswers[] = [];
  #activities = 0;

  constructor(queue: AnyDeliveryFixture) {
    this.queue = queue;
    const voice = { producerId: queue.producerId, randomBytes };
    const { store, clock, metrics } = queue;
    this.#inbound = createInbound({ store, clock, metrics, logger: silentLogger, config: INBOUND_CONFIG }, voice);
    queue.sender.script = (request) =>
      request.operation === 'create_conversation'
        ? { kind: 'created', conversationId: `a:${request.place.slice(3)}` }
        : succeed(request);
  }

  /** Sends what waits, and answers. */
  async start(): Promise<void> {
    const { isAlone } = this.queue;
    await this.queue.createDispatcher({ isAlone }).start();
    this.startAnswers();
  }

  startAnswers(store: Store = this.queue.store): TellAnswers {
    const { clock } = this.queue;
    const worker = new TellAnswers({ store, clock, logger: silentLogger, randomBytes });
    this.#workers.push(worker);
    worker.start();
    return worker;
  }

  async stop(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.stop()));
  }

  /** They get the personal app, and their welcome. */
  async install(...people: readonly Member[]): Promise<void> {
    for (const person of people) {
      const context = this.#context({ by: person, scope: 'personal' });
      await this.record({ ...context, kind: 'installed', isAuthoritative: true });
    }
  }

  async remove(person: Member): Promise<void> {
    const context = this.#context({ by: person, scope: 'personal' });
    this.queue.clock.advance(1);
    await this.record({ ...context, atMs: this.queue.clock.nowMs(), kind: 'removed', isAuthoritative: true });
  }

  async say(text: string, { mentions = [], ...said }: Said = {}): Promise<void> {
    const context = this.#context({ ...said, by: said.by ?? ANA });
    await this.record({ ...context, kind: 'message', text, ...(mentions.length > 0 && { mentions }) });
  }

  /** By Ana, in the thread of a channel. */
  tell(people: readonly Member[], text = 'the build is broken', said: Said = {}): Promise<void> {
    const mentions = people.map(at);
    return this.say(`tell ${mentions.map((mention) => mention.text).join(' ')} ${text}`, { mentions, ...said });
  }

  async record(event: InboundEvent): Promise<void> {
    await this.#inbound.record(event);
  }

  async personId({ aadObjectId, teamsUserId }: Member): Promise<number | undefined> {
    return this.queue.store.read.people.findId({ tenantId: TENANT, aadObjectId, teamsUserId });
  }

  /** What was posted, by the chat in which it stands. */
  told(): readonly (readonly [string, ToldContent])[] {
    return this.queue.sender.posts.flatMap(({ place, content }: SenderRequest) =>
      content?.kind === 'told' ? [[place, content] as const] : [],
    );
  }

  answers(): readonly (readonly [string, BotAnswer])[] {
    return this.queue.sender.posts.flatMap(({ place, content }: SenderRequest) =>
      content?.kind === 'answer' ? [[place, content.answer] as const] : [],
    );
  }

  /** Moves the clock until so many answers were posted; at most two minutes. */
  async passToAnswers(count: number): Promise<void> {
    for (let steps = 0; this.answers().length < count; steps++) {
      if (steps > 240) {
        throw new Error(`Waited in vain for ${count} answers; there are ${this.answers().length}`);
      }
      await this.queue.pass(500);
    }
  }

  /** What the bot has queued to answer a tell with. */
  async queuedAnswers(): Promise<readonly BotAnswer[]> {
    const rows = await this.rows("SELECT content FROM notification WHERE content LIKE '%tellResult%' ORDER BY id");
    return rows.map(({ content }) => JSON.parse(String(content)).answer);
  }

  untilAnswered(count: number): Promise<void> {
    return eventually(async () => (await this.queuedAnswers()).length >= count, `there are ${count} answers`);
  }

  untilForgotten(): Promise<void> {
    const isForgotten = async () => (await this.rows("SELECT id FROM tell WHERE people <> '[]'")).length === 0;
    return eventually(isForgotten, 'nobody is named any more');
  }

  /** The team and the channel of it that everybody writes in are told by name. */
  async namePlace(): Promise<void> {
    await this.say('help');
    const team = { id: TEAM, name: 'Platform' };
    const channel = { id: CHANNEL, name: 'Deploys' };
    await this.record({ ...this.#context({}), team, kind: 'place', change: 'teamRenamed' });
    await this.record({ ...this.#context({}), team, kind: 'place', change: 'channelCreated', channel });
  }

  /** Puts what was told into a state, as whoever sends it does. */
  setTold(state: string, reason: string): Promise<void> {
    return this.#change(`UPDATE delivery SET state = '${state}', reason = '${reason}'
      WHERE notification_id IN (SELECT notification_id FROM tell)`);
  }

  /** Beside the store, as it has no statement for this. */
  async #change(sql: string): Promise<void> {
    if ('path' in this.queue) {
      const db = new DatabaseSync(this.queue.path);
      db.exec(sql);
      db.close();
    } else {
      await this.queue.rows(sql);
    }
  }

  async rows(sql: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
    return this.queue.rows(sql);
  }

  #context({ by = ANA, scope = 'team', activityId = `activity-${++this.#activities}` }: Said): InboundContext {
    const { kind, conversationId } = CHATS[scope];
    return {
      activityId,
      atMs: this.queue.clock.nowMs(),
      scope,
      conversation: {
        ...{ tenantId: TENANT, kind, serviceUrl: SERVICE_URL, botAccountId: BOT },
        conversationId: scope === 'personal' ? `a:${by.name.toLowerCase()}` : conversationId,
      },
      ...(scope === 'team' && { threadId: THREAD, team: { id: TEAM } }),
      from: { tenantId: TENANT, ...by },
    };
  }
}
