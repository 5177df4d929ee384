// From the JSON of a request to its value, or to everything that is wrong with it.

import { z } from 'zod';
import { AppError, type Fault } from './errors.ts';

/**
 * @param what the thing that is parsed, for the message: "notification"
 * @throws AppError `invalid_request` with every fault and its JSON pointer; values are never quoted
 */
export function parseRequest<Schema extends z.ZodType>(schema: Schema, json: unknown, what: string): z.output<Schema> {
  const result = schema.safeParse(json, { reportInput: true });
  if (result.success) {
    return result.data;
  }
  throw faultyRequest(what, faultsIn(result.error, schema));
}

/** Everything that is wrong with a part of a request; nothing when it is right. Pointers are into the part. */
export function findFaults(schema: z.ZodType, json: unknown): readonly Fault[] {
  const { error } = schema.safeParse(json, { reportInput: true });
  return error ? faultsIn(error, schema) : [];
}

/** The error for a request with these faults. */
export function faultyRequest(what: string, faults: readonly Fault[]): AppError {
  const count = faults.length === 1 ? '1 fault' : `${faults.length} faults`;
  return new AppError('invalid_request', `The ${what} has ${count}`, { faults });
}

function faultsIn(error: z.core.$ZodError, schema: z.ZodType): readonly Fault[] {
  return error.issues.flatMap((issue) => toFaults(issue, schema));
}

function toFaults(issue: z.core.$ZodIssue, schema: z.core.$ZodType): readonly Fault[] {
  const pointer = toPointer(issue.path);
  switch (issue.code) {
    case 'unrecognized_keys': {
      const known = fieldsAt(schema, issue.path, issue.input);
      return issue.keys.map((key) => ({
        pointer: `${pointer}${toPointer([key])}`,
        detail: describeUnknown(key, known),
      }));
    }
    case 'invalid_union':
      // The branch that fits the shape (one recipient, or a list) says it best.
      return (
        bestBranch(issue.errors)?.flatMap((inner) =>
          toFaults({ ...inner, path: [...issue.path, ...inner.path] }, schema),
        ) ?? [{ pointer, detail: issue.message }]
      );
    case 'invalid_type':
      return [{ pointer, detail: describeWrongType(issue) }];
    case 'invalid_value':
      return [{ pointer, detail: `Expected one of ${issue.values.map((value) => `"${String(value)}"`).join(', ')}` }];
    default:
      return [{ pointer, detail: issue.message }];
  }
}

/** How the types of JSON are called to the sender; others keep the name that zod gives them. */
const TYPE_NAMES: Readonly<Record<string, string>> = {
  string: 'a string',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
};

/** Names the types only: values are never quoted. */
function describeWrongType({ expected, input }: z.core.$ZodIssueInvalidType): string {
  const wanted = TYPE_NAMES[expected] ?? expected;
  if (input === undefined) {
    return `Expected ${wanted}, it is missing`;
  }
  const found = Array.isArray(input) ? 'array' : typeof input;
  return `Expected ${wanted}, found ${input === null ? 'null' : (TYPE_NAMES[found] ?? found)}`;
}

/** Zod lists one set of issues a branch; a wrong type at the very top means the value was meant for the other one. */
function bestBranch(branches: readonly z.core.$ZodIssue[][]): readonly z.core.$ZodIssue[] | undefined {
  return branches.find((issues) => !issues.some((issue) => issue.code === 'invalid_type' && issue.path.length === 0));
}

/** The JSON pointer of a place. */
export function toPointer(path: readonly PropertyKey[]): string {
  return path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

/** The names of the fields of the object at a place; of a union, those of its objects that it may be, together. */
function fieldsAt(schema: z.core.$ZodType, path: readonly PropertyKey[], input: unknown): readonly string[] {
  const places = path.reduce<readonly z.core.$ZodType[]>(
    (schemas, part) => schemas.flatMap((one) => innerOf(one, part)),
    [schema],
  );
  const names = places
    .flatMap(unwrap)
    .flatMap((one) => (one instanceof z.ZodObject && isOfKind(one, input) ? Object.keys(one.shape) : []));
  return [...new Set(names)];
}

/** Whether what stands in an object does not say that it is another one. */
function isOfKind({ shape }: z.ZodObject, input: unknown): boolean {
  return Object.entries(typeof input === 'object' && input !== null ? input : {}).every(([name, value]) => {
    const field = Object.hasOwn(shape, name) ? shape[name] : undefined;
    return !(field instanceof z.ZodLiteral) || field.values.has(value);
  });
}

function innerOf(schema: z.core.$ZodType, part: PropertyKey): readonly z.core.$ZodType[] {
  return unwrap(schema).flatMap((one) => {
    if (one instanceof z.ZodArray) {
      return [one.element];
    }
    const inner = one instanceof z.ZodObject ? one.shape[String(part)] : undefined;
    return inner === undefined ? [] : [inner];
  });
}

/** What is inside optionals, defaults, transformations and unions. */
function unwrap(schema: z.core.$ZodType): readonly z.core.$ZodType[] {
  if (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault
  ) {
    return unwrap(schema.unwrap());
  }
  if (schema instanceof z.ZodPipe) {
    return unwrap(schema.in);
  }
  return schema instanceof z.ZodUnion ? schema.options.flatMap(unwrap) : [schema];
}

function describeUnknown(key: string, known: readonly string[]): string {
  if (known.length === 0) {
    return 'Unknown field. None is known here';
  }
  const near = findNear(key, known);
  return near ? `Unknown field. Did you mean "${near}"?` : `Unknown field. Known are ${known.join(', ')}`;
}

/** The known name that was probably meant. */
export function findNear(name: string, known: readonly string[]): string | undefined {
  return known.find((one) => one.toLowerCase() === name.toLowerCase() || isOneEditAway(one, name));
}

/** One letter more, fewer, other, or two neighbours swapped. */
function isOneEditAway(left: string, right: string): boolean {
  let start = 0;
  while (start < left.length && left[start] === right[start]) {
    start++;
  }
  const [a, b] = [left.slice(start), right.slice(start)];
  const isSwap = a.length > 1 && a[0] === b[1] && a[1] === b[0] && a.slice(2) === b.slice(2);
  return isSwap || a.slice(1) === b.slice(1) || a === b.slice(1) || a.slice(1) === b;
}
