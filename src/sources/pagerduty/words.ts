// PagerDuty's kinds of events in the words that people read.

import { at, joined, listAt, textAt } from '../payload.ts';

/** With the one who did it, where somebody did. */
const HAPPENINGS: ReadonlyMap<string, string> = new Map([
  ['incident.acknowledged', 'Acknowledged'],
  ['incident.unacknowledged', 'No longer acknowledged'],
  ['incident.resolved', 'Resolved'],
  ['incident.reopened', 'Reopened'],
  ['incident.annotated', 'Note'],
  ['incident.status_update_published', 'Update'],
  ['incident.conference_bridge.updated', 'Call changed'],
  ['incident.custom_field_values.updated', 'Fields changed'],
  ['incident.incident_type.changed', 'Type changed'],
  ['service.created', 'Service created'],
  ['service.updated', 'Service changed'],
  ['service.deleted', 'Service deleted'],
]);

/** With the one whom it concerns now. */
const HANDOVERS: ReadonlyMap<string, string> = new Map([
  ['incident.escalated', 'Escalated'],
  ['incident.reassigned', 'Reassigned'],
  ['incident.delegated', 'Delegated'],
]);

/**
 * `Acknowledged by Ben`, `Escalated to Ana`; nothing for an incident that has begun, and for what this does not know.
 *
 * @param event of the payload
 */
export function happeningOf(event: unknown, type: string): string | undefined {
  const data = at(event, 'data');
  const by = textAt(event, 'agent', 'type')?.startsWith('user') ? textAt(event, 'agent', 'summary') : undefined;
  const said = HAPPENINGS.get(type);
  if (said !== undefined) {
    return joined(' by ', said, by);
  }
  const handed = HANDOVERS.get(type);
  if (handed !== undefined) {
    const policy = textAt(data, 'escalation_policy', 'summary');
    return joined(' to ', handed, type === 'incident.delegated' ? policy : textAt(data, 'assignees', 0, 'summary'));
  }
  const whom = textAt(data, 'user', 'summary') ?? textAt(data, 'escalation_policy', 'summary') ?? 'Somebody';
  const work = textAt(data, 'incident_workflow', 'summary') ?? textAt(data, 'workflow', 'summary') ?? '';
  switch (type) {
    case 'incident.priority_updated':
      return joined(' ', 'Priority', textAt(data, 'priority', 'summary') ?? 'removed');
    case 'incident.service_updated':
      return joined(' ', 'Moved to', textAt(data, 'service', 'summary') ?? 'another service');
    case 'incident.responder.added':
      return `${whom} is asked to help`;
    case 'incident.responder.replied':
      return `${whom} ${REPLIES.get(textAt(data, 'state') ?? '') ?? 'replied'}`;
    case 'incident.workflow.started':
      return `Workflow ${work} started`.replace('  ', ' ');
    case 'incident.workflow.completed':
      return `Workflow ${work} completed`.replace('  ', ' ');
    default:
      return type === 'incident.triggered' ? undefined : unknownOf(type, data);
  }
}

const REPLIES: ReadonlyMap<string, string> = new Map([
  ['joined', 'helps'],
  ['accepted', 'helps'],
  ['declined', 'cannot help'],
]);

/** Of an incident, at least the name of what happened. */
function unknownOf(type: string, data: unknown): string | undefined {
  return textAt(data, 'type') === 'incident' ? type.replace(/^incident\./, '').replaceAll(/[._]/g, ' ') : undefined;
}

const MAX_LINES_SHOWN = 10;

/** What somebody wrote, or what has changed. @param event of the payload */
export function detailOf(event: unknown, type: string): string | undefined {
  const data = at(event, 'data');
  const written = textAt(data, 'content') ?? textAt(data, 'message');
  if (written !== undefined) {
    return at(data, 'trimmed') === true ? `${written} …` : written;
  }
  if (type === 'incident.custom_field_values.updated') {
    const changed = listAt(data, 'changed_custom_fields');
    const fields = changed.length > 0 ? changed : listAt(data, 'custom_fields');
    return linesOf(fields.map((field) => joined(': ', fieldName(field), fieldValue(field))));
  }
  return linesOf(
    listAt(data, 'conference_numbers').map((one) => joined(': ', textAt(one, 'label'), textAt(one, 'number'))),
  );
}

function fieldName(field: unknown): string | undefined {
  return textAt(field, 'display_name') ?? textAt(field, 'name');
}

function fieldValue(field: unknown): string | undefined {
  const value = at(field, 'value');
  return Array.isArray(value)
    ? joined(', ', ...value.slice(0, MAX_LINES_SHOWN).map((one) => textAt(one)))
    : textAt(value);
}

function linesOf(lines: readonly (string | undefined)[]): string | undefined {
  const more = lines.length - MAX_LINES_SHOWN;
  return joined('\n', ...lines.slice(0, MAX_LINES_SHOWN), more > 0 ? `… ${more} more` : undefined);
}
