// What is held about a person: exported, or erased. Names stand in bodies, because addresses are written into logs.

import type { Grant } from '../producers/grant.ts';
import { jsonAnswer } from './answer.ts';
import type { Exchange } from './exchange.ts';
import type { Guard } from './guard.ts';
import { parseJson } from './parse-json.ts';
import { ERASE_PERSON, EXPORT_PERSON } from './people-operations.ts';
import { refuseQuery } from './query.ts';
import { readBody } from './read-body.ts';
import { checkJsonHead } from './request-head.ts';
import type { Route } from './route.ts';

/** A person, named by the JSON of the request, and who asks. */
interface PersonRequest {
  readonly asker: Grant;
  readonly json: unknown;
}

/** The use cases behind these routes. */
export interface PeopleUseCases {
  /** @returns the parts of a JSON document */
  exportPerson(request: PersonRequest): Promise<AsyncIterable<string>>;
  /** @returns how much was erased */
  erasePerson(request: PersonRequest): Promise<object>;
}

type Dependencies = PeopleUseCases & { readonly guard: Guard };
type Options = { readonly maxBodyBytes: number };

/** Both; they need the scope `people`. */
export function peopleRoutes(deps: Dependencies, options: Options): readonly Route[] {
  const read = async (exchange: Exchange): Promise<PersonRequest> => {
    const asker = await deps.guard.admitProducer(exchange, EXPORT_PERSON.scopes);
    refuseQuery(exchange);
    checkJsonHead(exchange.request, options.maxBodyBytes);
    return { asker, json: parseJson(await readBody(exchange, options.maxBodyBytes)) };
  };
  return [
    {
      method: 'POST',
      path: '/api/v1/people/export',
      isProbe: false,
      operation: EXPORT_PERSON,
      async handle(exchange) {
        const parts = await deps.exportPerson(await read(exchange));
        return { status: 200, contentType: 'application/json', body: '', parts };
      },
    },
    {
      method: 'POST',
      path: '/api/v1/people/erase',
      isProbe: false,
      operation: ERASE_PERSON,
      async handle(exchange) {
        return jsonAnswer(200, { erased: await deps.erasePerson(await read(exchange)) });
      },
    },
  ];
}
