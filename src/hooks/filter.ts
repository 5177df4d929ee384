// Filters of a hook: which events are told. One line each, and an event has to pass all of them. Pure.
//
//   event=push,pull_request.*     one of these; `*` stands for anything
//   actor!=dependabot*            none of these; also passes where the payload does not say
//   severity>=warning             at least as bad; `success` is as bad as `info`
//   label=severity=page           one of the labels is this

import type { Severity } from '../domain/notification.ts';
import type { Traits } from '../domain/source.ts';

/** What a filter may look at. */
export const FILTER_FIELDS = ['event', 'severity', 'label', 'branch', 'repository', 'actor'] as const;
type FilterField = (typeof FILTER_FIELDS)[number];

export type Filter =
  | {
      readonly kind: 'pattern';
      readonly field: FilterField;
      readonly isNegated: boolean;
      readonly patterns: readonly string[];
    }
  | { readonly kind: 'atLeast'; readonly severity: Severity };

/** What a filter is held against. */
export interface Filtered {
  readonly traits: Traits;
  readonly severity: Severity;
}

export const FILTER_FORM =
  'a filter such as "event=push,release", "actor!=*bot*" or "severity>=warning"; fields are ' +
  FILTER_FIELDS.join(', ');

const MAX_FILTER_LENGTH = 500;
const RANK: Readonly<Record<Severity, number>> = { success: 0, info: 0, warning: 1, error: 2, critical: 3 };

/** @returns undefined for what is no filter */
export function parseFilter(text: string): Filter | undefined {
  const [, name = '', operator, rest = ''] = /^([a-z]+)\s*(!=|>=|=)\s*(.+)$/s.exec(text.trim()) ?? [];
  const field = FILTER_FIELDS.find((one) => one === name);
  if (!field || text.length > MAX_FILTER_LENGTH) {
    return undefined;
  }
  if (operator === '>=') {
    return field === 'severity' && isSeverity(rest) ? { kind: 'atLeast', severity: rest } : undefined;
  }
  const patterns = rest.split(',').map((one) => one.trim());
  return patterns.includes('') ? undefined : { kind: 'pattern', field, isNegated: operator === '!=', patterns };
}

/** Why an event is not told: the first filter that it does not pass; undefined when it passes all. */
export function findRefusal(filters: readonly string[], event: Filtered): string | undefined {
  return filters.find((text) => {
    const filter = parseFilter(text);
    return filter === undefined || !passes(filter, event);
  });
}

function passes(filter: Filter, event: Filtered): boolean {
  if (filter.kind === 'atLeast') {
    return RANK[event.severity] >= RANK[filter.severity];
  }
  const values = valuesOf(filter.field, event);
  const isMatch = filter.patterns.some((pattern) => values.some((value) => matches(value, pattern)));
  return isMatch !== filter.isNegated;
}

function valuesOf(field: FilterField, { traits, severity }: Filtered): readonly string[] {
  if (field === 'severity') {
    return [severity];
  }
  if (field === 'label') {
    return traits.labels ?? [];
  }
  const value = traits[field];
  return value === undefined ? [] : [value];
}

/** Whatever the case; the parts between stars come in this order. Linear: each part is looked for behind the one before. */
function matches(value: string, pattern: string): boolean {
  const text = value.toLowerCase();
  const [first = '', ...others] = pattern.toLowerCase().split('*');
  const last = others.pop();
  if (last === undefined) {
    return text === first;
  }
  let from = first.length;
  for (const part of others) {
    const at = text.indexOf(part, from);
    if (at < 0) {
      return false;
    }
    from = at + part.length;
  }
  return text.startsWith(first) && text.endsWith(last) && from + last.length <= text.length;
}

function isSeverity(text: string): text is Severity {
  return Object.hasOwn(RANK, text);
}
