// Mentions in what people write, as the names that stand in them. Pure.

const TAG = /<\/?at(?:\s[^<>]*)?>/gi;
/** What is left of tags that stood in one another. */
const BROKEN_TAG = /[</]+(?=at\b)/gi;

/** What was a mention, `<at>Ben</at>`, becomes the name. */
export function withoutMentionTags(text: string): string {
  return text.replace(TAG, '').replace(BROKEN_TAG, (run) => (run.includes('<') ? run.slice(0, run.indexOf('<')) : run));
}
