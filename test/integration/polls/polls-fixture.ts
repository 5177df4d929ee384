// People who ask one another in a channel, a group chat or their own chats, with everything that counts and shows it.

import { randomBytes } from 'node:crypto';
import { createInbound } from '../../../src/app/inbound.ts';
import { MessageChanges } from '../../../src/delivery/message-changes.ts';
import type { BotAnswer } from '../../../src/domain/bot-answer.ts';
import type { InboundContext, InstallationScope } from '../../../src/domain/inbound-event.ts';
import type { Poll, PollView } from '../../../src/domain/poll.ts';
import { createPollId } from '../../../src/domain/poll-id.ts';
import type { PressAnswer } from '../../../src/domain/press-answer.ts';
import { createSealer } from '../../../src/domain/seal.ts';
import type { InboundUseCases } from '../../../src/installations/inbound-use-cases.ts';
import { PollClosing } from '../../../src/polls/close-due.ts';
import { readOwnToShow } from '../../../src/polls/show-own.ts';
import { PollResults } from '../../../src/polls/show-results.ts';
import { storePoll } from '../../../src/polls/store-poll.ts';
import { queueAsBot } from '../../../src/store/queue-as-bot.ts';
import type { Store } from '../../../src/store/store.ts';
import { silentLogger } from '../../../src/telemetry/logger.ts';
import { INBOUND_CONFIG } from '../../support/inbound-config.ts';
import { type SenderRequest, succeed } from '../../support/scripted-sender.ts';
import { SERVICE_URL, TENANT } from '../../support/store-fixtures.ts';
import {
  ANA,
  type AnyDeliveryFixture,
  BOT,
  CHANNEL,
  GROUP_CHAT,
  type Member,
  TEAM,
  THREAD,
} from '../tells/tells-fixture.ts';

/** Who says or presses something, and where. */
export interface Occasion {
  readonly by?: Member;
  readonly scope?: InstallationScope;
  readonly activityId?: string;
}

const CHATS = {
  personal: { kind: 'personal', conversationId: '' },
  team: { kind: 'channel', conversationId: CHANNEL },
  groupChat: { kind: 'groupChat', conversationId: GROUP_CHAT },
} as const;

interface Stoppable {
  stop(): Promise<unknown>;
}

export class PollsFixture {
  readonly queue: AnyDeliveryFixture;
  readonly #inbound: InboundUseCases;
  readonly #sealer = createSealer({ randomBytes }, INBOUND_CONFIG.sealingKeys);
  readonly #workers: Stoppable[] = [];
  #activities = 0;

  constructor(
    queue: AnyDeliveryFixture,
    sealingKeys: typeof INBOUND_CONFIG.sealingKeys | readonly [] = INBOUND_CONFIG.sealingKeys,
  ) {
    this.queue = queue;
    const { store, clock, metrics, producerId } = queue;
    const config = { ...INBOUND_CONFIG, sealingKeys };
    this.#inbound = createInbound({ store, clock, metrics, logger: silentLogger, config }, { producerId, randomBytes });
    queue.sender.script = (request) =>
      request.operation === 'create_conversation'
        ? { kind: 'created', conversationId: `a:${request.place.slice(3)}` }
        : succeed(request);
  }

  /** Sends what waits, and keeps cards as the polls stand. */
  async start(): Promise<void> {
    const { isAlone, store, clock } = this.queue;
    const ballots = { sealer: this.#sealer, randomBytes };
    const readOwnVote = (voter: Parameters<typeof readOwnToShow>[1]) => readOwnToShow(ballots, voter);
    await this.queue.createDispatcher({ isAlone, readOwnVote }).start();
    this.startResults();
    const changes = new MessageChanges({ store, clock, logger: silentLogger });
    changes.wake();
    const closing = new PollClosing({ store, clock, logger: silentLogger, sealer: this.#sealer });
    closing.start();
    this.#workers.push(changes, closing);
  }

  startResults(store: Store = this.queue.store): PollResults {
    const { clock } = this.queue;
    const worker = new PollResults({ store, clock, logger: silentLogger, randomBytes });
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
      await this.#inbound.record({ ...context, kind: 'installed', isAuthoritative: true });
    }
  }

  /** By Ana, in the thread of a channel. */
  async say(text: string, occasion: Occasion = {}): Promise<void> {
    await this.#inbound.record({ ...this.#context(occasion), kind: 'message', text });
  }

  press(data: unknown, occasion: Occasion): Promise<PressAnswer> {
    return this.#inbound.answerAction({ ...this.#context(occasion), kind: 'action', verb: 'bellhop', data });
  }

  /** Where the latest poll was asked. */
  async vote(by: Member, choice: number, occasion: Occasion = {}): Promise<PressAnswer> {
    return this.press({ bellhop: 'vote', poll: await this.latest(), choice }, { by, ...occasion });
  }

  /** On the card of the results, in the own chat. */
  async close(by: Member): Promise<PressAnswer> {
    return this.press({ bellhop: 'closePoll', poll: await this.latest() }, { by, scope: 'personal' });
  }

  /** By a system, to people in their own chats. */
  async send(poll: Poll, people: readonly Member[]): Promise<void> {
    const { store, clock, producerId } = this.queue;
    const nowMs = clock.nowMs();
    await store.write(async (tx) => {
      const publicId = createPollId(nowMs, randomBytes);
      const ids = await Promise.all(people.map((person) => tx.people.findId({ tenantId: TENANT, ...person })));
      const chats = await tx.rosters.listChats(ids.flatMap((id) => id ?? []));
      const notificationId = await queueAsBot(tx, {
        voice: { producerId, randomBytes },
        content: { kind: 'poll', view: { id: publicId, poll } },
        conversationIds: chats.map(({ conversationId }) => conversationId),
        ...{ priority: 'normal', isQuiet: false, ttlMs: 86_400_000, nowMs },
      });
      await storePoll(tx, { poll, publicId, producerId, notificationId, sealer: this.#sealer, randomBytes, nowMs });
    });
    store.signalWork();
  }

  /** Public id of the latest poll. */
  async latest(): Promise<string> {
    const [row] = await this.rows('SELECT public_id FROM poll ORDER BY id DESC LIMIT 1');
    return String(row?.['public_id']);
  }

  /** Every message about a poll in a place, oldest first, as it stands now. */
  shown(place: string): readonly PollView[] {
    return this.#messages(place).flatMap(({ content }) => (content?.kind === 'poll' ? [content.view] : []));
  }

  /** Whose clients fetch a view of their own of the latest message there. */
  refreshed(place: string): readonly string[] {
    return this.#messages(place).at(-1)?.refreshFor ?? [];
  }

  /** When each message about a poll was posted or edited in a place. */
  times(place: string): readonly number[] {
    return this.queue.sender.requests.flatMap((request) =>
      request.place === place && request.content?.kind === 'poll' ? [request.atMs] : [],
    );
  }

  answers(): readonly (readonly [string, BotAnswer])[] {
    return this.queue.sender.posts.flatMap(({ place, content }) =>
      content?.kind === 'answer' ? [[place, content.answer] as const] : [],
    );
  }

  /** Moves the clock until it is so; at most two minutes. */
  async passUntil(isSo: () => boolean | Promise<boolean>): Promise<void> {
    for (let steps = 0; !(await isSo()); steps++) {
      if (steps > 600) {
        throw new Error(`Waited in vain until ${isSo}`);
      }
      await this.queue.pass(200);
    }
  }

  async rows(sql: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
    return this.queue.rows(sql);
  }

  /** The posts of a place, each as it was last edited. */
  #messages(place: string): readonly SenderRequest[] {
    const messages = new Map<string, SenderRequest>();
    for (const request of this.queue.sender.requests) {
      if (request.place === place) {
        messages.set(request.activityId ?? `activity-${request.requestId}`, request);
      }
    }
    return [...messages.values()].filter(({ content }) => content?.kind === 'poll');
  }

  #context({ by = ANA, scope = 'team', activityId = `activity-${++this.#activities}` }: Occasion): InboundContext {
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
