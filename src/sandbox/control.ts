// The control API below `/sandbox/`: what the page, the demo and tests in other processes do with the sandbox.

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../domain/clock.ts';
import { AppError } from '../domain/errors.ts';
import type { ActivitySender } from './activity-sender.ts';
import { type ControlBody, readControlBody } from './control-bodies.ts';
import { PeopleControl } from './control-people.ts';
import type { Conversations } from './conversations.ts';
import { streamEvents } from './event-stream.ts';
import type { SandboxEvents } from './events.ts';
import { type Answer, sendAnswer } from './exchange.ts';
import { type Faults, parseFaultSpec } from './faults.ts';
import type { Ledger } from './ledger.ts';
import { requireLoopbackUrl } from './options.ts';
import type { PeopleActions } from './people-actions.ts';
import type { PlaceChanges } from './place-changes.ts';
import type { SigningKeys } from './signing-keys.ts';
import type { SandboxState } from './state.ts';
import type { Tokens } from './tokens.ts';

/** What can be seen and changed from outside. */
export interface ControlDeps {
  readonly clock: Clock;
  readonly conversations: Conversations;
  readonly events: SandboxEvents;
  readonly faults: Faults;
  readonly keys: SigningKeys;
  readonly ledger: Ledger;
  readonly people: PeopleActions;
  readonly places: PlaceChanges;
  readonly sender: ActivitySender;
  readonly tokens: Tokens;
  readonly describeState: () => SandboxState;
}

/** Answers everything below `/sandbox/`; who may ask is decided before. */
export class Control {
  readonly #deps: ControlDeps;
  readonly #people: PeopleControl;

  constructor(deps: ControlDeps) {
    this.#deps = deps;
    this.#people = new PeopleControl(deps.people, deps.places);
  }

  /** @param path below `/sandbox/`, without query */
  async handle(request: IncomingMessage, response: ServerResponse, path: string): Promise<void> {
    const route = `${request.method} ${path}`;
    if (route === 'GET events') {
      streamEvents(this.#deps, request, response);
      return;
    }
    const answer =
      request.method === 'GET'
        ? this.#read(path, new URLSearchParams((request.url ?? '').split('?')[1]))
        : await this.#change(route, await readControlBody(request));
    sendAnswer(response, { headers: { 'cache-control': 'no-store' }, ...answer });
  }

  #read(path: string, query: URLSearchParams): Answer {
    const { describeState, faults, ledger } = this.#deps;
    switch (path) {
      case 'state':
        return ok(describeState());
      case 'faults':
        return ok({ faults: faults.list() });
      case 'ledger':
        return ok({ counts: ledger.counts(), entries: ledger.since(Number(query.get('since') ?? 0)) });
      default:
        throw notFound();
    }
  }

  async #change(route: string, body: ControlBody): Promise<Answer> {
    const { conversations, faults, keys, sender, tokens } = this.#deps;
    switch (route) {
      case 'POST faults':
        return { status: 201, json: faults.add(parseFaultSpec(body)) };
      case 'DELETE faults':
        faults.clear();
        return done();
      case 'POST activities':
        return ok(await sender.invoke(body));
      case 'POST tokens/revoke':
        tokens.revokeAll();
        return done();
      case 'POST keys/roll':
        await keys.roll();
        return done();
      case 'POST bot/disable':
      case 'POST bot/enable':
        conversations.isBotDisabled = route.endsWith('disable');
        return done();
      case 'PUT bot/endpoint':
        sender.botEndpoint = readEndpoint(body);
        return done();
      default:
        return (await this.#people.handle(route, body)) ?? Promise.reject(notFound());
    }
  }
}

function readEndpoint(body: ControlBody): string {
  const url = String(body['url']);
  requireLoopbackUrl(url);
  return url;
}

function ok(json: unknown): Answer {
  return { status: 200, json };
}

function done(): Answer {
  return { status: 204, text: '' };
}

function notFound(): AppError {
  return new AppError('not_found', 'There is nothing here');
}
