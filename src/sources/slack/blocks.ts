// Slack's blocks, block by block: what they say, show and lead to. Pure.

import { at, count, joined, listAt, textAt } from '../payload.ts';
import { withEmoji } from './emoji.ts';
import { linksOfMrkdwn, literalMarkdown, mrkdwnToMarkdown, mrkdwnToText } from './mrkdwn.ts';
import { richTextMarkdown } from './rich-text.ts';

/** What a part of a message comes to. */
export interface SlackParts {
  /** Markdown, a paragraph each. */
  readonly texts: readonly string[];
  readonly facts: readonly { readonly name: string; readonly value: string }[];
  readonly links: readonly { readonly title: string; readonly url: string }[];
  /** Links in facts, which come after all others. */
  readonly factLinks: readonly { readonly title: string; readonly url: string }[];
  readonly images: readonly { readonly alt: string; readonly url: string }[];
  /** Names of what cannot be pressed or chosen in Teams. */
  readonly dead: readonly string[];
}

export const NO_PARTS: SlackParts = { texts: [], facts: [], links: [], factLinks: [], images: [], dead: [] };

/** All of several parts, in their order. */
export function mergeParts(parts: readonly SlackParts[]): SlackParts {
  return {
    texts: parts.flatMap(({ texts }) => texts),
    facts: parts.flatMap(({ facts }) => facts),
    links: parts.flatMap(({ links }) => links),
    factLinks: parts.flatMap(({ factLinks }) => factLinks),
    images: parts.flatMap(({ images }) => images),
    dead: parts.flatMap(({ dead }) => dead),
  };
}

/** Slack takes fifty. */
const MAX_BLOCKS = 50;

/** The parts of a list of blocks. */
export function partsOfBlocks(blocks: readonly unknown[]): SlackParts {
  const unread = Math.max(0, blocks.length - MAX_BLOCKS);
  const more = unread > 0 ? [{ ...NO_PARTS, texts: [`… ${count(unread, 'more block')}`] }] : [];
  return mergeParts([...blocks.slice(0, MAX_BLOCKS).map(partsOfBlock), ...more]);
}

/** @see https://docs.slack.dev/reference/block-kit/blocks */
function partsOfBlock(block: unknown): SlackParts {
  switch (textAt(block, 'type')) {
    case 'header':
      return textParts(bold(markdownOf(block, 'text')));
    case 'section':
      return mergeParts([
        textParts(markdownOf(block, 'text')),
        ...listAt(block, 'fields').map(partsOfField),
        partsOfElement(at(block, 'accessory')),
      ]);
    case 'context':
      return contextParts(listAt(block, 'elements'));
    case 'actions':
      return mergeParts(listAt(block, 'elements').map(partsOfElement));
    case 'image':
      return imageParts(block);
    case 'rich_text':
      return textParts(richTextMarkdown(listAt(block, 'elements')));
    case 'markdown':
      return textParts(textAt(block, 'text'));
    case 'video':
      return videoParts(block);
    case 'input':
      return { ...NO_PARTS, dead: [textOf(block, 'label') ?? 'input'] };
    default:
      return textParts(markdownOf(block, 'text'));
  }
}

function textParts(text: string | undefined): SlackParts {
  return text === undefined ? NO_PARTS : { ...NO_PARTS, texts: [text] };
}

/** Several texts and small pictures in one line; the pictures are icons. */
function contextParts(elements: readonly unknown[]): SlackParts {
  return textParts(joined(' · ', ...elements.map((element) => textAt(markdownOf(element)))));
}

function imageParts(image: unknown): SlackParts {
  const url = textAt(image, 'image_url') ?? textAt(image, 'slack_file', 'url');
  const alt = textOf(image, 'title') ?? textAt(image, 'alt_text') ?? '';
  return url === undefined ? NO_PARTS : { ...NO_PARTS, images: [{ alt, url }] };
}

function videoParts(video: unknown): SlackParts {
  const title = textOf(video, 'title') ?? 'Video';
  const url = textAt(video, 'title_url') ?? textAt(video, 'video_url');
  return {
    ...NO_PARTS,
    ...textParts(markdownOf(video, 'description')),
    links: url === undefined ? [] : [{ title, url }],
  };
}

/** Beside a section, or in a row of actions. */
function partsOfElement(element: unknown): SlackParts {
  if (textAt(element, 'type') === 'image') {
    return imageParts(element);
  }
  const url = textAt(element, 'url');
  const title = textOf(element, 'text') ?? textOf(element, 'placeholder');
  if (url !== undefined) {
    return { ...NO_PARTS, links: [{ title: title ?? '', url }] };
  }
  return { ...NO_PARTS, dead: title === undefined ? [] : [title] };
}

/** `*Name*` and below it the value, or both in one line; anything else is text. */
function partsOfField(field: unknown): SlackParts {
  const text = textAt(field, 'text') ?? textAt(field);
  const [, name, value] =
    /^\*([^*\n]{1,128}?):?\*:?\s*(\S[\s\S]*)$/.exec(text ?? '') ??
    /^([^\n]{1,64}):?\n(\S[\s\S]*)$/.exec(text ?? '') ??
    [];
  return text === undefined || name === undefined || value === undefined
    ? textParts(markdownOf(field))
    : factParts(name, value);
}

/** A fact of mrkdwn: its links become buttons, because facts are plain. */
export function factParts(name: string, value: string): SlackParts {
  return {
    ...NO_PARTS,
    facts: [{ name: mrkdwnToText(name).replace(/:$/, ''), value: mrkdwnToText(value) }],
    factLinks: linksOfMrkdwn(value),
  };
}

/** The text object there, or the text itself, as markdown. */
function markdownOf(value: unknown, ...path: readonly string[]): string | undefined {
  const text = textAt(value, ...path) ?? textAt(value, ...path, 'text');
  if (text === undefined) {
    return undefined;
  }
  return textAt(
    textAt(value, ...path, 'type') === 'plain_text' ? literalMarkdown(withEmoji(text)) : mrkdwnToMarkdown(text),
  );
}

/** The same, without markup. */
function textOf(value: unknown, ...path: readonly string[]): string | undefined {
  const text = textAt(value, ...path) ?? textAt(value, ...path, 'text');
  return text === undefined ? undefined : textAt(mrkdwnToText(text));
}

function bold(text: string | undefined): string | undefined {
  return text === undefined ? undefined : `**${text.replace(/\s+/g, ' ')}**`;
}
