// What an external system posts in its own dialect, and what a translator makes of it.

import type { LifecycleState } from './lifecycle.ts';
import type { Priority, Severity, TextFormat } from './notification.ts';

/**
 * How a hook knows its sender:
 * `token` the hook's secret as a bearer token, as the password of Basic authentication, or in the sender's own header;
 * `key` an API key of the hook's producer; `standard-webhooks` and `signature` an HMAC over the raw bytes of the body;
 * `url` the secret as the last part of the address, only for senders that can do nothing else.
 */
export const HOOK_AUTH_KINDS = ['token', 'key', 'standard-webhooks', 'signature', 'url'] as const;
export type HookAuthKind = (typeof HOOK_AUTH_KINDS)[number];

/** Where a sender puts an HMAC-SHA256 of the raw body, and how it writes it. */
export interface SignatureForm {
  /** In lower case. */
  readonly header: string;
  /** Stands before each signature: `sha256=`. */
  readonly prefix: string;
  /** Between several signatures, where a sender that changes its secret sends one for each. */
  readonly separator?: string;
}

/** One request of a sender. */
export interface SourceRequest {
  /** The JSON of the body, or its text where the dialect takes text. */
  readonly body: unknown;
  /** Names in lower case; only headers that came once. */
  readonly headers: Readonly<Record<string, string>>;
}

/** A line of a card's list; what is null, undefined or blank is left out, other values are written as JSON does. */
export interface DraftFact {
  readonly name: string;
  readonly value: unknown;
}

/** A button; an address that is not plain https becomes a line of text that shows it. */
export interface DraftLink {
  readonly title: string;
  readonly url: unknown;
}

/** What is to be said, as far as the payload told it: nothing is bounded or checked yet. All text is literal. */
export interface Draft {
  /** The name of the dialect stands in for a blank one. */
  readonly title: string | undefined;
  readonly text?: string | undefined;
  /** `plain` when absent. */
  readonly textFormat?: TextFormat | undefined;
  readonly severity?: Severity | undefined;
  readonly facts?: readonly DraftFact[] | undefined;
  readonly links?: readonly DraftLink[] | undefined;
  /** Pictures, each with the words that stand for it; an address that is not plain https becomes a line of text. */
  readonly images?: readonly { readonly alt: string; readonly url: unknown }[] | undefined;
  /** The toast; the title when absent. */
  readonly summary?: string | undefined;
  readonly priority?: Priority | undefined;
  /** The thing that it is about. */
  readonly key?: string | undefined;
  /** Goes with `key`. */
  readonly state?: LifecycleState | undefined;
  /** RFC 3339, or seconds or milliseconds since 1970; anything else is left out. */
  readonly occurredAt?: unknown;
  /** An Adaptive Card that stands for text, facts, links and images. It is checked when the notification is accepted. */
  readonly card?: unknown;
}

/** What filters look at, as far as the payload told it. */
export interface Traits {
  /** The kind of event in the sender's own words: `pull_request.opened`. */
  readonly event?: string | undefined;
  readonly repository?: string | undefined;
  readonly branch?: string | undefined;
  /** Who did it. */
  readonly actor?: string | undefined;
  /** `bug`, or `severity=page` where the sender's labels have values. */
  readonly labels?: readonly string[] | undefined;
}

/** One thing to tell. */
export interface SourceEvent {
  /** The sender's own id of it, unique for the hook: what comes twice with one id is told once. */
  readonly id?: string | undefined;
  readonly draft: Draft;
  readonly traits?: Traits | undefined;
  /** Recipients that the payload names; they count only where the hook lets its sender choose. */
  readonly to?: readonly string[] | undefined;
}

/** What a sender gets back where it expects something of its own; any answer is only given once all is stored. */
export interface SourceAnswer {
  readonly status: 200 | 201 | 202 | 204;
  readonly contentType: string;
  readonly body: string;
}

/** What a request comes to. `greeting`: it only says hello or proves who we are; there is nothing to tell. */
export type Translation =
  | { readonly kind: 'events'; readonly events: readonly SourceEvent[] }
  | { readonly kind: 'greeting'; readonly answer?: SourceAnswer };

/** How one kind of sender speaks. */
export interface Dialect {
  /** As operators write it: `azure-devops`. */
  readonly name: string;
  /** As people know it: `Azure DevOps`. */
  readonly title: string;
  /** `json`: JSON, also where a form or no media type comes around it; `text`: the characters themselves. */
  readonly body: 'json' | 'text';
  /** What its senders can do, the best first; that one is taken unless somebody chooses. */
  readonly auth: readonly [HookAuthKind, ...HookAuthKind[]];
  /** Headers that carry the secret itself, for `token`. In lower case. */
  readonly tokenHeaders?: readonly string[];
  /** For `signature`. */
  readonly signature?: SignatureForm;
  /** What its senders want to read when all is well; 202 and JSON when absent. */
  readonly answer?: SourceAnswer;
  /**
   * Pure. An event that it does not know becomes a plain card that says so.
   *
   * @throws AppError `invalid_request` for what is no payload of this sender at all, with what was expected
   */
  translate(request: SourceRequest): Translation;
}
