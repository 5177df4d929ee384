// What a notification would be and do, told without storing or sending anything.

import { z } from 'zod';
import { type AnswerOf, quantity } from '../domain/answer.ts';
import { advice } from '../domain/card-advice.ts';
import type { Clock } from '../domain/clock.ts';
import type { LifecycleState } from '../domain/lifecycle.ts';
import type { Statements, Store } from '../store/store.ts';
import { shortenedCard } from './card-composer.ts';
import { findWarnings } from './dry-run-warnings.ts';
import { createEstimator, estimateOfNotification } from './estimate.ts';
import {
  type PrepareDeps,
  type PreparedNotification,
  prepareNotification,
  toShortened,
} from './prepare-notification.ts';
import { toPreviewLink } from './preview-link.ts';
import { leftOutMention, resolveMentions } from './resolve-mentions.ts';
import { resolveRecipients, unresolvedRecipient } from './resolve-recipients.ts';
import { requireTimely, toPlan } from './schedule.ts';
import { lifecycleEffect, namedDelivery, type Sender, toAddressed, toDeliveries } from './store-notification.ts';
import { type ForeseenEvent, foreseeEvent } from './take-event.ts';

/** The answer to a dry run. */
export const dryRunAnswer = z
  .object({
    dryRun: z.literal(true),
    deliveries: z.array(namedDelivery),
    unresolved: z.array(unresolvedRecipient),
    mentionsLeftOut: z.array(leftOutMention).optional().describe('Who of `mentions` would not be mentioned.'),
    card: z.object({
      content: z
        .unknown()
        .describe(
          'The Adaptive Card, as somebody gets it now in their own chat of whom nothing is known: the time is in UTC, nobody is mentioned, and the id in its menu and buttons is an example.',
        ),
      summary: z.string().describe('The text of the toast.'),
      units: quantity.describe('Size of the whole message in UTF-16 units, of two bytes each.'),
      maxUnits: quantity,
      bytes: quantity,
    }),
    shortened: shortenedCard.optional(),
    warnings: z.array(advice).describe('No faults: what could be better.'),
    preview: z.string().describe('Address of a page that shows the card.'),
    estimate: estimateOfNotification,
    lifecycle: lifecycleEffect.optional(),
  })
  .meta({ id: 'DryRun', description: 'What a notification would be and do. Nothing was stored or sent.' });
export type DryRun = AnswerOf<typeof dryRunAnswer>;

/** What a dry run takes. */
export interface DryRunDeps extends PrepareDeps {
  readonly store: Pick<Store, 'read'>;
  readonly clock: Clock;
}

/** Stands in the menu and the buttons of the card, for there is no notification that they could be about. */
const EXAMPLE_ID = 'ntf_00000000000000000000000000';

/**
 * Gives the function that tries a notification. Recipients who cannot be reached are told, also when that is everybody.
 *
 * @param options.publicUrl where the service is reached from outside, for the link to the preview
 * @throws AppError `invalid_request`, `forbidden`, as accepting does
 */
export function createDryRun(
  deps: DryRunDeps,
  { publicUrl }: { readonly publicUrl: string | undefined },
): (input: { readonly sender: Sender; readonly json: unknown }) => Promise<DryRun> {
  const estimator = createEstimator(deps);
  const { composer, store } = deps;
  return async ({ sender, json }) => {
    const prepared = await prepareNotification(deps, { sender, json });
    const { request, content } = prepared;
    const nowMs = deps.clock.nowMs();
    requireTimely(request, nowMs);
    const resolution = await resolveRecipients(store.read, request.to, sender.rights);
    const { leftOut } = await resolveMentions(store.read, request.mentions, sender.rights);
    const plan = toPlan(resolution, request, nowMs);
    const meant = { ...toAddressed(resolution, request, sender), isScheduled: plan.startsAtMs > nowMs };
    const estimate = await estimator.estimate(store.read, meant);
    const foreseen = await foresee(store.read, { ...prepared, producerId: sender.producerId, nowMs });
    const lifecycle = foreseen && { key: foreseen.key, state: foreseen.state, effect: foreseen.effect };
    const menu = { notification: EXAMPLE_ID, hasKey: request.key !== undefined };
    const message = composer.compose(content, {
      acceptedAtMs: nowMs,
      lifecycle: foreseen?.view,
      menu,
      notification: EXAMPLE_ID,
    });
    const { summary, card, units, maxUnits } = message;
    const shortened = toShortened(message);
    return {
      dryRun: true,
      deliveries: toDeliveries(plan),
      unresolved: resolution.unresolved,
      ...(leftOut.length > 0 && { mentionsLeftOut: leftOut }),
      card: { content: card, summary, units, maxUnits, bytes: 2 * units },
      ...(shortened && { shortened }),
      warnings: findWarnings({ ...prepared, json, resolution, estimate, effect: lifecycle?.effect }),
      preview: toPreviewLink(publicUrl, { summary, card }),
      estimate,
      ...(lifecycle && { lifecycle }),
    };
  };
}

interface Foreseen extends ForeseenEvent {
  readonly key: string;
  readonly state: LifecycleState;
}

/** @returns undefined when the notification has no key */
async function foresee(
  statements: Statements,
  { request, content, producerId, nowMs }: PreparedNotification & { producerId: number; nowMs: number },
): Promise<Foreseen | undefined> {
  const { key, state = 'open', occurredAt: occurredAtMs } = request;
  if (key === undefined) {
    return undefined;
  }
  return { key, state, ...(await foreseeEvent(statements, { producerId, key, state, occurredAtMs, content, nowMs })) };
}
