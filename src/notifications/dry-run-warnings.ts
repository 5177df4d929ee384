// What could be better about a notification, told in a dry run.

import { type Advice, adviseOnCard } from '../domain/card-advice.ts';
import type { Estimate } from './estimate.ts';
import { hasTemplate } from './fill-template.ts';
import type { PreparedNotification } from './prepare-notification.ts';
import type { Resolution } from './resolve-recipients.ts';
import type { EventEffect } from './take-event.ts';

/** What a dry run has found out. */
export interface DryRunFindings extends PreparedNotification {
  /** The request as it came. */
  readonly json: unknown;
  readonly resolution: Resolution;
  readonly estimate: Estimate;
  /** What becomes of the thing with the key, if there is one. */
  readonly effect: EventEffect | undefined;
}

/** On a phone a longer title takes more than three lines. */
const LONG_TITLE_LENGTH = 100;

/** Beyond this many they are no longer read. */
const MAX_WARNINGS = 100;

/** All of them: about the recipients, the time, and what is said. Pure. */
export function findWarnings(findings: DryRunFindings): readonly Advice[] {
  return [...aboutRecipients(findings), ...aboutTime(findings), ...aboutContent(findings)].slice(0, MAX_WARNINGS);
}

function aboutRecipients({ request, json, resolution, estimate }: DryRunFindings): readonly Advice[] {
  const { resolved, unresolved, broadcasts } = resolution;
  const pointerTo = (index: number) => (isListed(json) ? `/to/${index}` : '/to');
  const each = request.to.flatMap((recipient, index): readonly Advice[] => {
    const pointer = pointerTo(index);
    const missed = unresolved.find((one) => one.recipient === recipient);
    if (missed) {
      return [{ code: 'not_reached', detail: missed.detail, pointer }];
    }
    const isRepeated = request.to.indexOf(recipient) < index;
    const sameAs = isRepeated
      ? recipient
      : [...resolved, ...broadcasts].find((one) => one.recipient === recipient)?.sameAs;
    return sameAs === undefined
      ? []
      : [{ code: 'named_twice', detail: 'Named before, by this or another name; gets it once', pointer }];
  });
  const isNobody = estimate.recipients === 0;
  return [
    ...(isNobody ? [{ code: 'nobody_reached', detail: 'Nobody would get this notification', pointer: '/to' }] : []),
    ...each,
  ];
}

function isListed(json: unknown): boolean {
  return typeof json === 'object' && json !== null && 'to' in json && Array.isArray(json.to);
}

function aboutTime({ request, estimate, effect }: DryRunFindings): readonly Advice[] {
  if (effect === 'none') {
    const pointer = request.occurredAt === undefined ? '/key' : '/occurredAt';
    return [
      { code: 'outdated', detail: 'Something later is known of the thing with this key: nothing goes out', pointer },
    ];
  }
  const ttlSeconds = request.ttl / 1_000;
  const detail = `It takes about ${estimate.seconds} s until the last one is reached, and ttl ends after ${ttlSeconds} s`;
  return estimate.seconds > ttlSeconds ? [{ code: 'expires_before_sent', detail, pointer: '/ttl' }] : [];
}

function aboutContent({ content, json, warnings }: DryRunFindings): readonly Advice[] {
  if (content.kind === 'card') {
    return hasTemplate(json)
      ? [...(warnings ?? []), ...adviseOnCard(content.card, '/card').map(toAdviceOnTemplate)]
      : adviseOnCard(content.card, '/card');
  }
  const isLong = content.title.length > LONG_TITLE_LENGTH;
  return [
    ...(isLong
      ? [
          {
            code: 'long_title',
            detail: 'A long title fills a phone; the text has room for the rest',
            pointer: '/title',
          },
        ]
      : []),
    ...(content.links.length === 0
      ? [{ code: 'no_link', detail: 'Nothing leads the reader to where something can be done', pointer: '/links' }]
      : []),
  ];
}

/** The card is not in the request: where it stands in the answer is told in words. */
function toAdviceOnTemplate({ code, detail, pointer }: Advice): Advice {
  return {
    code,
    pointer: '/template',
    detail: pointer === undefined ? detail : `${detail} (at ${pointer} of what it makes)`,
  };
}
