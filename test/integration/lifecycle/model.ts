// Any happenings to many things at the same time, each in a chat of its own, beside a model in few lines.

import fc from 'fast-check';
import type { Outcome } from '../../../src/domain/delivery.ts';
import { LIFECYCLE_STATES, type LifecycleState } from '../../../src/domain/lifecycle.ts';
import type { SenderRequest } from '../../support/scripted-sender.ts';
import type { InstalledPerson } from '../../support/store-fixtures.ts';
import { type AnyDeliveryFixture, createLifecycleFixture } from './lifecycle-fixture.ts';

const SEVERITIES = ['info', 'warning', 'critical'] as const;

interface Event {
  readonly kind: 'event';
  readonly state: LifecycleState;
  readonly severity: (typeof SEVERITIES)[number];
  /** Seconds; undefined when the sender does not say. */
  readonly occurredAt: number | undefined;
  /** What becomes of the next requests to this chat. */
  readonly faults: readonly Fault[];
}

/** `edit`, `recall`: of the newest notification. `lose`: Teams takes all messages of the chat away. `nothing`: a pause. */
type Happening = Event | { readonly kind: 'edit' | 'recall' | 'lose' | 'nothing' };

/** `applied`: the answer is lost, but what was asked for was done; of a post nobody could say which one it was. */
type Fault = 'lost' | 'applied' | 'busy' | 'paused';

const OUTCOMES: Readonly<Record<Fault, Outcome>> = {
  lost: { kind: 'unknown', reason: 'response_lost' },
  applied: { kind: 'unknown', reason: 'response_lost' },
  busy: { kind: 'transient', reason: 'concurrent_operation' },
  paused: { kind: 'throttled', reason: 'throttled', scope: 'conversation', retryAfterMs: 1_500 },
};

const fault = fc.constantFrom<Fault>('lost', 'applied', 'busy', 'paused');
const event = fc.record<Event>({
  kind: fc.constant('event'),
  state: fc.constantFrom(...LIFECYCLE_STATES),
  severity: fc.constantFrom(...SEVERITIES),
  occurredAt: fc.option(fc.integer({ min: 1, max: 30 }), { nil: undefined, freq: 3 }),
  faults: fc.oneof(
    { weight: 2, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: fc.array(fault, { minLength: 1, maxLength: 2 }) },
  ),
});
const other = fc.record({ kind: fc.constantFrom('edit' as const, 'recall' as const, 'lose' as const) });
const nothing = fc.constant<Happening>({ kind: 'nothing' });
const happening = fc.oneof(
  { weight: 6, arbitrary: event },
  { weight: 2, arbitrary: other },
  { weight: 1, arbitrary: nothing },
);

const life = (maxLength: number) => fc.array(happening, { minLength: 1, maxLength });
/** How long it takes from one step to the next: the same for all. */
const waitsOf = (length: number) =>
  fc.array(fc.constantFrom(0, 0, 50, 1_000, 4_000), { minLength: length, maxLength: length });

/** What a chat is to show in the end. */
class Model {
  #latest = 0;
  #peak = -1;
  state: LifecycleState | undefined;
  /** What the newest event says. */
  title = '';
  /** Messages that may be in the chat; those of an episode that was recalled are not. */
  messages = 0;
  #ofEpisode = 0;
  /** How often may be posted: what was lost is posted anew, once. */
  posts = 0;
  /** Whether the chat may show nothing, because nothing was said since its messages were lost. */
  isLost = false;

  event(one: Event, title: string): void {
    if (one.occurredAt !== undefined && one.occurredAt < this.#latest) {
      return;
    }
    const rank = SEVERITIES.indexOf(one.severity);
    const isNew = this.state === undefined || (this.state === 'resolved' && one.state !== 'resolved');
    const isWorse = one.state !== 'resolved' && rank > this.#peak;
    if (isNew || isWorse) {
      this.messages += 1;
      this.posts += 1;
      this.#ofEpisode = isNew ? 1 : this.#ofEpisode + 1;
      this.#peak = rank;
    }
    this.state = one.state;
    this.title = title;
    this.isLost = false;
    this.#latest = Math.max(this.#latest, one.occurredAt ?? 0);
  }

  edit(title: string): void {
    this.title = title;
    this.isLost = false;
  }

  recall(): void {
    this.messages -= this.#ofEpisode;
    this.#ofEpisode = 0;
    this.state = 'resolved';
  }

  lose(): void {
    this.isLost = true;
    this.posts += 1;
  }
}

/** One thing with its person, its chat and what goes wrong there. */
interface Thing {
  readonly person: InstalledPerson;
  readonly key: string;
  readonly place: string;
  readonly life: readonly Happening[];
  readonly model: Model;
  readonly faults: Fault[];
  /** The newest notification; undefined before the first and once it was recalled. */
  newest: string | undefined;
  posted: number;
}

const OPEN = `SELECT id FROM delivery WHERE state IN ('queued', 'leased', 'sending')
              UNION ALL SELECT notification_id FROM message_change`;

/** How much is played. */
export interface PlaySize {
  /** Things that live at the same time. */
  readonly count: number;
  /** Happenings of a thing, at most. */
  readonly steps: number;
  readonly seed: number;
}

/** Plays on one database. */
export async function createModelPlay(queue: AnyDeliveryFixture) {
  const fixture = createLifecycleFixture(queue);
  const things = new Map<string, Thing>();
  // Behind those whom a test has installed itself.
  let index = 100;

  queue.sender.script = (request) => {
    const thing = things.get(request.place);
    const fault = thing?.faults.shift();
    if (fault === 'applied' && request.operation !== 'post') {
      fixture.chats.answer(request);
    }
    return fault ? OUTCOMES[fault] : answer(request, thing);
  };
  const answer = (request: SenderRequest, thing: Thing | undefined) => {
    if (thing && request.operation === 'post') {
      thing.posted += 1;
    }
    return fixture.chats.answer(request);
  };
  await queue.createDispatcher({ isAlone: queue.isAlone, maxInFlight: 1_000 }).start();
  fixture.changes.wake();

  /** So many that they share commits, and no more than a server has connections for. */
  async function inParts<T, R>(all: readonly T[], work: (one: T) => Promise<R>): Promise<readonly R[]> {
    const size = queue.isAlone ? all.length : 20;
    const done: R[] = [];
    for (let at = 0; at < all.length; at += size) {
      done.push(...(await Promise.all(all.slice(at, at + size).map(work))));
    }
    return done;
  }

  async function create(life: readonly Happening[]): Promise<Thing> {
    index += 1;
    const place = `a:1111${index}`;
    const key = `thing-${index}`;
    const person = await queue.install(index);
    const rest = { life, model: new Model(), faults: [], newest: undefined, posted: 0 };
    const thing: Thing = { person, key, place, ...rest };
    // A host of its own, so that what is lost in one chat is no outage for the others.
    const url = `https://host${index}.example/`;
    await queue.store.write((tx) => tx.healing.setServiceUrl(person.conversationId, url, queue.clock.nowMs()));
    things.set(place, thing);
    return thing;
  }

  async function happen(thing: Thing, step: number): Promise<void> {
    const { model, key, person, place } = thing;
    const one = thing.life[step] ?? { kind: 'nothing' };
    const title = `said ${step}`;
    switch (one.kind) {
      case 'event': {
        thing.faults.push(...one.faults);
        const { state, severity, occurredAt } = one;
        const second = String(occurredAt).padStart(2, '0');
        const at = occurredAt === undefined ? {} : { occurredAt: `2026-01-01T00:00:${second}Z` };
        const { id, lifecycle } = await fixture.send([person], { key, state, severity, title, ...at });
        thing.newest = lifecycle?.effect === 'none' ? thing.newest : id;
        return model.event(one, title);
      }
      case 'edit':
        if (thing.newest !== undefined) {
          await fixture.edit(thing.newest, { title });
          model.edit(title);
        }
        return;
      case 'recall':
        if (thing.newest !== undefined) {
          await fixture.recall(thing.newest);
          thing.newest = undefined;
          model.recall();
        }
        return;
      case 'lose':
        fixture.chats.lose(place);
        return model.lose();
      case 'nothing':
    }
  }

  /** Retries have a budget, so some wait for a minute. */
  async function untilQuiet(): Promise<void> {
    do {
      await queue.pass(5_000, 1_000);
    } while ((await queue.rows(OPEN)).length > 0);
  }

  /** @returns why the chat is not as the model says; undefined when it is */
  function findFault({ model, place, posted }: Thing): string | undefined {
    const shown = fixture.chats.of(place);
    const last = shown.at(-1);
    const rules: readonly (readonly [boolean, string])[] = [
      [shown.length <= model.messages, `at most ${model.messages} messages`],
      [posted <= model.posts, `at most ${model.posts} posts instead of ${posted}`],
      [
        (last?.state ?? 'resolved') === (model.state ?? 'resolved') || (model.isLost && last === undefined),
        `the state ${model.state}`,
      ],
      [!last || last.state === 'resolved' || last.title === model.title, `the title ${model.title}`],
      [shown.slice(0, -1).every((one) => one.state === 'resolved' || one.isReplaced), 'all others ended'],
      [last?.isReplaced !== true, 'the last one not replaced'],
    ];
    const broken = rules.find(([isKept]) => !isKept);
    return broken && `expected ${broken[1]}; the chat shows ${JSON.stringify(shown)}`;
  }

  return {
    /** @returns what went wrong, each with the life of its thing */
    async play({ count, steps, seed }: PlaySize): Promise<readonly string[]> {
      const [waits = []] = fc.sample(waitsOf(steps), { numRuns: 1, seed });
      const mine = await inParts(fc.sample(life(steps), { numRuns: count, seed }), create);
      for (const [step, waitMs] of waits.entries()) {
        await inParts(mine, (thing) => happen(thing, step));
        fixture.changes.wake();
        await queue.pass(waitMs, 250);
      }
      for (const { faults } of mine) {
        faults.splice(0);
      }
      await untilQuiet();
      const faults = mine.flatMap((thing) => {
        const fault = findFault(thing);
        return fault === undefined ? [] : [`${fault}, seed ${seed}, waits ${waits}: ${JSON.stringify(thing.life)}`];
      });
      things.clear();
      return faults;
    },

    stop: () => fixture.changes.stop(),
  };
}
