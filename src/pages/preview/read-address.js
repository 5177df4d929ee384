// What stands behind the # of the page's address: a card and its summary, deflated, in base64url.

/** Far beyond the largest message; a few bytes can unfold to very many. */
const MAX_BYTES = 1_000_000;

/**
 * @param {string} fragment without the #
 * @returns {Promise<{ summary: string, card: object } | undefined>} undefined when that is no card
 */
export async function readAddress(fragment) {
  try {
    const { summary, card } = JSON.parse(await inflate(toBytes(fragment)));
    return card?.type === 'AdaptiveCard' ? { summary: String(summary ?? ''), card } : undefined;
  } catch {
    // Not ours, or cut on its way: an expected answer of this function.
    return undefined;
  }
}

function toBytes(base64url) {
  const text = atob(base64url.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

async function inflate(bytes) {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let text = '';
  let size = 0;
  for (const reader = stream.getReader(); ; ) {
    const { done, value } = await reader.read();
    if (done) {
      return text + decoder.decode();
    }
    size += value.length;
    if (size > MAX_BYTES) {
      await reader.cancel();
      throw new RangeError('too large');
    }
    text += decoder.decode(value, { stream: true });
  }
}
