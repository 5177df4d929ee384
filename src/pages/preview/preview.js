// Shows the card that stands in the address of this page, as wide and as dark as the reader wants it.

import { hostConfig } from './host-config.js';
import { renderMarkdown } from './markdown.js';
import { readAddress } from './read-address.js';
import { isHttps, toSafeCard } from './safe-card.js';

const { AdaptiveCards } = globalThis;
const PICTURE = new URL('./picture.svg', import.meta.url).href;
const NO_CARD = 'There is no card in this address. It may have been cut when it was copied: take the whole link again.';

AdaptiveCards.AdaptiveCard.onProcessMarkdown = (text, result) => {
  result.outputHtml = renderMarkdown(text, /^https:/i);
  result.didProcess = true;
};

const byId = (id) => document.getElementById(id);
const dark = matchMedia('(prefers-color-scheme: dark)');
let shown;

async function read() {
  shown = await readAddress(location.hash.slice(1));
  byId('trouble').textContent = NO_CARD;
  byId('trouble').hidden = shown !== undefined;
  byId('message').hidden = shown === undefined;
  byId('status').textContent = '';
  show();
}

function show() {
  if (shown === undefined) {
    byId('card').replaceChildren();
    return;
  }
  const { card, hasPictures } = toSafeCard(shown.card, PICTURE);
  byId('summary').textContent = shown.summary;
  byId('pictures').hidden = !hasPictures;
  byId('card').replaceChildren(render(card));
}

function render(content) {
  const card = new AdaptiveCards.AdaptiveCard();
  card.hostConfig = new AdaptiveCards.HostConfig(hostConfig(dark.matches ? 'dark' : 'light'));
  card.onExecuteAction = press;
  card.parse(content);
  const frame = document.createElement('div');
  frame.className = 'card';
  frame.append(card.render() ?? 'Nothing of this card can be shown.');
  return frame;
}

/** A link opens in a new tab that knows nothing of this one; there is nobody here to take anything else. */
function press(action) {
  const isLink = action instanceof AdaptiveCards.OpenUrlAction && isHttps(action.url);
  byId('status').textContent = isLink ? '' : 'This is a preview: the button does nothing here.';
  if (isLink) {
    window.open(action.url, '_blank', 'noopener,noreferrer');
  }
}

/** The renderer makes some links of its own. */
function guardLink(event) {
  const link = event.target.closest?.('a[href]');
  if (!link) {
    return;
  }
  link.rel = 'noopener noreferrer';
  if (!isHttps(link.href)) {
    event.preventDefault();
    event.stopPropagation();
  }
}

for (const kind of ['click', 'auxclick']) {
  byId('card').addEventListener(kind, guardLink, { capture: true });
}
for (const choice of document.querySelectorAll('input[name="width"]')) {
  choice.addEventListener('change', () => {
    document.body.dataset.width = choice.value;
  });
}
dark.addEventListener('change', show);
addEventListener('hashchange', read);
await read();
