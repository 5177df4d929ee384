// From the JSON of a request to what will be stored and sent, before anybody looks for whom it is.

import type { Advice } from '../domain/card-advice.ts';
import { AppError } from '../domain/errors.ts';
import type { ProducerContent } from '../domain/notification.ts';
import { faultyRequest } from '../domain/parse-request.ts';
import type { CardComposer, ComposedMessage, Shortened } from './card-composer.ts';
import { type FillTemplate, fillTemplate, hasTemplate } from './fill-template.ts';
import { toAsk } from './parse-ask.ts';
import { hasCard, type NotificationRequest, parseNotificationRequest } from './parse-notification.ts';
import { refuseForbiddenEscalation } from './store-ask.ts';
import type { Sender } from './store-notification.ts';

/** What is sent, and how. */
export interface PreparedNotification {
  readonly request: NotificationRequest;
  readonly content: ProducerContent;
  /** Present when the card leaves something out. */
  readonly shortened?: Shortened;
  /** Present when a template was used and its data lacks something. */
  readonly warnings?: readonly Advice[];
}

/** What preparing takes. */
export interface PrepareDeps {
  readonly composer: CardComposer;
  readonly fillTemplate: FillTemplate;
}

/**
 * Checks a request of this sender and its size.
 *
 * @throws AppError `invalid_request`; `forbidden` for a card of one's own without the right to send it, and for somebody
 *   to escalate to whom the key may not address
 */
export async function prepareNotification(
  deps: PrepareDeps,
  { sender, json }: { readonly sender: Sender; readonly json: unknown },
): Promise<PreparedNotification> {
  if (hasTemplate(json)) {
    const { request, warnings } = await fillTemplate(deps.fillTemplate, { sender, json });
    const prepared = prepareRequest(deps.composer, { request, sender, pointer: '/template' });
    return { ...prepared, ...(warnings.length > 0 && { warnings }) };
  }
  if (hasCard(json) && !sender.rights.canSendCards) {
    throw new AppError('forbidden', 'Expected a key with the scope cards, which `card` needs.');
  }
  const request = parseNotificationRequest(json);
  refuseForbiddenEscalation(request, sender.rights);
  return prepareRequest(deps.composer, { request, sender, pointer: '/card' });
}

interface ParsedRequest {
  readonly request: NotificationRequest;
  readonly sender: Sender;
  /** What of the request the card comes from, if it brings one. */
  readonly pointer: string;
}

function prepareRequest(composer: CardComposer, { request, sender, pointer }: ParsedRequest): PreparedNotification {
  const content = toContent(request, sender);
  if (content.kind === 'event' && composer.isSurelyWhole(content)) {
    return { request, content };
  }
  const message = composer.compose(content);
  refuseTooLarge(message, pointer);
  const shortened = toShortened(message);
  return { request, content, ...(shortened && { shortened }) };
}

/** An event is made to fit; a card of the producer's own making is sent as it is, or not. */
function refuseTooLarge({ units, maxUnits }: ComposedMessage, pointer: string): void {
  if (units > maxUnits) {
    throw faultyRequest('notification', [
      {
        pointer,
        detail: `Expected a message of at most ${maxUnits} UTF-16 units, the card as JSON and what is around it; it is ${units - maxUnits} too long`,
      },
    ]);
  }
}

/** What a message leaves out; undefined when that is nothing. */
export function toShortened({ leftOut }: ComposedMessage): Shortened | undefined {
  return leftOut.characters + leftOut.facts + leftOut.links + leftOut.images > 0 ? leftOut : undefined;
}

function toContent(request: NotificationRequest, { producerName: source, rights }: Sender): ProducerContent {
  const { title, text, textFormat, severity, facts, links, images, summary, occurredAt, card } = request;
  const passing = request.priority === 'urgent' && rights.canPassQuiet && ({ passesQuiet: true } as const);
  if (card !== undefined) {
    return { kind: 'card', title, severity, summary: summary ?? title, card, source, ...passing };
  }
  const ask = toAsk(request);
  return {
    kind: 'event',
    title,
    ...(text !== undefined && { text }),
    ...(textFormat !== 'plain' && { textFormat }),
    severity,
    facts,
    links,
    ...(images.length > 0 && { images }),
    ...(summary !== undefined && { summary }),
    ...(occurredAt !== undefined && { occurredAtMs: occurredAt }),
    source,
    ...passing,
    ...(ask && { ask }),
  };
}
