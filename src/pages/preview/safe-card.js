// A card from the address of a page, which anybody can have written, without what could do harm.

/** Parts that ask for something: what is entered here must not look as if somebody got it. */
const REFUSED = /^(Input\.|Media|Carousel)/;
const PICTURE_FIELDS = ['backgroundImage', 'iconUrl', 'poster'];

/**
 * A copy without inputs, with links to https only, and with a mark where pictures are: nobody else is asked for them.
 *
 * @param {object} card
 * @param {string} picture the address of the mark
 * @returns {{ card: object, hasPictures: boolean }}
 */
export function toSafeCard(card, picture) {
  let hasPictures = false;
  const copy = (value) => {
    if (Array.isArray(value)) {
      return value.filter((item) => !REFUSED.test(item?.type)).map(copy);
    }
    if (typeof value !== 'object' || value === null) {
      return value;
    }
    const entries = Object.entries(value).filter(([name, inner]) => !isPicture(name) && !REFUSED.test(inner?.type));
    const safe = Object.fromEntries(entries.map(([name, inner]) => [name, copy(inner)]));
    if (value.type === 'Image' || (value.type === undefined && 'url' in value)) {
      hasPictures = true;
      return { ...safe, url: picture };
    }
    return safe;
  };
  const isPicture = (name) => {
    const found = PICTURE_FIELDS.includes(name);
    hasPictures ||= found;
    return found;
  };
  return { card: copy(card), hasPictures };
}

/** @param {unknown} url */
export function isHttps(url) {
  return typeof url === 'string' && URL.parse(url)?.protocol === 'https:';
}
