// Azure DevOps' events about work items.

import type { Severity } from '../../domain/notification.ts';
import { at, joined, textAt } from '../payload.ts';
import { listed } from '../phrases.ts';
import { fieldOf, pageOf, personOf, plainOf, type Told } from './parts.ts';

const VERBS: ReadonlyMap<string, string> = new Map([
  ['workitem.created', 'created'],
  ['workitem.updated', 'updated'],
  ['workitem.commented', 'commented on'],
  ['workitem.deleted', 'deleted'],
  ['workitem.restored', 'restored'],
]);

/** Each project names its states as it likes; these are the ones that Azure DevOps brings along for the end. */
const OVER: ReadonlySet<string> = new Set(['done', 'closed', 'completed', 'resolved', 'removed']);

const SEVERITIES: ReadonlyMap<string, Severity> = new Map([
  ['1', 'error'],
  ['2', 'warning'],
]);

/** Told from its creation until it is closed or deleted; a comment has no life of its own. */
export function toWorkItem(body: unknown): Told {
  const item = at(body, 'resource');
  const event = textAt(body, 'eventType') ?? '';
  const isOver = event === 'workitem.deleted' || OVER.has(textOf(item, 'System.State')?.toLowerCase() ?? '');
  const urgency = SEVERITIES.get(textOf(item, 'Microsoft.VSTS.Common.Severity')?.slice(0, 1) ?? '') ?? 'info';
  const isComment = event === 'workitem.commented';
  const who = actorOf(item);
  const tags = (textOf(item, 'System.Tags') ?? '').split(';').flatMap((tag) => textAt(tag) ?? []);
  return {
    draft: {
      title: titleOf(item, event, who),
      text: shownText(item, event),
      severity: isComment ? 'info' : isOver ? 'success' : urgency,
      facts: [
        { name: 'State', value: textOf(item, 'System.State') },
        { name: 'Assigned to', value: personOf(fieldOf(item, 'System.AssignedTo')) },
        { name: 'Priority', value: textOf(item, 'Microsoft.VSTS.Common.Priority') },
        { name: 'Severity', value: textOf(item, 'Microsoft.VSTS.Common.Severity') },
        { name: 'Iteration', value: textOf(item, 'System.IterationPath') },
        { name: 'Tags', value: listed(tags) },
      ],
      links:
        event === 'workitem.deleted' ? [] : [{ title: 'Work item', url: pageOf(body, item, at(item, 'revision')) }],
      key: isComment ? undefined : keyOf(item),
      state: isComment ? undefined : isOver ? 'resolved' : 'open',
    },
    traits: { repository: textOf(item, 'System.TeamProject'), actor: who, labels: tags },
  };
}

function textOf(item: unknown, field: string): string | undefined {
  return textAt(fieldOf(item, field));
}

/** Of a change, `id` is the number of the change. */
function numberOf(item: unknown): string | undefined {
  return textAt(item, 'workItemId') ?? textAt(item, 'id');
}

function keyOf(item: unknown): string | undefined {
  const project = textOf(item, 'System.TeamProject');
  const number = numberOf(item);
  return project === undefined || number === undefined ? undefined : `${project}#${number}`;
}

function actorOf(item: unknown): string | undefined {
  return personOf(at(item, 'revisedBy')) ?? personOf(fieldOf(item, 'System.ChangedBy'));
}

function titleOf(item: unknown, event: string, who: string | undefined): string | undefined {
  const title = textOf(item, 'System.Title');
  const state = at(item, 'fields', 'System.State', 'oldValue') === undefined ? undefined : textOf(item, 'System.State');
  const what = joined(' ', textOf(item, 'System.WorkItemType') ?? 'work item', numberOf(item));
  const did = state === undefined ? `${VERBS.get(event) ?? 'changed'} ${what}` : `moved ${what} to ${state}`;
  return title && `${who ?? 'Somebody'} ${did}: ${title}`;
}

function shownText(item: unknown, event: string): string | undefined {
  if (event === 'workitem.commented') {
    return plainOf(textOf(item, 'System.History'));
  }
  if (event === 'workitem.updated') {
    return joined('\n', ...CHANGES.map(([field, name]) => changeOf(at(item, 'fields', field), name)));
  }
  const steps = textOf(item, 'Microsoft.VSTS.TCM.ReproSteps');
  return event === 'workitem.created' ? plainOf(textOf(item, 'System.Description') ?? steps) : undefined;
}

const CHANGES = [
  ['System.Title', 'Title'],
  ['System.State', 'State'],
  ['System.AssignedTo', 'Assigned to'],
  ['System.IterationPath', 'Iteration'],
  ['System.AreaPath', 'Area'],
  ['System.Tags', 'Tags'],
  ['Microsoft.VSTS.Common.Priority', 'Priority'],
  ['Microsoft.VSTS.Common.Severity', 'Severity'],
  ['System.Description', 'Description'],
] as const;

function changeOf(field: unknown, name: string): string | undefined {
  const [before, after] = [at(field, 'oldValue'), at(field, 'newValue')];
  if (before === undefined && after === undefined) {
    return undefined;
  }
  const isLong = name === 'Description';
  return isLong
    ? 'The description has changed.'
    : `${name}: ${personOf(before) ?? 'none'} → ${personOf(after) ?? 'none'}`;
}
