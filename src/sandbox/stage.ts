// The sandbox with the service beside it: what both the sandbox command and the demo stand on.

import { randomBytes } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createSandbox, type Sandbox } from './sandbox.ts';
import { type ServiceProcess, startServiceProcess } from './service-process.ts';

/** What the stage cannot make itself: it knows the service only from outside. */
export interface StageTools {
  /** The service's entry file. */
  readonly mainPath: string;
  /** Makes a producer and a key for it, as the command line does. */
  createApiKey(databasePath: string): Promise<string>;
}

export interface StageOptions {
  /** Holds the database, which is made anew. */
  readonly folder: string;
  /** 0 takes any free port. */
  readonly sandboxPort: number;
  readonly servicePort: number;
  readonly onLogLine?: (line: string) => void;
}

export interface Stage {
  readonly sandbox: Sandbox;
  readonly apiKey: string;
  readonly databasePath: string;
  service(): ServiceProcess;
  /** Starts the service again on the same data and port, after it was ended. */
  restartService(): Promise<void>;
  close(): Promise<void>;
}

/** The app registration of the sandbox; it exists nowhere else. */
const SANDBOX_APP_ID = 'be110000-0000-4000-8000-00000000b077';

/** Starts the sandbox, then the service on a fresh database, then makes a key. */
export async function openStage(tools: StageTools, options: StageOptions): Promise<Stage> {
  const folder = resolve(options.folder);
  const databasePath = join(folder, 'sandbox.db');
  mkdirSync(folder, { recursive: true });
  for (const suffix of ['', '-wal', '-shm']) {
    rmSync(`${databasePath}${suffix}`, { force: true });
  }
  const appSecret = randomBytes(24).toString('base64url');
  const encryptionKey = randomBytes(32).toString('base64');
  const sandbox = createSandbox({ appId: SANDBOX_APP_ID, appSecret, port: options.sandboxPort });
  await sandbox.start();
  const start = (port: number) =>
    startServiceProcess({
      mainPath: tools.mainPath,
      cwd: folder,
      env: {
        HOST: '127.0.0.1',
        PORT: String(port),
        DATABASE_URL: `sqlite:${databasePath}`,
        MicrosoftAppId: SANDBOX_APP_ID,
        MicrosoftAppPassword: appSecret,
        MicrosoftAppTenantId: sandbox.organisation.tenantId,
        SANDBOX_URL: sandbox.url,
        ENCRYPTION_KEY: encryptionKey,
        ...(port !== 0 && { PUBLIC_URL: `http://127.0.0.1:${port}` }),
      },
      ...(options.onLogLine && { onLine: options.onLogLine }),
    });
  try {
    let service = await start(options.servicePort);
    sandbox.setBotEndpoint(`${service.url}/api/messages`);
    return {
      sandbox,
      databasePath,
      apiKey: await tools.createApiKey(databasePath),
      service: () => service,
      async restartService() {
        service = await start(Number(new URL(service.url).port));
      },
      async close() {
        await service.end('SIGTERM');
        await sandbox.stop();
      },
    };
  } catch (error) {
    await sandbox.stop();
    throw error;
  }
}
