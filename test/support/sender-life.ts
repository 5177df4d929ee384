// What becomes of the card of a thing as its sender goes on telling of it.

import { parseInstantMs } from '../../src/domain/instant.ts';
import { applyLifecycleEvent, type LifecycleStep } from '../../src/domain/lifecycle.ts';
import type { Dialect, SourceEvent, SourceRequest } from '../../src/domain/source.ts';
import { finishDraft } from '../../src/sources/finish-draft.ts';

const NOW_MS = Date.parse('2026-12-31T00:00:00Z');

/** The one event that a request comes to. */
export function tellOne(dialect: Dialect, body: unknown, headers: SourceRequest['headers'] = {}): SourceEvent {
  const translation = dialect.translate({ body, headers });
  const events = translation.kind === 'events' ? translation.events : [];
  const [event] = events;
  if (event === undefined || events.length !== 1) {
    throw new Error(`Expected one event, found ${events.length}`);
  }
  return event;
}

/** What each of these does with the card, one after the other. All have to be of one thing. */
export function stepsOf(dialect: Dialect, bodies: readonly unknown[]): readonly LifecycleStep['kind'][] {
  let current: Parameters<typeof applyLifecycleEvent>[0];
  const drafts = bodies.map((body) => tellOne(dialect, body).draft);
  expect(new Set(drafts.map(({ key }) => key)).size).toBe(1);
  return drafts.map((draft) => {
    const { title, occurredAt } = finishDraft(draft, dialect.title);
    const { severity = 'info', state = 'open' } = draft;
    const occurredAtMs = typeof occurredAt === 'string' ? parseInstantMs(occurredAt) : undefined;
    const step = applyLifecycleEvent(current, { title, severity, state, occurredAtMs }, NOW_MS);
    current = step.kind === 'outdated' ? current : step.next;
    return step.kind;
  });
}
