// What the gate counts against a host, and whom it lets pass.

import { PROBE_INTERVAL_MS } from '../../../src/delivery/circuit-breaker.ts';
import { ConnectorGate } from '../../../src/delivery/connector-gate.ts';
import type { Outcome } from '../../../src/domain/delivery.ts';
import { silentLogger } from '../../../src/telemetry/logger.ts';
import { createMetrics } from '../../../src/telemetry/metrics.ts';

const NOW_MS = Date.UTC(2026, 0, 1);
const HERE = 'https://smba.trafficmanager.net/emea/';
const PASS = { serviceUrl: HERE, isRetry: false, isProbe: false, admittedAtMs: NOW_MS };
const THERE = 'https://smba.infra.gcc.teams.microsoft.com/teams';

function createGate() {
  const metrics = createMetrics(async () => ({ depths: [], oldestDueAgeMs: 0 }));
  const log: string[] = [];
  const note = (_fields: object, message: string) => log.push(message);
  const gate = new ConnectorGate({ logger: { ...silentLogger, error: note, info: note }, metrics });
  const record = (outcome: Outcome, count = 1) => {
    for (let index = 0; index < count; index++) {
      gate.record(PASS, outcome, NOW_MS);
    }
  };
  return { gate, record, log, metrics };
}

const DOWN: Outcome = { kind: 'transient', reason: 'unreachable_host' };
const WELL: Outcome = { kind: 'delivered', activityId: '1' };

describe('a host', () => {
  test.each<Outcome>([
    DOWN,
    { kind: 'unknown', reason: 'unavailable' },
    { kind: 'unknown', reason: 'server_error', maxResends: 1 },
    { kind: 'unknown', reason: 'response_lost' },
  ])('that answers with %j is left alone, and no other', (outcome) => {
    const { gate, record } = createGate();
    record(outcome, 5);
    expect(gate.admit({ serviceUrl: HERE, isRetry: false }, NOW_MS)).toBeUndefined();
    expect(gate.admit({ serviceUrl: 'https://smba.trafficmanager.net/amer/', isRetry: false }, NOW_MS)).toBeUndefined();
    expect(gate.admit({ serviceUrl: THERE, isRetry: false }, NOW_MS)).toBeDefined();
    expect(gate.closedTo(NOW_MS).origins).toEqual(['https://smba.trafficmanager.net']);
  });

  test.each<Outcome>([
    { kind: 'throttled', reason: 'throttled', scope: 'lane' },
    { kind: 'transient', reason: 'concurrent_operation' },
    { kind: 'transient', reason: 'unauthorized' },
    { kind: 'transient', reason: 'token_unavailable' },
    { kind: 'gone', reason: 'blocked_by_user', isUninstalled: false },
    { kind: 'gone', reason: 'untrusted_service_url', isUninstalled: false },
    { kind: 'rejected', reason: 'bad_request' },
    { kind: 'tooLarge' },
    { kind: 'postponed' },
  ])('that answers with %j is well', (outcome) => {
    const { gate, record } = createGate();
    record(outcome, 30);
    expect(gate.admit({ serviceUrl: HERE, isRetry: false }, NOW_MS)).toBeDefined();
  });

  test('is reported once when it goes down and once when it is back', async () => {
    const { record, log, metrics } = createGate();
    const gauge = async () => (await metrics.openCircuits.get()).values;
    record(DOWN, 20);
    expect(await gauge()).toMatchObject([{ value: 1, labels: { host: 'smba.trafficmanager.net' } }]);
    record(WELL, 20);
    expect(await gauge()).toMatchObject([{ value: 0 }]);
    expect(log).toEqual([
      'the Bot Connector does not answer: its deliveries wait, and it is probed',
      'the Bot Connector answers again: deliveries go on',
    ]);
  });
});

test('retries are held to their budget, first attempts are not', () => {
  const { gate } = createGate();
  const retries = Array.from({ length: 12 }, () => gate.admit({ serviceUrl: HERE, isRetry: true }, NOW_MS));
  expect(retries.filter(Boolean)).toHaveLength(10);
  expect(gate.closedTo(NOW_MS).isClosedToRetries).toBe(true);
  expect(gate.admit({ serviceUrl: HERE, isRetry: false }, NOW_MS)).toBeDefined();
});

test('a retry that a closed host holds back takes nothing from the budget', () => {
  const { gate, record } = createGate();
  record(DOWN, 5);
  for (let index = 0; index < 50; index++) {
    gate.admit({ serviceUrl: HERE, isRetry: true }, NOW_MS);
  }
  expect(gate.closedTo(NOW_MS).isClosedToRetries).toBe(false);
});

test.each<[Outcome, number]>([
  [WELL, 12],
  [{ kind: 'postponed' }, 12],
  [{ kind: 'transient', reason: 'concurrent_operation' }, 10],
  [{ kind: 'throttled', reason: 'throttled', scope: 'lane' }, 10],
])('retries that end with %j can be %i in a minute out of twelve', (outcome, admitted) => {
  const { gate } = createGate();
  const passes = Array.from({ length: 12 }, () => {
    const pass = gate.admit({ serviceUrl: HERE, isRetry: true }, NOW_MS);
    return pass && gate.record(pass, outcome, NOW_MS) === undefined;
  });
  expect(passes.filter(Boolean)).toHaveLength(admitted);
});

test('a probe that did not go out may be made by the next one at once', () => {
  const { gate, record } = createGate();
  record(DOWN, 5);
  const probeAtMs = NOW_MS + PROBE_INTERVAL_MS;
  const admit = () => gate.admit({ serviceUrl: HERE, isRetry: false }, probeAtMs);
  const probe = admit();
  expect([probe?.isProbe, admit()]).toEqual([true, undefined]);
  gate.record(probe ?? PASS, { kind: 'postponed' }, probeAtMs);
  expect(gate.closedTo(probeAtMs).origins).toEqual([]);
  expect(admit()).toMatchObject({ isProbe: true });
});

test('a request from before the outage that did not go out makes no room for a probe', () => {
  const { gate, record } = createGate();
  const early = gate.admit({ serviceUrl: HERE, isRetry: false }, NOW_MS);
  record(DOWN, 5);
  gate.record(early ?? PASS, { kind: 'postponed' }, NOW_MS);
  expect(gate.admit({ serviceUrl: HERE, isRetry: false }, NOW_MS)).toBeUndefined();
});
