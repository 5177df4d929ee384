// How an operation of the API is described: beside its handler, from the schemas that check it.

import type { z } from 'zod';
import type { ErrorCode } from '../domain/errors.ts';
import type { Scope } from '../producers/grant.ts';

/** What is written down about one operation; the document, the page and the client are made of it. */
export interface Operation {
  /** Its name in clients. */
  readonly id: string;
  /** The heading it stands under. */
  readonly topic: string;
  readonly summary: string;
  /** More about it, in plain sentences. */
  readonly description?: string;
  /** What a key needs: any one of them. The handler asks for the same. */
  readonly scopes: readonly Scope[];
  /** What the parts of its path mean. */
  readonly path?: Readonly<Record<string, string>>;
  readonly query?: z.ZodObject;
  readonly headers?: z.ZodObject;
  readonly request?: OperationRequest;
  readonly answers: Readonly<Record<number, OperationAnswer>>;
  /** What clients have a function of its own for. */
  readonly variant?: OperationVariant;
  /** What can go wrong beside what can everywhere. */
  readonly problems?: readonly ErrorCode[];
}

/** An operation that is asked for something else by a fixed query. */
export interface OperationVariant {
  readonly id: string;
  readonly summary: string;
  readonly query: Readonly<Record<string, string>>;
  /** How it is answered; the operation itself is answered otherwise. */
  readonly status: number;
}

/** The JSON that an operation takes. */
export interface OperationRequest {
  readonly schema: z.ZodType;
  /** True when no body means an empty object. */
  readonly isOptional?: boolean;
  readonly example: unknown;
}

/** One way in which it is answered when all is well. */
export interface OperationAnswer {
  readonly description: string;
  /** Absent when there is no body. */
  readonly schema?: z.ZodType;
  /** JSON when absent. */
  readonly mediaType?: string;
  /** Names of headers and what they say. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** What can go wrong with an operation. Pure. */
export function problemsOf({ path, request, problems = [] }: Operation): readonly ErrorCode[] {
  return [
    'invalid_request',
    ...(request ? BODY_PROBLEMS : []),
    'unauthenticated',
    'forbidden',
    ...(path ? (['not_found'] as const) : []),
    ...problems,
    'rate_limited',
    'store_unavailable',
    'internal',
  ];
}

const BODY_PROBLEMS = ['invalid_json', 'payload_too_large', 'unsupported_media_type'] as const;
