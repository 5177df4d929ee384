// Routes on what a producer owns: each is admitted by its operation's scopes, and refuses a query that it does not read.

import type { Grant } from '../producers/grant.ts';
import { type Answer, jsonAnswer } from './answer.ts';
import type { Exchange } from './exchange.ts';
import type { Guard } from './guard.ts';
import type { Operation } from './operation.ts';
import { refuseQuery } from './query.ts';
import { readOptionalJson } from './read-json.ts';
import type { Route } from './route.ts';

type Place = Pick<Route, 'method' | 'path'> & { readonly operation: Operation };
type PathParameters = Readonly<Record<string, string>>;

/** Builders of such routes. */
export interface OwnedRoutes<Named> {
  route(place: Place, answer: (named: Named, exchange: Exchange) => Promise<Answer>): Route;
  /** GET without a query, answered with JSON. */
  ask(path: string, operation: Operation, act: (named: Named) => Promise<unknown>): Route;
  /** With the JSON of the request; an empty object where there is none. */
  change(place: Place, act: (input: Named & { readonly json: unknown }) => Promise<Answer>): Route;
  /** DELETE, answered with nothing. */
  remove(path: string, operation: Operation, act: (named: Named) => Promise<void>): Route;
}

/** @param toNamed what is meant, from who asks and the parts of the path */
export function createOwnedRoutes<Named extends object>(
  guard: Guard,
  { maxBodyBytes }: { readonly maxBodyBytes: number },
  toNamed: (grant: Grant, parameters: PathParameters) => Named,
): OwnedRoutes<Named> {
  const route: OwnedRoutes<Named>['route'] = (place, answer) => ({
    ...place,
    isProbe: false,
    async handle(exchange, parameters) {
      const grant = await guard.admitProducer(exchange, place.operation.scopes);
      return answer(toNamed(grant, parameters), exchange);
    },
  });
  const withoutQuery: OwnedRoutes<Named>['route'] = (place, answer) =>
    route(place, async (named, exchange) => {
      refuseQuery(exchange);
      return answer(named, exchange);
    });
  return {
    route,
    ask: (path, operation, act) =>
      withoutQuery({ method: 'GET', path, operation }, async (named) => jsonAnswer(200, await act(named))),
    change: (place, act) =>
      withoutQuery(place, async (named, exchange) =>
        act({ ...named, json: await readOptionalJson(exchange, maxBodyBytes) }),
      ),
    remove: (path, operation, act) =>
      withoutQuery({ method: 'DELETE', path, operation }, async (named) => {
        await act(named);
        return { status: 204, body: '' };
      }),
  };
}
