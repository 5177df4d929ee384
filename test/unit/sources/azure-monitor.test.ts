// What an alert of Azure Monitor becomes.

import { AppError } from '../../../src/domain/errors.ts';
import { azureMonitor } from '../../../src/sources/azure-monitor.ts';

const SUBSCRIPTION = '/subscriptions/11112222-3333-4444-5555-666677778888';
const WEB1 = `${SUBSCRIPTION}/resourceGroups/shop-prod/providers/Microsoft.Compute/virtualMachines/web1`;

test('an alert that is resolved has the key of the one that fired, and when it was resolved', () => {
  const times = { firedDateTime: '2026-10-04T13:34:24Z', resolvedDateTime: '2026-10-04T13:49:16Z' };
  const fired = tell({ firedDateTime: times.firedDateTime });
  const resolved = tell({ ...times, monitorCondition: 'Resolved' });
  expect([fired, resolved].map(({ draft }) => [draft.key, draft.state, draft.severity, draft.occurredAt])).toEqual([
    ['alerts/1', 'open', 'warning', '2026-10-04T13:34:24Z'],
    ['alerts/1', 'resolved', 'success', '2026-10-04T13:49:16Z'],
  ]);
  expect(fired.id).not.toBe(resolved.id);
});

test('what is resolved at nobody knows when does not say when it fired instead', () => {
  const resolved = tell({ firedDateTime: '2026-10-04T13:34:24Z', monitorCondition: 'Resolved' });
  expect(resolved.draft).toMatchObject({ state: 'resolved', occurredAt: undefined });
});

test('an alert that nothing identifies has no id, because another one like it would have the same', () => {
  expect(tell({ alertId: null, originAlertId: null }).id).toBeUndefined();
  expect(tell({ alertId: null, originAlertId: 'origin' }).id).toBeDefined();
});

test.each([
  ['Sev0', 'critical'],
  ['Sev1', 'error'],
  ['Sev2', 'warning'],
  ['Sev3', 'info'],
  ['Sev4', 'info'],
  [null, 'warning'],
  ['constructor', 'warning'],
])('%s is %s', (severity, expected) => {
  expect(tell({ severity }).draft.severity).toBe(expected);
});

test('the title names the first resource and counts the others, unless the rule is called after it', () => {
  const titleOf = (alertRule: string, configurationItems: readonly string[]) =>
    tell({ alertRule, configurationItems }).draft.title;
  expect(titleOf('CPU', ['web1', 'web2', 'web3'])).toBe('CPU (web1 and 2 others)');
  expect(titleOf('CPU of WEB1', ['web1'])).toBe('CPU of WEB1');
  expect(titleOf('CPU', [])).toBe('CPU (web1)');
});

test('what somebody did has no life, and is as bad as the activity log says', () => {
  const didOf = (level: string) =>
    tell(
      { monitoringService: 'Activity Log - Administrative', severity: 'Sev4' },
      { level, caller: 'ben@contoso.com' },
    );
  expect(didOf('Error').draft).toMatchObject({ key: undefined, severity: 'error' });
  expect(didOf('Informational').draft.severity).toBe('info');
  expect(didOf('Error').traits?.actor).toBe('ben@contoso.com');
});

test('what Azure tells of one of its problems comes under one key until it is over', () => {
  const told = ['Active', 'InProgress', 'Resolved'].map(
    (stage) =>
      tell(
        { monitoringService: 'Service Health' },
        { properties: { stage, incidentType: 'Incident', trackingId: '4K9D' } },
      ).draft,
  );
  expect(told.map(({ key, state, severity }) => [key, state, severity])).toEqual([
    ['service-health/4K9D', 'open', 'error'],
    ['service-health/4K9D', 'open', 'error'],
    ['service-health/4K9D', 'resolved', 'success'],
  ]);
});

test('of the HTML that Azure writes, people read the text', () => {
  const communication =
    '<p>Impact: <b>a &lt; b</b> &amp;amp;</p>\r\n\r\n\r\n<p>See <a href="https://x">more</a>.<br/>Bye</p>';
  const told = tell({ monitoringService: 'ServiceHealth' }, { properties: { communication, trackingId: '1' } });
  expect(told.draft.text).toBe('Impact: a < b &amp;\n\nSee more.\nBye');
});

test('a resource has one card, which is over when the resource is available again', () => {
  const told = (currentHealthStatus: string, cause: string) =>
    tell({ monitoringService: 'Resource Health' }, { properties: { currentHealthStatus, cause } }).draft;
  const drafts = [told('Unavailable', 'PlatformInitiated'), told('Degraded', 'UserInitiated'), told('Available', '')];
  expect(drafts.map(({ title, state, severity }) => [title, state, severity])).toEqual([
    ['web1 is unavailable', 'open', 'error'],
    ['web1 is degraded', 'open', 'warning'],
    ['web1 is available', 'resolved', 'success'],
  ]);
  expect(new Set(drafts.map(({ key }) => key))).toEqual(new Set([`resource-health${WEB1.toLowerCase()}`]));
  expect(told('Unavailable', 'UserInitiated').severity).toBe('warning');
});

test('a metric says what it was, over how long, and what the limit is', () => {
  const allOf = [
    {
      metricName: 'CPU',
      operator: 'GreaterThanOrEqual',
      threshold: '90',
      timeAggregation: 'Average',
      metricValue: 97.3,
    },
  ];
  const textOf = (windowSize: string) => tell({}, { condition: { windowSize, allOf } }).draft.text;
  expect(textOf('PT5M')).toBe('CPU: 97.3 (average over 5 minutes; alert when greater than or equal 90)');
  expect(textOf('PT1H')).toContain('over 1 hour;');
  expect(textOf('P1D')).toContain('over 1 day;');
});

test('of many conditions and resources the first five are shown, and the others counted', () => {
  const allOf = Array.from({ length: 8 }, (_, at) => ({ metricName: `m${at}`, metricValue: at }));
  const { draft } = tell({ configurationItems: allOf.map(({ metricName }) => metricName) }, { condition: { allOf } });
  expect(draft.text?.split('\n').at(-1)).toBe('… 3 more conditions');
  expect(draft.facts).toContainEqual({ name: 'Resources', value: 'm0, m1, m2, m3, m4, … 3 more' });
});

test('the address of a query that is too long for a button is left out, because a part of it leads nowhere', () => {
  const linksOf = (length: number) => {
    const url = `https://portal.azure.com/#${'q'.repeat(length)}`;
    return tell({}, { condition: { allOf: [{ linkToSearchResultsUI: url }] } }).draft.links?.map(({ title }) => title);
  };
  expect(linksOf(2_000)).toEqual(['Query results']);
  expect(linksOf(2_040)).toEqual([]);
});

test('a schema of its own that some rule has is refused, with what to switch on', () => {
  const refusal = refusalOf({ schemaId: 'AzureMonitorMetricAlert', data: { status: 'Activated', context: {} } });
  expect(refusal.code).toBe('invalid_request');
  expect(refusal.faults).toMatchObject([{ pointer: '/data/essentials' }]);
});

function tell(essentials: object, alertContext: object = {}) {
  const all = {
    alertId: 'alerts/1',
    alertRule: 'Rule',
    severity: 'Sev2',
    monitorCondition: 'Fired',
    monitoringService: 'Platform',
    alertTargetIDs: [WEB1],
    ...essentials,
  };
  const translation = azureMonitor.translate({ body: { data: { essentials: all, alertContext } }, headers: {} });
  const [event] = translation.kind === 'events' ? translation.events : [];
  if (!event) {
    throw new Error('Expected an event');
  }
  return event;
}

function refusalOf(body: unknown): AppError {
  try {
    azureMonitor.translate({ body, headers: {} });
  } catch (error) {
    if (error instanceof AppError) {
      return error;
    }
  }
  throw new Error('Expected a refusal');
}
