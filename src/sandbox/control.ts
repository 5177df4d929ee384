// The control API below `/sandbox/`: what the page, the demo and tests in other processes do with the sandbox.

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../domain/clock.ts';
import { AppError } from '../domain/errors.ts';
import type { ActivitySender } from './activity-sender.ts';
import type { Conversations } from './conversations.ts';
import { streamEvents } from './event-stream.ts';
import type { SandboxEvents } from './events.ts';
import { type Answer, isJsonType, isRecord, parseJsonObject, readBody, sendAnswer } from './exchange.ts';
import { type Faults, parseFaultSpec } from './faults.ts';
import type { Ledger } from './ledger.ts';
import { requireLoopbackUrl } from './options.ts';
import type { PeopleActions } from './people-actions.ts';
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
  readonly sender: ActivitySender;
  readonly tokens: Tokens;
  readonly describeState: () => SandboxState;
}

type Body = Readonly<Record<string, unknown>>;

const MAX_BODY_BYTES = 1_048_576;
const MAX_TEXT_LENGTH = 28_000;

/** Answers everything below `/sandbox/`; who may ask is decided before. */
export class Control {
  readonly #deps: ControlDeps;

  constructor(deps: ControlDeps) {
    this.#deps = deps;
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
        : await this.#change(route, await readChange(request));
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

  async #change(route: string, body: Body): Promise<Answer> {
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
        return this.#act(route, body);
    }
  }

  async #act(route: string, body: Body): Promise<Answer> {
    const { people } = this.#deps;
    const [, group, key, action] = /^POST (people|teams|group-chats)\/([\w-]+)\/(\w+)$/.exec(route) ?? [];
    if (key === undefined) {
      throw notFound();
    }
    switch (group === 'people' ? action : `place ${action}`) {
      case 'install':
      case 'place install':
        return ok(await people.install(key));
      case 'uninstall':
      case 'place uninstall':
        return ok(await people.uninstall(key));
      case 'block':
      case 'unblock':
        people.block(key, action === 'block');
        return done();
      case 'messages':
        return ok(await people.write(key, readText(body)));
      case 'actions':
        return ok(await people.press(key, readPress(body)));
      default:
        throw notFound();
    }
  }
}

async function readChange(request: IncomingMessage): Promise<Body> {
  const bytes = await readBody(request, MAX_BODY_BYTES);
  if (bytes?.length === 0) {
    return {};
  }
  const body = bytes && isJsonType(request.headers['content-type']) ? parseJsonObject(bytes) : undefined;
  if (!body) {
    throw new AppError('invalid_request', 'Expected a JSON object of at most 1 MB as application/json');
  }
  return body;
}

function readText(body: Body): string {
  const text = typeof body['text'] === 'string' ? body['text'].trim() : '';
  if (text === '' || text.length > MAX_TEXT_LENGTH) {
    throw new AppError('invalid_request', `Expected \`text\` to be 1 to ${MAX_TEXT_LENGTH} characters`);
  }
  return text;
}

function readPress(body: Body): { messageId: string; action: string; inputs: Body } {
  const { messageId, action, inputs } = body;
  if (typeof messageId !== 'string' || typeof action !== 'string') {
    throw new AppError('invalid_request', 'Expected `messageId`, and `action`: the id or the title of a button');
  }
  return { messageId, action, inputs: isRecord(inputs) ? inputs : {} };
}

function readEndpoint(body: Body): string {
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
