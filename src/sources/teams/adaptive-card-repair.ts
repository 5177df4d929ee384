// An Adaptive Card of anybody's making, as one that may be sent: what cannot be is left out, or becomes text. Pure.

import { z } from 'zod';
import { CARD_LIMITS } from '../../domain/card-check.ts';
import { CARD_PARTS, type CardPart, type Place, ROOT_CARD, TYPES_AT } from '../../domain/card-parts.ts';
import { toMarkdown, toMarkdownLine } from '../../domain/literal.ts';
import { isSafeLink } from '../../domain/request-fields.ts';
import { count, isObject, listAt, textAt } from '../payload.ts';
import { repairFacts, repairTableColumns, repairText, withoutMentions } from './adaptive-card-values.ts';

type Json = Readonly<Record<string, unknown>>;

/** What could not stay: buttons that cannot work, those that lead elsewhere than to https, and what was too deep. */
interface Losses {
  readonly dead: string[];
  readonly addresses: { readonly title: string; readonly url: string }[];
  /** How many buttons there were, with those that stay. */
  actions: number;
  tooDeep: number;
}

/** A card that may be sent, but for its size. It says which buttons it had to lose. */
export interface RepairedCard {
  readonly card: Json;
  /** False when it was too deep: then more than what cannot be shown is missing. */
  readonly isWhole: boolean;
}

/** The card as it may be sent; undefined when nothing of it is left. */
export function repairCard(value: unknown): RepairedCard | undefined {
  const losses: Losses = { dead: [], addresses: [], actions: 0, tooDeep: 0 };
  const made = repairPart(value, 'card', { losses, depth: 1 });
  const body = [...listAt(made, 'body'), ...notesOn(losses)];
  const isEmpty = body.length + listAt(made, 'actions').length === 0;
  const card = { type: 'AdaptiveCard', version: '1.5', ...made, body };
  return isEmpty ? undefined : { card, isWhole: losses.tooDeep === 0 };
}

/** More of them nobody reads. */
const MAX_LINES = 10;

function notesOn({ dead, addresses }: Losses): readonly Json[] {
  const lines = [
    ...addresses.slice(0, MAX_LINES).map(({ title, url }) => `${title === '' ? '' : `${title}: `}${url}`),
    ...(addresses.length > MAX_LINES ? [`… ${count(addresses.length - MAX_LINES, 'more link')}`] : []),
    ...(dead.length > 0 ? [`Not available in Teams: ${[...new Set(dead)].slice(0, MAX_LINES).join(', ')}`] : []),
  ];
  return lines.map((line) => ({
    ...{ type: 'TextBlock', text: toMarkdownLine(line.slice(0, 2_048)) },
    ...{ wrap: true, isSubtle: true, spacing: 'Small' },
  }));
}

interface Way {
  readonly losses: Losses;
  readonly depth: number;
}

/** A part as it may stand at this place; undefined when nothing of it may. */
function repairPart(value: unknown, place: Place, way: Way): Json | undefined {
  if (!isObject(value) || way.depth > CARD_LIMITS.maxDepth) {
    way.losses.tooDeep += Number(isObject(value));
    return undefined;
  }
  const name = typeAt(value, place);
  const part = place === 'card' ? ROOT_CARD : CARD_PARTS[name ?? ''];
  if (name === undefined || part === undefined) {
    return repairUnknown(value, place, way);
  }
  const isAction = place === 'action' || place === 'selectAction';
  if (isAction && name === 'Action.OpenUrl' && !isSafeLink(textAt(value, 'url') ?? '')) {
    lose(value, place, way.losses);
    return undefined;
  }
  if (place === 'action' && ++way.losses.actions > CARD_LIMITS.maxActions) {
    name === 'Action.OpenUrl' && lose(value, place, way.losses);
    return undefined;
  }
  const made = {
    ...(place === 'card' && { version: '1.5' }),
    ...repairFields(value, part, way),
    ...('type' in value ? { type: name } : {}),
  };
  return part.schema.safeParse(made).success && !isHollow(made, name) ? made : substituteOf(value, place);
}

/** The type that a part has at this place, however it is written; undefined when it may not stand there. */
function typeAt(value: Json, place: Place): string | undefined {
  const { types, isTypeOptional } = TYPES_AT[place];
  const own = textAt(value, 'type')?.toLowerCase();
  const known = types.find((type) => type.toLowerCase() === own);
  return known ?? (isTypeOptional || place === 'card' ? types[0] : undefined);
}

/** Other names that some senders have for a field. */
const FIELD_NAMES: Readonly<Record<string, string>> = { msTeams: 'msteams', alt: 'altText' };

/** What is left of a card after its parts went, without which it says nothing. */
function isHollow(made: Json, name: string): boolean {
  const needed = { FactSet: 'facts', ActionSet: 'actions', ImageSet: 'images', RichTextBlock: 'inlines' }[name];
  return needed !== undefined && listAt(made, needed).length === 0;
}

function repairFields(value: Json, part: CardPart, way: Way): Json {
  const inner = { ...way, depth: way.depth + 1 };
  const fields = Object.entries(value).flatMap(([field, own]): readonly (readonly [string, unknown])[] => {
    const name = (Object.hasOwn(FIELD_NAMES, field) ? FIELD_NAMES[field] : undefined) ?? field;
    const made = repairField({ name, own, part }, inner);
    return made === undefined || name === 'type' ? [] : [[name, made]];
  });
  return Object.fromEntries(fields);
}

interface Field {
  readonly name: string;
  readonly own: unknown;
  readonly part: CardPart;
}

function repairField({ name, own, part }: Field, way: Way): unknown {
  const schema = Object.hasOwn(part.schema.shape, name) ? part.schema.shape[name] : undefined;
  const place = Object.hasOwn(part.children, name) ? part.children[name] : undefined;
  if (schema === undefined || own === null || name === 'fallback' || name === 'requires') {
    return undefined;
  }
  if (place !== undefined) {
    return place === 'selectAction' || place === 'shownCard'
      ? repairPart(own, place, way)
      : repairList(own, place, way);
  }
  return candidates(name, own).find((one) => z.safeParse(schema, one).success);
}

/** What a value could have been meant as, the likeliest first. */
function candidates(name: string, own: unknown): readonly unknown[] {
  switch (name) {
    case 'version':
      return [own, '1.5'];
    case 'weight':
      return [own, 'Bolder'];
    case 'msteams':
      return /^full$/i.test(textAt(own, 'width') ?? '') ? [{ width: 'Full' }] : [];
    case 'facts':
      return [repairFacts(own)];
    case 'columns':
      return [own, repairTableColumns(own)];
    default:
      return typeof own === 'string'
        ? [withoutMentions(own), repairText(withoutMentions(own))]
        : [own, ...(typeof own === 'number' || typeof own === 'boolean' ? [String(own)] : [])];
  }
}

function repairList(own: unknown, place: Place, way: Way): readonly unknown[] | undefined {
  const list = Array.isArray(own) ? own : isObject(own) ? [own] : undefined;
  return list?.flatMap((one) =>
    place === 'inline' && typeof one === 'string' ? [one] : (repairPart(one, place, way) ?? []),
  );
}

/** What Teams or bots do not know: what stands for it, or what it holds, or its text. */
function repairUnknown(value: Json, place: Place, way: Way): Json | undefined {
  const inner = { ...way, depth: way.depth + 1 };
  if (place === 'action' || place === 'selectAction') {
    lose(value, place, way.losses);
    return undefined;
  }
  if (place !== 'element') {
    return undefined;
  }
  const fallback = repairPart(value['fallback'], place, inner);
  const held = repairList(value['items'] ?? value['body'], place, inner) ?? [];
  return fallback ?? (held.length > 0 ? { type: 'Container', items: held } : substituteOf(value, place));
}

/** The text of an element that cannot be shown as what it is. */
function substituteOf(value: Json, place: Place): Json | undefined {
  const isInput = /^Input\./.test(textAt(value, 'type') ?? '');
  const text = ['text', 'codeSnippet', 'altText', 'alt', 'title'].map((name) => textAt(value, name)).find((one) => one);
  if (place !== 'element' || isInput || text === undefined) {
    return undefined;
  }
  const isCode = value['codeSnippet'] !== undefined;
  const shown = isCode ? toMarkdown(text) : repairText(withoutMentions(text));
  return { type: 'TextBlock', text: shown, wrap: true, ...(isCode && { fontType: 'Monospace' }) };
}

function lose(action: Json, place: Place, losses: Losses): void {
  const [title, url] = [textAt(action, 'title') ?? '', textAt(action, 'url')];
  if (place === 'selectAction') {
    return;
  }
  url === undefined ? title !== '' && losses.dead.push(title) : losses.addresses.push({ title, url });
}
