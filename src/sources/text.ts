// Plain text, as `curl -d "Deploy ok"` sends it; headers may say the rest, as they do for ntfy.

import { AppError } from '../domain/errors.ts';
import type { Priority, Severity } from '../domain/notification.ts';
import type { Dialect, Draft, SourceEvent, SourceRequest, Translation } from '../domain/source.ts';
import { headerText } from './header-text.ts';
import { titleAndText } from './plain-card.ts';
import { outcomeOf, severityOf } from './plain-words.ts';
import { viewActions } from './text/actions.ts';

/** @see https://docs.ntfy.sh/publish/#list-of-all-parameters */
export const text: Dialect = {
  name: 'text',
  title: 'Text message',
  body: 'text',
  auth: ['token', 'key', 'url'],
  translate,
};

type Headers = SourceRequest['headers'];

function translate({ body, headers }: SourceRequest): Translation {
  const said = typeof body === 'string' && body.trim() !== '' ? body.trim() : undefined;
  const message = said ?? headerText(headers, 'x-message', 'message', 'm')?.replaceAll('\\n', '\n');
  const title = headerText(headers, 'x-title', 'title', 'ti', 't');
  if (message === undefined && title === undefined) {
    throw new AppError('invalid_request', 'Expected some text, or a header "Title"', {
      faults: [{ pointer: '', detail: 'Expected some text, found none' }],
    });
  }
  return { kind: 'events', events: [toEvent(headers, title, message)] };
}

function toEvent(headers: Headers, title: string | undefined, message: string | undefined): SourceEvent {
  const tags = tagsOf(headers);
  const key = headerText(headers, 'x-key', 'key', 'x-sequence-id', 'sequence-id', 'sid');
  const state = outcomeOf(headerText(headers, 'x-state', 'state'));
  const priority = PRIORITIES.get(headerText(headers, 'x-priority', 'priority', 'prio', 'p')?.toLowerCase() ?? '');
  const isMarkdown = saysMarkdown(headers);
  const untold = tags.filter((tag) => tagSeverity(tag) === undefined);
  return {
    id: headerText(headers, 'idempotency-key'),
    draft: {
      ...(title === undefined ? untitled(message ?? '', isMarkdown) : { title, text: message }),
      textFormat: isMarkdown ? 'markdown' : 'plain',
      severity:
        severityOf(headerText(headers, 'x-severity', 'severity')) ??
        worstOf(tags) ??
        (state === 'resolved' ? 'success' : priority?.severity),
      priority: priority?.priority,
      facts: [{ name: 'Tags', value: untold.join(', ') }],
      links: linksOf(headers),
      ...(key !== undefined && { key, state }),
    },
    traits: { labels: tags },
  };
}

/** A heading in markdown is a title as it stands, without its marks. */
function untitled(message: string, isMarkdown: boolean): Pick<Draft, 'title' | 'text'> {
  return titleAndText(isMarkdown ? message.replace(/^#{1,6}\s+/, '') : message);
}

function saysMarkdown(headers: Headers): boolean {
  const said = headerText(headers, 'x-markdown', 'markdown', 'md') ?? '';
  return /^(1|yes|true)$/i.test(said) || /^text\/markdown\b/i.test(headers['content-type'] ?? '');
}

function linksOf(headers: Headers): Draft['links'] {
  const click = headerText(headers, 'x-click', 'click');
  const attachment = headerText(headers, 'x-attach', 'attach', 'a');
  const fileName = headerText(headers, 'x-filename', 'filename', 'file', 'f');
  return [
    ...(click === undefined ? [] : [{ title: 'Open', url: click }]),
    ...viewActions(headerText(headers, 'x-actions', 'actions', 'action')),
    ...(attachment === undefined ? [] : [{ title: fileName ?? 'Attachment', url: attachment }]),
  ];
}

interface SaidPriority {
  readonly priority: Priority;
  readonly severity?: Severity;
}
const [URGENT, HIGH, NORMAL, BULK]: readonly [SaidPriority, SaidPriority, SaidPriority, SaidPriority] = [
  { priority: 'urgent', severity: 'critical' },
  { priority: 'normal', severity: 'warning' },
  { priority: 'normal' },
  { priority: 'bulk' },
];

/** ntfy's numbers and words, and our own words. Some proxies send a header of this name that means something else. */
const PRIORITIES: ReadonlyMap<string, SaidPriority> = new Map([
  ['5', URGENT],
  ['max', URGENT],
  ['urgent', URGENT],
  ['4', HIGH],
  ['high', HIGH],
  ['3', NORMAL],
  ['default', NORMAL],
  ['normal', NORMAL],
  ['2', BULK],
  ['low', BULK],
  ['1', BULK],
  ['min', BULK],
  ['bulk', BULK],
]);

const MAX_TAGS = 20;

function tagsOf(headers: Headers): readonly string[] {
  const tags = headerText(headers, 'x-tags', 'tags', 'tag', 'ta')?.split(',') ?? [];
  return tags
    .map((tag) => tag.trim())
    .filter((tag) => tag !== '')
    .slice(0, MAX_TAGS);
}

/** The pictures that ntfy shows for a tag, where they say how bad it is; and the names of our severities. */
const TAG_SEVERITIES: Readonly<Record<Severity, readonly string[]>> = {
  critical: ['critical', 'rotating_light', 'sos', 'fire', 'skull', 'bangbang'],
  error: [
    'error',
    'x',
    'negative_squared_cross_mark',
    'heavy_multiplication_x',
    'no_entry',
    'no_entry_sign',
    'red_circle',
    'boom',
    '-1',
    'thumbsdown',
  ],
  warning: ['warning', 'construction', 'exclamation', 'heavy_exclamation_mark', 'yellow_circle', 'orange_circle'],
  success: [
    'success',
    'white_check_mark',
    'heavy_check_mark',
    'ballot_box_with_check',
    'green_circle',
    'tada',
    '+1',
    'thumbsup',
    'ok',
  ],
  info: ['info', 'information_source'],
};
/** The worst first; to be told that something went well is more than to be told. */
const WORST_FIRST: readonly Severity[] = ['critical', 'error', 'warning', 'success', 'info'];

function tagSeverity(tag: string): Severity | undefined {
  return WORST_FIRST.find((severity) => TAG_SEVERITIES[severity].includes(tag.toLowerCase()));
}

function worstOf(tags: readonly string[]): Severity | undefined {
  const severities = tags.map(tagSeverity);
  return WORST_FIRST.find((severity) => severities.includes(severity));
}
