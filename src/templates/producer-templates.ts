// What producers do with their templates, by the names under which the API calls it.

import type { TemplateKey } from '../store/statements/templates.ts';
import {
  getTemplate,
  listTemplates,
  previewTemplate,
  putTemplate,
  removeTemplate,
  type TemplateDeps,
} from './administer.ts';
import { createFillTemplate } from './fill-for-sending.ts';

type Put = TemplateKey & { readonly json: unknown };

/** Binds them to one store. */
export function createProducerTemplates(deps: TemplateDeps) {
  return {
    fillTemplate: createFillTemplate(deps),
    putTemplate: ({ json, ...key }: Put) => putTemplate(deps, key, json),
    listTemplates: ({ producerId }: { readonly producerId: number }) => listTemplates(deps, producerId),
    getTemplate: (key: TemplateKey) => getTemplate(deps, key),
    removeTemplate: (key: TemplateKey) => removeTemplate(deps, key),
    previewTemplate: ({ json, ...key }: Put) => previewTemplate(deps, key, json),
  };
}
