// `npm run bench [-- <name>... --engine <name> --seconds <n> --json <file>]`: measures the service on this machine and prints one table.

import { writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { AppError } from '../src/domain/errors.ts';
import type { Benchmark, Choices } from './benchmark.ts';
import { audience } from './benchmarks/audience.ts';
import { cards } from './benchmarks/cards.ts';
import { fanOut } from './benchmarks/fan-out.ts';
import { growth } from './benchmarks/growth.ts';
import { hooks } from './benchmarks/hooks.ts';
import { isolation } from './benchmarks/isolation.ts';
import { memory } from './benchmarks/memory.ts';
import { pacing } from './benchmarks/pacing.ts';
import { receipt } from './benchmarks/receipt.ts';
import { roster } from './benchmarks/roster.ts';
import { senderCpu } from './benchmarks/sender-cpu.ts';
import { serviceCpu } from './benchmarks/service-cpu.ts';
import { simulated } from './benchmarks/simulated.ts';
import { start } from './benchmarks/start.ts';
import { urgent } from './benchmarks/urgent.ts';
import { votes } from './benchmarks/votes.ts';
import { webhook } from './benchmarks/webhook.ts';
import { ENGINES, type Engine } from './engine.ts';
import { Resources } from './resources.ts';
import { formatTable, type Section } from './table.ts';

const BENCHMARKS: readonly Benchmark[] = [
  ...[webhook, receipt, serviceCpu, senderCpu, cards, hooks, memory, start, roster, votes],
  ...[pacing, urgent, isolation, fanOut, audience, growth, simulated],
];
const DEFAULT_SECONDS = '60';

/** Fails only when something could not be measured, never for a slow figure. */
async function main(): Promise<void> {
  const { names, jsonPath, choices } = readArguments();
  const selected = select(names);
  const resources = new Resources();
  releaseOnSignals(resources);
  const machine = describeMachine();
  process.stdout.write(`${machine}\n`);
  const sections: Section[] = [];
  for (const benchmark of selected) {
    process.stderr.write(`measuring ${benchmark.name} ...\n`);
    try {
      sections.push({ benchmark: benchmark.name, rows: await benchmark.run(resources, choices) });
    } catch (error) {
      process.stderr.write(`${benchmark.name} could not be measured: ${String(error)}\n`);
      process.exitCode = 1;
    } finally {
      await resources.release();
    }
  }
  process.stdout.write(`\n${formatTable(sections)}`);
  if (jsonPath !== undefined) {
    writeFileSync(jsonPath, `${JSON.stringify({ machine, sections }, null, 2)}\n`);
  }
}

interface Arguments {
  readonly names: readonly string[];
  readonly jsonPath: string | undefined;
  readonly choices: Choices;
}

function readArguments(): Arguments {
  const { values, positionals } = parseArgs({
    options: {
      json: { type: 'string' },
      engine: { type: 'string', multiple: true },
      seconds: { type: 'string', default: DEFAULT_SECONDS },
    },
    allowPositionals: true,
  });
  const seconds = Number(values.seconds);
  if (!(seconds >= 1 && seconds <= 3_600)) {
    throw new AppError('invalid_request', `Expected --seconds from 1 to 3600, got "${values.seconds}"`);
  }
  return {
    names: positionals,
    jsonPath: values.json,
    choices: { engines: selectEngines(values.engine), seconds, isThorough: positionals.length > 0 },
  };
}

function selectEngines(names: readonly string[] | undefined): readonly Engine[] {
  const known = ENGINES.map(({ name }) => name);
  const unknown = names?.find((name) => !known.some((one) => one === name));
  if (unknown !== undefined) {
    throw new AppError('invalid_request', `Expected --engine to be one of ${known.join(', ')}, got "${unknown}"`);
  }
  return ENGINES.filter(({ name }) => names === undefined || names.includes(name));
}

function select(names: readonly string[]): readonly Benchmark[] {
  const unknown = names.find((name) => !BENCHMARKS.some((benchmark) => benchmark.name === name));
  if (unknown !== undefined) {
    const known = BENCHMARKS.map(({ name }) => name).join(', ');
    throw new AppError('invalid_request', `Expected names of benchmarks (${known}), got "${unknown}"`);
  }
  return names.length === 0 ? BENCHMARKS : BENCHMARKS.filter(({ name }) => names.includes(name));
}

/** The load of the last minute tells whether the machine had something else to do. */
function describeMachine(): string {
  const [processor, ...others] = cpus();
  const load = (loadavg()[0] ?? 0).toFixed(1);
  const date = new Date().toISOString().slice(0, 16);
  return `${date}Z, Node.js ${process.version}, ${1 + others.length} x ${processor?.model ?? 'unknown'}, load ${load}`;
}

function releaseOnSignals(resources: Resources): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      void resources.release().finally(() => process.exit(1));
    });
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
