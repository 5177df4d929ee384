// Reading JSON that others wrote.

export type JsonObject = Readonly<Record<string, unknown>>;

/** The object that the text holds; an empty one when it holds anything else or is no JSON. Never throws. */
export function readJsonObject(text: string | undefined): JsonObject {
  // Most of what is not JSON is told apart without the cost of an exception.
  if (!text?.trimStart().startsWith('{')) {
    return {};
  }
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) ? value : {};
  } catch {
    // Not JSON says as little as no text.
    return {};
  }
}

/** Whether a parsed value has members. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null;
}
