// Serves OpenID metadata and a key set on this machine, well or badly.

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';

/** What becomes of a request: an answer of this status and body, or none at all. `location` itself is served well. */
export type KeyServerFault = { readonly status: number; readonly body?: string; readonly location?: string } | 'hang';

export class KeyServer {
  /** The entries of the key set. */
  keys: readonly Readonly<Record<string, unknown>>[] = [];
  /** Stands in for the documents while it is set. */
  fault: KeyServerFault | undefined;
  /** Replaces the address of the key set in the metadata. */
  keysUrl: string | undefined;
  /** Paths of the requests so far. */
  readonly requests: string[] = [];
  readonly #server: Server;
  #onRequest: () => void = () => undefined;

  private constructor() {
    this.#server = createServer((request, response) => this.#answer(request, response));
  }

  static async start(): Promise<KeyServer> {
    const server = new KeyServer();
    await new Promise<void>((resolve) => server.#server.listen(0, '127.0.0.1', resolve));
    return server;
  }

  get origin(): string {
    const address = this.#server.address();
    return typeof address === 'object' && address ? `http://127.0.0.1:${address.port}` : '';
  }

  get metadataUrl(): string {
    return `${this.origin}/openid`;
  }

  /** Resolves when the next request has come in. */
  nextRequest(): Promise<void> {
    return new Promise((resolve) => {
      this.#onRequest = resolve;
    });
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    this.requests.push(request.url ?? '');
    this.#onRequest();
    if (this.fault === 'hang') {
      return;
    }
    if (this.fault && this.fault.location !== request.url) {
      const { status, body, location } = this.fault;
      response.writeHead(status, location ? { location } : {});
      response.end(body);
      return;
    }
    const document =
      request.url === '/keys' ? { keys: this.keys } : { jwks_uri: this.keysUrl ?? `${this.origin}/keys` };
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(document));
  }
}
