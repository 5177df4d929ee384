// The events of the sandbox as server-sent events, resumable with `Last-Event-ID` or `?after=`.

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../domain/clock.ts';
import type { SandboxEvent, SandboxEvents } from './events.ts';

const HEARTBEAT_MS = 15_000;

/**
 * Streams until the caller goes away. A caller who missed events that are forgotten gets one `reset`, and should read
 * the state anew.
 */
export function streamEvents(
  deps: { readonly clock: Clock; readonly events: SandboxEvents },
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const { clock, events } = deps;
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  response.write('retry: 1000\n\n');
  const after = new URLSearchParams(request.url?.split('?')[1]).get('after');
  const lastId = request.headers['last-event-id'] ?? after;
  const missed = typeof lastId === 'string' ? events.since(Number(lastId)) : [];
  response.write(missed ? missed.map(renderEvent).join('') : `id: ${events.lastId}\nevent: reset\ndata: {}\n\n`);
  const end = events.subscribe((event) => response.write(renderEvent(event)));
  let cancel = clock.after(HEARTBEAT_MS, beat);
  function beat(): void {
    response.write(': heartbeat\n\n');
    cancel = clock.after(HEARTBEAT_MS, beat);
  }
  response.once('close', () => {
    end();
    cancel();
  });
}

function renderEvent(event: SandboxEvent): string {
  return `id: ${event.id}\nevent: ${event.kind}\ndata: ${JSON.stringify(event)}\n\n`;
}
