// A stand-in for a connection pooler before PostgreSQL: passes everything on, and tells a process number of its own.

import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

const BACKEND_KEY_DATA = 'K'.charCodeAt(0);
const AUTHENTICATION = 'R'.charCodeAt(0);
const HEADER_BYTES = 5;

export class Pooler {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  /** What clients have asked for, as sent. */
  readonly heard: string[] = [];

  private constructor(server: Server) {
    this.#server = server;
  }

  /** Listens before the server on that port. */
  static async start(port: number): Promise<Pooler> {
    const server = createServer();
    const pooler = new Pooler(server);
    server.on('connection', (client) => pooler.#pass(client, connect(port, '127.0.0.1')));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return pooler;
  }

  get port(): number {
    const address = this.#server.address();
    return typeof address === 'object' && address ? address.port : 0;
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) {
      socket.destroy();
    }
    this.#server.close();
    await once(this.#server, 'close');
  }

  #pass(client: Socket, database: Socket): void {
    let isStarting = true;
    client.on('data', (data) => {
      this.heard.push(data.toString('latin1'));
      database.write(data);
    });
    database.on('data', (data) => {
      const isKeyGiven = isStarting && disguise(data);
      isStarting &&= !isKeyGiven;
      client.write(data);
    });
    for (const [socket, other] of [
      [client, database],
      [database, client],
    ] as const) {
      this.#sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        this.#sockets.delete(socket);
        other.destroy();
      });
    }
  }
}

/** Overwrites the process number in the server's greeting. @returns false when it is not in these bytes */
function disguise(data: Buffer): boolean {
  if (data[0] !== AUTHENTICATION) {
    return false;
  }
  for (let at = 0; at + HEADER_BYTES <= data.length; at += 1 + data.readInt32BE(at + 1)) {
    if (data[at] === BACKEND_KEY_DATA) {
      data.writeInt32BE(1, at + HEADER_BYTES);
      return true;
    }
  }
  return false;
}
