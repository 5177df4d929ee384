// What a producer does with its templates.

import { jsonAnswer } from './answer.ts';
import type { Exchange } from './exchange.ts';
import type { Guard } from './guard.ts';
import type { Operation } from './operation.ts';
import { refuseQuery } from './query.ts';
import { readJson, readOptionalJson } from './read-json.ts';
import type { Route } from './route.ts';
import {
  GET_TEMPLATE,
  LIST_TEMPLATES,
  PREVIEW_TEMPLATE,
  PUT_TEMPLATE,
  REMOVE_TEMPLATE,
} from './template-operations.ts';

/** A template, by its name. */
interface Key {
  readonly producerId: number;
  readonly name: string;
}

/** The use cases behind these routes. All but `putTemplate` throw AppError `not_found` for what is another producer's. */
export interface TemplateUseCases {
  putTemplate(input: Key & { readonly json: unknown }): Promise<{ readonly isNew: boolean; readonly template: object }>;
  listTemplates(input: { readonly producerId: number }): Promise<object>;
  getTemplate(input: Key): Promise<object>;
  removeTemplate(input: Key): Promise<void>;
  previewTemplate(input: Key & { readonly json: unknown }): Promise<object>;
}

type Dependencies = TemplateUseCases & { readonly guard: Guard };
type Options = { readonly maxBodyBytes: number };

const TEMPLATES = '/api/v1/templates';
const TEMPLATE = `${TEMPLATES}/:name`;

/** All of them; they need the scope `manage`. */
export function templateRoutes(deps: Dependencies, { maxBodyBytes }: Options): readonly Route[] {
  const admit = async (exchange: Exchange) => {
    const { producerId } = await deps.guard.admitProducer(exchange, LIST_TEMPLATES.scopes);
    refuseQuery(exchange);
    return producerId;
  };
  const route = (place: Pick<Route, 'method' | 'path'>, operation: Operation, handle: Route['handle']): Route => {
    return { ...place, isProbe: false, operation, handle };
  };
  return [
    route({ method: 'GET', path: TEMPLATES }, LIST_TEMPLATES, async (exchange) =>
      jsonAnswer(200, await deps.listTemplates({ producerId: await admit(exchange) })),
    ),
    route({ method: 'GET', path: TEMPLATE }, GET_TEMPLATE, async (exchange, { name = '' }) =>
      jsonAnswer(200, await deps.getTemplate({ producerId: await admit(exchange), name })),
    ),
    route({ method: 'PUT', path: TEMPLATE }, PUT_TEMPLATE, async (exchange, { name = '' }) => {
      const producerId = await admit(exchange);
      const json = await readJson(exchange, maxBodyBytes);
      const { isNew, template } = await deps.putTemplate({ producerId, name, json });
      return jsonAnswer(isNew ? 201 : 200, template, isNew ? { Location: `${TEMPLATES}/${name}` } : {});
    }),
    route({ method: 'DELETE', path: TEMPLATE }, REMOVE_TEMPLATE, async (exchange, { name = '' }) => {
      await deps.removeTemplate({ producerId: await admit(exchange), name });
      return jsonAnswer(200, { name, isRemoved: true });
    }),
    route({ method: 'POST', path: `${TEMPLATE}/preview` }, PREVIEW_TEMPLATE, async (exchange, { name = '' }) => {
      const producerId = await admit(exchange);
      const json = await readOptionalJson(exchange, maxBodyBytes);
      return jsonAnswer(200, await deps.previewTemplate({ producerId, name, json }));
    }),
  ];
}
