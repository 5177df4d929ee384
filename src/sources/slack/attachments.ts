// Slack's secondary attachments, one by one: what they say, show and lead to. Pure.

import { joined, listAt, textAt } from '../payload.ts';
import { factParts, mergeParts, NO_PARTS, partsOfBlocks, type SlackParts } from './blocks.ts';
import { mrkdwnToMarkdown, mrkdwnToText } from './mrkdwn.ts';

/** @see https://docs.slack.dev/legacy/legacy-messaging/legacy-secondary-message-attachments */
export function partsOfAttachment(attachment: unknown): SlackParts {
  const own = mergeParts([
    textParts(textAt(attachment, 'pretext')),
    headingParts(attachment),
    textParts(textAt(attachment, 'text')),
    ...listAt(attachment, 'fields').map((field) =>
      factParts(textAt(field, 'title') ?? '', textAt(field, 'value') ?? ''),
    ),
    imageParts(attachment),
    partsOfBlocks(listAt(attachment, 'blocks')),
    ...listAt(attachment, 'actions').map(partsOfAction),
    textParts(joined(' · ', textAt(attachment, 'author_name'), textAt(attachment, 'footer'))),
  ]);
  const isEmpty = Object.values(own).every((list) => list.length === 0);
  return isEmpty ? textParts(textAt(attachment, 'fallback')) : own;
}

function textParts(mrkdwn: string | undefined): SlackParts {
  return mrkdwn === undefined ? NO_PARTS : { ...NO_PARTS, texts: [mrkdwnToMarkdown(mrkdwn)] };
}

function headingParts(attachment: unknown): SlackParts {
  const [title, url] = [textAt(attachment, 'title'), textAt(attachment, 'title_link')];
  const heading = title && mrkdwnToMarkdown(title).replace(/\s+/g, ' ').replaceAll('**', '');
  return {
    ...NO_PARTS,
    texts: heading ? [`**${heading}**`] : [],
    links: url === undefined ? [] : [{ title: mrkdwnToText(title ?? ''), url }],
  };
}

/** Its picture; `thumb_url` and the icons are decoration. */
function imageParts(attachment: unknown): SlackParts {
  const url = textAt(attachment, 'image_url');
  const alt = textAt(attachment, 'title') ?? textAt(attachment, 'fallback') ?? '';
  return url === undefined ? NO_PARTS : { ...NO_PARTS, images: [{ alt: mrkdwnToText(alt), url }] };
}

function partsOfAction(action: unknown): SlackParts {
  const [text, url] = [textAt(action, 'text') ?? textAt(action, 'name'), textAt(action, 'url')];
  const title = mrkdwnToText(text ?? '');
  return url === undefined
    ? { ...NO_PARTS, dead: title === '' ? [] : [title] }
    : { ...NO_PARTS, links: [{ title, url }] };
}
