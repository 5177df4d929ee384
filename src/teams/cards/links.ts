// Addresses of a notification: of its buttons, in its text (both say where they lead), and of its pictures.

import { toLine } from '../../domain/literal.ts';
import type { DescribedImage, TitledLink } from '../../domain/notification.ts';

/** A button that opens a page. */
export type OpenUrlAction = {
  readonly type: 'Action.OpenUrl';
  readonly title: string;
  readonly url: string;
};

/** What URL parsers read differently, or drop without a word. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this looks for
const DISGUISE = /[\\\u0000-\u0020\u007f-\u00a0\u2028\u2029]/;

const MAX_HOST_LENGTH = 40;

/**
 * The button of a link; undefined unless its address is plain https, without a user name and without characters that
 * hide where it leads. The host is always on the button: a title can say anything.
 */
export function toOpenUrl({ title, url }: TitledLink): OpenUrlAction | undefined {
  const target = parseTarget(url);
  if (!target) {
    return undefined;
  }
  const label = toLine(title);
  const host = shortHost(target.host);
  return {
    type: 'Action.OpenUrl',
    title: label === '' || label.toLowerCase() === host ? host : `${label} (${host})`,
    url: target.href,
  };
}

/** A picture on a card. */
export type ImageElement = Readonly<Record<string, unknown>> & {
  readonly type: 'Image';
  readonly url: string;
  readonly altText: string;
};

/**
 * The picture of an image under the same rules. It is never wider than the card, also on a phone, and can be
 * opened large.
 *
 * @see https://learn.microsoft.com/microsoftteams/platform/task-modules-and-cards/cards/cards-format
 */
export function toImage({ url, alt }: DescribedImage): ImageElement | undefined {
  const target = parseTarget(url);
  return (
    target && { type: 'Image', url: target.href, altText: toLine(alt), size: 'Auto', msTeams: { allowExpand: true } }
  );
}

/** A link in a text: what it reads, and where it leads. Both plain. */
export interface TextLink {
  readonly label: string;
  readonly url: string;
}

/** The same rules for a link in a text. A label that begins as the address does shows its host already. */
export function toTextLink({ title, url }: TitledLink): TextLink | undefined {
  const target = parseTarget(url);
  if (!target) {
    return undefined;
  }
  const label = toLine(title);
  const host = shortHost(target.host);
  return { label: label === '' ? host : showsHost(label, target) ? label : `${label} (${host})`, url: target.href };
}

function parseTarget(url: string): URL | undefined {
  const target = DISGUISE.test(url) ? null : URL.parse(url);
  return target?.protocol === 'https:' && !target.username && !target.password ? target : undefined;
}

function showsHost(label: string, { host }: URL): boolean {
  const address = label.toLowerCase().replace(/^https:\/\//, '');
  return address === host || /^[/?#]/.test(address.startsWith(host) ? address.slice(host.length) : '');
}

/** The end of a long host name: there stands who owns it. */
function shortHost(host: string): string {
  return host.length <= MAX_HOST_LENGTH ? host : `…${host.slice(1 - MAX_HOST_LENGTH)}`;
}
