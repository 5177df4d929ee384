// What a group of Grafana's alerts becomes.

import { AppError } from '../../../src/domain/errors.ts';
import { grafana } from '../../../src/sources/grafana.ts';

test('a group that ends has the key of the group that began, and its end is the later of the two', () => {
  const began = tell(groupOf([{ status: 'firing', startsAt: '2026-10-04T13:00:00Z' }]));
  const over = tell({
    ...groupOf([{ status: 'resolved', startsAt: '2026-10-04T13:00:00Z', endsAt: '2026-10-04T13:20:00Z' }]),
    status: 'resolved',
  });
  expect([began, over].map(({ draft }) => [draft.key, draft.state, draft.occurredAt])).toEqual([
    ['{}:{alertname="Disk"}', 'open', '2026-10-04T13:00:00Z'],
    ['{}:{alertname="Disk"}', 'resolved', '2026-10-04T13:20:00Z'],
  ]);
});

test('what says again what was said is the same event, what says that an alert is over is another', () => {
  const alert = { status: 'firing', fingerprint: 'a', startsAt: '2026-10-04T13:00:00Z' };
  const said = tell(groupOf([alert])).id;
  expect(tell({ ...groupOf([alert]), message: 'again' }).id).toBe(said);
  expect(tell(groupOf([{ ...alert, status: 'resolved' }])).id).not.toBe(said);
});

test('a group is as bad as the worst of its alerts that still fires', () => {
  const severityOf = (...alerts: readonly [status: string, severity: string | undefined][]) =>
    tell(groupOf(alerts.map(([status, severity]) => ({ status, labels: { severity } })))).draft.severity;
  expect(severityOf(['firing', 'info'], ['firing', 'High'], ['resolved', 'critical'])).toBe('error');
  expect(severityOf(['firing', undefined])).toBe('warning');
  expect(severityOf(['firing', '__proto__'], ['firing', 'constructor'])).toBe('warning');
});

test('a title and a message that somebody wrote into the contact point are shown; those that Grafana makes up are not', () => {
  const group = {
    ...groupOf([{ status: 'firing' }]),
    commonAnnotations: { summary: 'Disk is full', description: 'Hm' },
  };
  const made = { title: '[FIRING:1] Disk (db1)', message: '**Firing**\n\nLabels:\n - alertname = Disk\n' };
  expect(tell({ ...group, ...made }).draft).toMatchObject({ title: 'Disk is full', text: 'Hm' });
  const written = { title: 'Please look at db1', message: 'It is *full*.' };
  expect(tell({ ...group, ...written }).draft).toMatchObject({ title: written.title, text: written.message });
  expect(tell({ ...group, ...written }).draft.textFormat).toBeUndefined();
});

test('of rules that could not be evaluated each is named, with the reason and without what it is about', () => {
  const failed = (rulename: string) => ({
    status: 'firing',
    labels: { alertname: 'DatasourceError', rulename },
    annotations: { Error: `no route to ${rulename}`, description: 'Orders are missing' },
  });
  const group = { ...groupOf([failed('a'), failed('b')]), commonLabels: { alertname: 'DatasourceError' } };
  expect(tell(group).draft).toMatchObject({
    title: 'Alert rules that could not be evaluated (2 of 2 firing)',
    text: 'a: no route to a\nb: no route to b',
  });
});

test('a description that all alerts have stands there once, with what sets each apart', () => {
  const alertOf = (instance: string) => ({
    status: 'firing',
    labels: { alertname: 'Disk', instance },
    annotations: { description: 'A disk is full' },
  });
  const group = { ...groupOf([alertOf('db1'), alertOf('db2')]), commonAnnotations: { description: 'A disk is full' } };
  expect(tell(group).draft.text).toBe('A disk is full\ninstance=db1\ninstance=db2');
});

test('of many alerts the first ten are listed, and the others counted', () => {
  const alerts = Array.from({ length: 13 }, (_, at) => ({ status: 'firing', labels: { instance: `db${at}` } }));
  const lines = tell({ ...groupOf(alerts), truncatedAlerts: 4 }).draft.text?.split('\n');
  expect(lines).toHaveLength(11);
  expect(lines?.at(-1)).toBe('… 7 more alerts');
});

test('a link that the alerts do not agree on is left out, and so is the silence of one of several', () => {
  const alertOf = (name: string) => ({
    status: 'firing',
    generatorURL: 'https://grafana.contoso.com/rule',
    panelURL: `https://grafana.contoso.com/${name}`,
    silenceURL: `https://grafana.contoso.com/silence/${name}`,
  });
  const titlesOf = (alerts: readonly object[]) =>
    tell(groupOf(alerts))
      .draft.links?.filter(({ url }) => url !== undefined)
      .map(({ title }) => title);
  expect(titlesOf([alertOf('a')])).toEqual(['Panel', 'Alert rule', 'Silence', 'Grafana']);
  expect(titlesOf([alertOf('a'), alertOf('b')])).toEqual(['Alert rule', 'Grafana']);
});

test('values are read from where Grafana 8 and 9 write them, too', () => {
  const written = "[ var='B' labels={instance=db1} value=44.23943737541908 ], [ var='C' labels={} value=1 ]";
  const facts = tell(groupOf([{ status: 'firing', valueString: written }])).draft.facts;
  expect(facts).toContainEqual({ name: 'Values', value: 'B = 44.24, C = 1' });
});

test('pictures of the panels are shown, three of them', () => {
  const alerts = Array.from({ length: 5 }, (_, at) => ({
    status: 'firing',
    annotations: { summary: `alert ${at}` },
    imageURL: `https://images.contoso.com/${at}.png`,
  }));
  const images = tell(groupOf(alerts)).draft.images;
  expect(images).toHaveLength(3);
  expect(images?.[0]).toEqual({ alt: 'alert 0', url: 'https://images.contoso.com/0.png' });
});

test('an alert of a dashboard of Grafana 8 has the key of its rule, and no id, because it can come again', () => {
  const rule = { ruleId: 31, ruleName: 'CPU', orgId: 2 };
  const told = ['alerting', 'no_data', 'ok'].map((state) => tell({ ...rule, state }));
  expect(told.map(({ draft }) => [draft.title, draft.key, draft.state, draft.severity])).toEqual([
    ['CPU', 'org 2/rule 31', 'open', 'warning'],
    ['CPU: no data', 'org 2/rule 31', 'open', 'warning'],
    ['CPU', 'org 2/rule 31', 'resolved', 'success'],
  ]);
  expect(told.map(({ id }) => id)).toEqual([undefined, undefined, undefined]);
});

test('what has neither alerts nor a rule is refused', () => {
  expect(() => tell({ title: 'Hello' })).toThrow(AppError);
});

function tell(body: unknown) {
  const translation = grafana.translate({ body, headers: {} });
  const [event] = translation.kind === 'events' ? translation.events : [];
  if (!event) {
    throw new Error('Expected an event');
  }
  return event;
}

function groupOf(alerts: readonly object[]) {
  return {
    status: 'firing',
    groupKey: '{}:{alertname="Disk"}',
    externalURL: 'https://grafana.contoso.com/',
    commonLabels: { alertname: 'Disk' },
    commonAnnotations: {},
    alerts,
  };
}
