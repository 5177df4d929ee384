// Answers as schemas: one text that documents them, checks them in tests and is the type of what a use case gives.

import { z } from 'zod';

/** What an answer's schema describes, as a use case gives it: nobody changes it any more. */
export type AnswerOf<Schema extends z.ZodType> = Unchanging<z.output<Schema>>;

type Unchanging<T> = T extends readonly (infer Item)[]
  ? readonly Unchanging<Item>[]
  : T extends object
    ? { readonly [Field in keyof T]: Unchanging<T[Field]> }
    : T;

/** An instant as answers carry it: RFC 3339, in UTC. */
export const shownInstant = z.string().meta({ format: 'date-time' });

/** A number of things. */
export const quantity = z.int().min(0);

/** Asks for the next page of a list; null after the last one. */
export const nextCursor = z
  .string()
  .nullable()
  .describe('Asks for the next page; null after the last one. A page may be short, even empty, before that.');

/** @param ms epoch milliseconds */
export function toInstant(ms: number): string {
  return new Date(ms).toISOString();
}

/**
 * Gives each field of a request its description; one that is forgotten does not compile. Descriptions that stand apart
 * keep the rules of a long request readable.
 */
export function describeFields<Shape extends z.core.$ZodLooseShape>(
  schema: z.ZodObject<Shape>,
  descriptions: { readonly [Field in keyof Shape]-?: string },
): void {
  for (const [name, field] of Object.entries(schema.shape)) {
    const description = (descriptions as Readonly<Record<string, string>>)[name];
    z.globalRegistry.add(field, { ...z.globalRegistry.get(field), description });
  }
}
