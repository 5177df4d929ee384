// MessageCards, which Office 365 connectors took: what they say, as a draft. Pure.

import { toMarkdown } from '../../domain/literal.ts';
import type { Draft, DraftFact, DraftLink } from '../../domain/source.ts';
import { severityOfColor } from '../color-severity.ts';
import { at, count, joined, listAt, textAt } from '../payload.ts';
import { fromHtml, linksOfMarkdown, splitLead, withoutMarkdown } from '../readable-text.ts';

/** Sections beyond this are counted, not read. */
const MAX_SECTIONS = 20;

/**
 * What a card says; undefined when it says nothing. `activityImage`, a small picture beside a name, is left out.
 *
 * @see https://learn.microsoft.com/outlook/actionable-messages/message-card-reference
 */
export function draftOfMessageCard(card: unknown): Draft | undefined {
  const sections = listAt(card, 'sections').slice(0, MAX_SECTIONS);
  const title =
    textAt(card, 'title') ?? textAt(card, 'summary') ?? sections.map(headingOf).find((one) => one !== undefined);
  const own =
    title === undefined ? splitLead(readText(card, 'text')) : { title, text: readText(card, 'text'), links: [] };
  const heading = own.title === undefined ? undefined : plainLine(own.title);
  const unread = listAt(card, 'sections').length - sections.length;
  const text = joined(
    '\n\n',
    own.text,
    ...sections.map((section) => textOfSection(section, heading)),
    unread > 0 ? `… ${count(unread, 'more section')}` : undefined,
  );
  const draft = {
    facts: factsOf(card, sections),
    links: [...own.links, ...linksOf(card, sections)],
    images: imagesOf(sections),
  };
  if (heading === undefined && text === undefined && Object.values(draft).every((list) => list.length === 0)) {
    return undefined;
  }
  return {
    title: heading,
    text,
    textFormat: 'markdown',
    severity: severityOfColor(textAt(card, 'themeColor')),
    summary: plainLine(textAt(card, 'summary') ?? ''),
    ...draft,
  };
}

/** The text there, in which HTML may occur. */
function readText(card: unknown, field: string): string | undefined {
  const text = textAt(card, field);
  return text === undefined ? undefined : textAt(fromHtml(text));
}

function plainLine(text: string): string {
  return withoutMarkdown(fromHtml(text)).replace(/\s+/g, ' ').trim();
}

function headingOf(section: unknown): string | undefined {
  return textAt(section, 'title') ?? textAt(section, 'activityTitle');
}

/** @param title of the card: nothing is said twice */
function textOfSection(section: unknown, title: string | undefined): string | undefined {
  const isLiteral = at(section, 'markdown') === false;
  const read = (field: string) => {
    const text = isLiteral ? textAt(section, field) : readText(section, field);
    return text === undefined || plainLine(text) === title ? undefined : isLiteral ? toMarkdown(text) : text;
  };
  const [heading, activity] = [read('title'), read('activityTitle')].map((text) =>
    text === undefined || /\*\*|\]\(|\n/.test(text) ? text : `**${text}**`,
  );
  const head = joined('\n', heading, activity, read('activitySubtitle'));
  return joined('\n\n', head, read('activityText'), read('text'));
}

function factsOf(card: unknown, sections: readonly unknown[]): readonly DraftFact[] {
  const facts = sections
    .flatMap((section) => listAt(section, 'facts'))
    .map((fact) => ({
      name: plainLine(textAt(fact, 'name') ?? textAt(fact, 'title') ?? '').replace(/:$/, ''),
      value: plainValue(at(fact, 'value')),
    }));
  const dead = actionsOf(card, sections).filter((action) => targetOf(action) === undefined);
  const names = dead.flatMap((action) => textAt(action, 'name') ?? []);
  return [
    ...facts.filter(({ value }) => value !== undefined),
    ...(names.length > 0 ? [{ name: 'Not available in Teams', value: names.slice(0, 10).join(', ') }] : []),
  ];
}

function plainValue(value: unknown): unknown {
  const text = textAt(value);
  return text === undefined
    ? typeof value === 'object'
      ? (value ?? undefined)
      : undefined
    : textAt(withoutMarkdown(fromHtml(text)));
}

function actionsOf(card: unknown, sections: readonly unknown[]): readonly unknown[] {
  return [card, ...sections].flatMap((part) => listAt(part, 'potentialAction'));
}

/** Of the buttons, and of the facts, whose values are plain text on a card. */
function linksOf(card: unknown, sections: readonly unknown[]): readonly DraftLink[] {
  const buttons = actionsOf(card, sections).flatMap((action) => {
    const url = targetOf(action);
    return url === undefined ? [] : [{ title: textAt(action, 'name') ?? '', url }];
  });
  const facts = sections.flatMap((section) => listAt(section, 'facts'));
  return [...buttons, ...facts.flatMap((fact) => linksOfMarkdown(fromHtml(textAt(fact, 'value') ?? '')))].filter(
    ({ url }, at, all) => all.findIndex((other) => other.url === url) === at,
  );
}

/** Where an action leads; undefined for those that posted something or asked for it, which nobody takes any more. */
function targetOf(action: unknown): string | undefined {
  if (!/^(OpenUri|ViewAction)$/i.test(textAt(action, '@type') ?? '')) {
    return undefined;
  }
  const targets = listAt(action, 'targets');
  const target = targets.find((one) => textAt(one, 'os')?.toLowerCase() === 'default') ?? targets[0];
  return textAt(target, 'uri') ?? textAt(action, 'target', 0) ?? textAt(action, 'target');
}

function imagesOf(sections: readonly unknown[]): NonNullable<Draft['images']> {
  return sections
    .flatMap((section) => [at(section, 'heroImage'), ...listAt(section, 'images')])
    .flatMap((image) => {
      const url = textAt(image, 'image') ?? textAt(image);
      return url === undefined ? [] : [{ url, alt: textAt(image, 'title') ?? '' }];
    });
}
