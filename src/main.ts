// The service as a process: settings from the environment, signals, exit codes.

import { readFileSync } from 'node:fs';
import { config as loadDotenv } from 'dotenv';
import { type App, createApp } from './app.ts';
import { loadConfig } from './config/config.ts';
import { AppError } from './domain/errors.ts';
import { describeFailure } from './failure-report.ts';
import { describeError } from './telemetry/logger.ts';

/** sysexits.h: what is wrong is in the settings, and starting again will not help. */
const EXIT_CONFIG = 78;

async function main(): Promise<void> {
  loadDotenv({ quiet: true });
  const app = createApp(loadConfig(process.env, (path) => readFileSync(path, 'utf8')));
  stopOnSignals(app);
  endOnDefects(app);
  await app.start();
}

/** The first signal ends the service in good order, the second at once; either way nothing accepted is lost. */
function stopOnSignals(app: App): void {
  let isStopping = false;
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      if (isStopping) {
        process.exit(1);
      }
      isStopping = true;
      app.logger.info({ signal }, 'stopping');
      app.stop().then(
        (isDrained) => process.exit(isDrained ? 0 : 1),
        () => process.exit(1),
      );
    });
  }
}

/** Nothing that arrives from outside may lead here; if something does, a fresh process is safer than this one. */
function endOnDefects(app: App): void {
  for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(event, (error) => {
      app.logger.error({ event, error: describeError(error) }, 'defect: the process ends');
      process.exit(1);
    });
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${describeFailure(error)}\n`);
  process.exit(error instanceof AppError && error.code === 'config_invalid' ? EXIT_CONFIG : 1);
});
