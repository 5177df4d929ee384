// The entry file of a service for which time runs faster: the processes of tests about long pauses.

import { readFileSync } from 'node:fs';
import { createApp } from '../../src/app.ts';
import { loadConfig } from '../../src/config/config.ts';
import { createSteadyClock } from '../../src/domain/clock.ts';
import { createFastClock } from './fast-clock.ts';

const { FAST_CLOCK_SINCE_MS: sinceMs, FAST_CLOCK_FACTOR: factor, ...env } = process.env;
const config = loadConfig(env, (path) => readFileSync(path, 'utf8'));
const clock = createFastClock({ sinceMs: Number(sinceMs), factor: Number(factor) });
await createApp(config, { clock: createSteadyClock(clock, clock.nowMs) }).start();
