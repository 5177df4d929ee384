// How far two words are apart, to guess what somebody meant.

const MAX_DISTANCE = 2;
/** In UTF-16 units; of longer words nothing is guessed. */
const MAX_WORD_LENGTH = 64;

/**
 * The candidate that is nearest to a word, where it is near: at most two slips of the fingers away, and fewer for short
 * words, which are all alike. Of several the first one. Pure.
 */
export function findNearest(word: string, candidates: readonly string[]): string | undefined {
  let nearest: string | undefined;
  let best = Number.POSITIVE_INFINITY;
  for (const candidate of candidates) {
    const room = Math.min(MAX_DISTANCE, Math.floor((candidate.length - 1) / 2), best - 1);
    if (isComparable(word, candidate) && room >= 0) {
      const distance = editDistance(word, candidate);
      if (distance <= room) {
        nearest = candidate;
        best = distance;
      }
    }
  }
  return nearest;
}

function isComparable(word: string, candidate: string): boolean {
  return (
    word !== '' &&
    word.length <= MAX_WORD_LENGTH &&
    candidate.length <= MAX_WORD_LENGTH &&
    Math.abs(word.length - candidate.length) <= MAX_DISTANCE
  );
}

/**
 * How many letters have to be added, left out, exchanged, or swapped with their neighbour; 3 for all that are more than
 * two. Pure.
 *
 * @see https://en.wikipedia.org/wiki/Damerau%E2%80%93Levenshtein_distance#Optimal_string_alignment_distance
 */
export function editDistance(left: string, right: string): number {
  let earlier: readonly number[] = [];
  let above: readonly number[] = Array.from({ length: right.length + 1 }, (_, column) => column);
  for (let row = 1; row <= left.length; row++) {
    const current = [row];
    for (let column = 1; column <= right.length; column++) {
      const isSame = left[row - 1] === right[column - 1];
      const isSwapped = left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1];
      current.push(
        Math.min(
          at(above, column) + 1,
          at(current, column - 1) + 1,
          at(above, column - 1) + (isSame ? 0 : 1),
          isSwapped ? at(earlier, column - 2) + 1 : Number.POSITIVE_INFINITY,
        ),
      );
    }
    if (Math.min(...current) > MAX_DISTANCE) {
      return MAX_DISTANCE + 1;
    }
    earlier = above;
    above = current;
  }
  return Math.min(at(above, right.length), MAX_DISTANCE + 1);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Number.POSITIVE_INFINITY;
}
