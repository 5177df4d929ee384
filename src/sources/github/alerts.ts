// What GitHub finds in code: vulnerable dependencies, secrets, faults. One card for each alert, until it is closed.

import type { Severity } from '../../domain/notification.ts';
import type { Draft } from '../../domain/source.ts';
import { at, isObject, joined, listAt, textAt } from '../payload.ts';
import { branchOf, inRepository, keyOf, pick, placeOf, spoken, type Told } from './parts.ts';

export const ALERT_SEVERITIES: Readonly<Record<string, Severity>> = {
  low: 'info',
  note: 'info',
  none: 'info',
  medium: 'warning',
  moderate: 'warning',
  warning: 'warning',
  high: 'error',
  error: 'error',
  critical: 'critical',
};

/** What its alert says; the rest is alike in all. */
export interface Finding {
  /** As a title names it: `Dependabot alert`. */
  readonly kind: string;
  /** As keys name it: `dependabot`. */
  readonly scope: string;
  readonly what: string | undefined;
  /** In GitHub's words. */
  readonly severity: string | undefined;
  readonly rest: Pick<Draft, 'text' | 'textFormat' | 'facts' | 'links'>;
}

const CLOSED = ['fixed', 'dismissed', 'auto_dismissed', 'resolved', 'closed'];
const FIXED = ['fixed', 'resolved', 'resolve', 'revoked'];
const CLOSING = [...CLOSED, 'dismiss', 'resolve', 'revoked', 'closed_by_user'];

/** What was done to it; of what is not here, its state says enough. */
const DEEDS: Readonly<Record<string, string>> = {
  created: '',
  create: '',
  appeared_in_branch: ' on another branch',
  fixed: ' fixed',
  resolved: ' resolved',
  resolve: ' resolved',
  revoked: ' revoked',
  dismissed: ' dismissed',
  dismiss: ' dismissed',
  auto_dismissed: ' dismissed by a rule',
  closed_by_user: ' dismissed',
  reopened: ' reopened',
  reopen: ' reopened',
  reopened_by_user: ' reopened',
  auto_reopened: ' reopened by a rule',
  reintroduced: ' back again',
  publicly_leaked: ': leaked to the public',
  validated: ' checked',
};

/** The card of an alert; its key is `contoso/api dependabot #3`. */
export function toTold(body: unknown, action: string, { kind, scope, what, severity, rest }: Finding): Told {
  const alert = at(body, 'alert');
  const number = textAt(alert, 'number') ?? textAt(alert, 'id');
  const isOver = isClosed(alert, action);
  const deed = pick(DEEDS, action) ?? ` ${spoken(action)}`;
  const by = ['dismissed_by', 'resolved_by', 'dismisser'].map((name) => textAt(alert, name, 'login'));
  const found = pick(ALERT_SEVERITIES, severity?.toLowerCase()) ?? 'warning';
  return {
    draft: {
      title: `${kind}${deed}${what === undefined ? '' : `: ${what}`}${inRepository(body)}`,
      severity: isOver ? (FIXED.includes(textAt(alert, 'state') ?? action) ? 'success' : 'info') : found,
      ...rest,
      facts: [
        { name: 'Severity', value: severity },
        ...(rest.facts ?? []),
        { name: 'Closed by', value: isOver ? by.find((login) => login !== undefined) : undefined },
        { name: 'Reason', value: isOver ? reasonOf(alert) : undefined },
      ],
      key: keyOf(body, number && ` ${scope} #${number}`),
      state: isOver ? 'resolved' : 'open',
      occurredAt: textAt(alert, 'updated_at'),
    },
    traits: {
      branch: branchOf(textAt(body, 'ref')),
      labels: severity === undefined ? [] : [`severity=${severity.toLowerCase()}`],
    },
  };
}

/** Not every alert says its state. */
export function isClosed(alert: unknown, action: string): boolean {
  const state = textAt(alert, 'state');
  return state === undefined ? CLOSING.includes(action) : CLOSED.includes(state);
}

function reasonOf(alert: unknown): string | undefined {
  const reasons = ['dismissed_reason', 'dismiss_reason', 'resolution'].map((name) => textAt(alert, name));
  const comments = ['dismissed_comment', 'resolution_comment'].map((name) => textAt(alert, name));
  const reason = reasons.find((text) => text !== undefined);
  return joined(
    ': ',
    reason && spoken(reason),
    comments.find((text) => text !== undefined),
  );
}

/** The secret itself is never shown, though some payloads have it. */
export function tellSecretAlert(body: unknown, action: string): Told | undefined {
  const [alert, location] = [at(body, 'alert'), at(body, 'location')];
  if (!isObject(alert)) {
    return undefined;
  }
  const isKnown = at(alert, 'publicly_leaked') === true || action === 'publicly_leaked';
  const validity = textAt(alert, 'validity');
  const type = textAt(alert, 'secret_type_display_name') ?? textAt(alert, 'secret_type');
  return toTold(body, action, {
    kind: 'Secret in the code',
    scope: 'secret',
    what: type === undefined ? undefined : spoken(type),
    severity: isKnown || validity === 'active' ? 'critical' : 'high',
    rest: {
      facts: [
        { name: 'Still valid', value: validity && (pick(VALIDITIES, validity) ?? validity) },
        { name: 'Public', value: isKnown ? 'yes' : undefined },
        { name: 'Pushed against the rule', value: at(alert, 'push_protection_bypassed') === true ? 'yes' : undefined },
        {
          name: 'Found in',
          value: placeOf(textAt(location, 'details', 'path'), textAt(location, 'details', 'start_line')),
        },
      ],
      links: [{ title: 'Open alert', url: textAt(alert, 'html_url') }],
    },
  });
}

const VALIDITIES: Readonly<Record<string, string>> = { active: 'yes', inactive: 'no' };

/** What CodeQL, or another tool, has found in the code. */
export function tellCodeAlert(body: unknown, action: string): Told | undefined {
  const alert = at(body, 'alert');
  if (!isObject(alert)) {
    return undefined;
  }
  const [rule, instance] = [at(alert, 'rule'), at(alert, 'most_recent_instance') ?? listAt(alert, 'instances')[0]];
  const place = placeOf(textAt(instance, 'location', 'path'), textAt(instance, 'location', 'start_line'));
  return toTold(body, action, {
    kind: 'Code scanning alert',
    scope: 'code-scanning',
    what: textAt(rule, 'description') ?? textAt(rule, 'name') ?? textAt(rule, 'id'),
    severity: textAt(rule, 'security_severity_level') ?? textAt(rule, 'severity'),
    rest: {
      text: textAt(instance, 'message', 'text') ?? textAt(rule, 'full_description'),
      facts: [
        { name: 'File', value: place },
        { name: 'Branch', value: branchOf(textAt(body, 'ref') ?? textAt(instance, 'ref')) },
        { name: 'Rule', value: textAt(rule, 'id') },
        { name: 'Found by', value: textAt(alert, 'tool', 'name') },
      ],
      links: [{ title: 'Open alert', url: textAt(alert, 'html_url') }],
    },
  });
}
