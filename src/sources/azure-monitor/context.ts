// What an alert of Azure Monitor is about, which each of its services says in its own way.

import type { DraftFact } from '../../domain/source.ts';
import { at, count, joined, listAt, membersAt, textAt } from '../payload.ts';
import { type AlertContext, activityContext, resourceHealthContext, serviceHealthContext } from './activity.ts';

const MAX_CONDITIONS_SHOWN = 5;

/** @param data of the payload */
export function contextOf(data: unknown): AlertContext {
  const context = at(data, 'alertContext');
  const service = textAt(data, 'essentials', 'monitoringService')?.replace(/\s/g, '').toLowerCase() ?? '';
  if (service === 'servicehealth') {
    return serviceHealthContext(context);
  }
  if (service === 'resourcehealth') {
    return resourceHealthContext(data);
  }
  if (service.startsWith('activitylog')) {
    return activityContext(context);
  }
  if (at(context, 'AlertData') !== undefined) {
    return budget(at(context, 'AlertData'));
  }
  if (at(context, 'DetectionSummary') !== undefined) {
    return smartDetection(context);
  }
  if (at(context, 'expression') !== undefined) {
    return prometheus(context);
  }
  return at(context, 'SearchQuery') === undefined ? conditions(context) : logSearch(context);
}

/** A metric, an availability test, or a query of a log. */
function conditions(context: unknown): AlertContext {
  const all = listAt(context, 'condition', 'allOf');
  const window = textAt(context, 'condition', 'windowSize');
  const more = all.length - MAX_CONDITIONS_SHOWN;
  const lines = all.slice(0, MAX_CONDITIONS_SHOWN).map((condition) => conditionLine(condition, window));
  const [first] = all;
  const url = textAt(first, 'linkToFilteredSearchResultsUI') ?? textAt(first, 'linkToSearchResultsUI');
  return {
    text: joined('\n', ...lines, more > 0 ? `… ${count(more, 'more condition')}` : undefined),
    facts: all.slice(0, MAX_CONDITIONS_SHOWN).flatMap((condition) => dimensionsOf(listAt(condition, 'dimensions'))),
    links: [{ title: 'Query results', url }],
  };
}

/** `Percentage CPU: 31.1 (average over 5 minutes; alert when greater than 25)` */
function conditionLine(condition: unknown, window: string | undefined): string | undefined {
  const name =
    textAt(condition, 'webTestName') ?? textAt(condition, 'metricName') ?? textAt(condition, 'metricMeasureColumn');
  const measure = joined(' over ', textAt(condition, 'timeAggregation')?.toLowerCase(), durationOf(window));
  const limit = joined(' ', operatorOf(textAt(condition, 'operator')), textAt(condition, 'threshold'));
  const rule = joined('; ', measure, limit === undefined ? undefined : `alert when ${limit}`);
  const value = textAt(condition, 'metricValue');
  const said = joined(': ', name ?? (value === undefined ? undefined : 'Value'), value);
  return said === undefined ? undefined : joined(' ', said, rule === undefined ? undefined : `(${rule})`);
}

/** `GreaterThanOrEqual`, `Greater Than` */
function operatorOf(operator: string | undefined): string | undefined {
  return operator?.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
}

const UNITS: ReadonlyMap<string, string> = new Map([
  ['M', 'minute'],
  ['H', 'hour'],
  ['D', 'day'],
]);

/** `PT5M`, `P1D` */
function durationOf(window: string | undefined): string | undefined {
  const [, many, unit] = /^PT?(\d{1,4})([MHD])$/.exec(window ?? '') ?? [];
  return many === undefined ? window : count(Number(many), UNITS.get(unit ?? '') ?? 'unit');
}

/** But for the resource itself, which stands there anyway. */
function dimensionsOf(dimensions: readonly unknown[]): readonly DraftFact[] {
  return dimensions
    .slice(0, MAX_CONDITIONS_SHOWN)
    .map((dimension) => ({ name: textAt(dimension, 'name') ?? 'Dimension', value: textAt(dimension, 'value') }))
    .filter(({ name }) => !/resourceid$/i.test(name));
}

/** As the log alerts of the first version, and those of Application Insights, say it. */
function logSearch(context: unknown): AlertContext {
  const limit = joined(' ', operatorOf(textAt(context, 'Operator')), textAt(context, 'Threshold'));
  const results = textAt(context, 'ResultCount');
  const minutes = textAt(context, 'SearchIntervalInMinutes') ?? textAt(context, 'SearchIntervalDurationMin');
  const rule = joined('; ', minutes && `in ${count(Number(minutes), 'minute')}`, limit && `alert when ${limit}`);
  const url = textAt(context, 'LinkToFilteredSearchResultsUI') ?? textAt(context, 'LinkToSearchResults');
  return {
    text: joined(' ', results && `Results: ${results}`, rule && `(${rule})`),
    facts: dimensionsOf(listAt(context, 'Dimensions')),
    links: [{ title: 'Query results', url }],
  };
}

/** Money; when a budget is no longer exceeded nobody says so. */
function budget(alert: unknown): AlertContext {
  const name = textAt(alert, 'BudgetName');
  const isForecast = textAt(alert, 'ThresholdType')?.toLowerCase() === 'forecasted';
  const amount = isForecast ? textAt(alert, 'ForecastedTotalForPeriod') : textAt(alert, 'SpentAmount');
  return {
    title: name && `Budget ${name}${amount === undefined ? '' : `: ${amount} ${isForecast ? 'forecast' : 'spent'}`}`,
    facts: [
      { name: 'Budget', value: textAt(alert, 'BudgetThreshold') },
      { name: 'Alert at', value: textAt(alert, 'NotificationThresholdAmount') },
      { name: 'Spent', value: textAt(alert, 'SpentAmount') },
      { name: 'Scope', value: textAt(alert, 'Scope') },
    ],
    isMoment: true,
  };
}

/** What Application Insights found out of the ordinary. */
function smartDetection(context: unknown): AlertContext {
  return {
    text: textAt(context, 'DetectionSummary'),
    facts: [
      { name: 'Detected', value: textAt(context, 'DetectedValue') },
      { name: 'Normal', value: textAt(context, 'NormalValue') },
      { name: 'Rate', value: textAt(context, 'DetectedFailureRate') },
      { name: 'Normal rate', value: textAt(context, 'NormalFailureRate') },
      { name: 'Detector', value: textAt(context, 'SmartDetectorName') },
    ],
  };
}

/** A rule of Azure's managed Prometheus. */
function prometheus(context: unknown): AlertContext {
  const annotations = at(context, 'annotations');
  const said = textAt(annotations, 'description') ?? textAt(annotations, 'summary');
  const value = textAt(context, 'expressionValue');
  return {
    text: joined('\n', said, joined(' ', value && `Value: ${value}`, `(${textAt(context, 'expression') ?? ''})`)),
    facts: membersAt(context, 'labels').map(([name, value]) => ({ name, value })),
    links: [{ title: 'Runbook', url: textAt(annotations, 'runbook_url') ?? textAt(annotations, 'runbook') }],
  };
}
