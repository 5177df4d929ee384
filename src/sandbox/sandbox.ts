// The sandbox: a local stand-in for Microsoft Teams, made of one HTTP server and a small organisation.

import { AppError } from '../domain/errors.ts';
import { botAccountId } from './activities.ts';
import { type ActivityResult, ActivitySender } from './activity-sender.ts';
import { Connector } from './connector.ts';
import { Control } from './control.ts';
import { Conversations, type WireActivity } from './conversations.ts';
import { type SandboxEvent, SandboxEvents, type WaitOptions } from './events.ts';
import { Faults } from './faults.ts';
import { CONNECTOR_PATH, type HttpServer, listen } from './http-server.ts';
import { Identity } from './identity.ts';
import { Ledger } from './ledger.ts';
import { Memberships } from './memberships.ts';
import { MessageOperations } from './message-operations.ts';
import { readSandboxOptions, requireLoopbackUrl, type SandboxOptions, type SandboxSettings } from './options.ts';
import { Organisation } from './organisation.ts';
import { PeopleActions } from './people-actions.ts';
import { PlaceChanges } from './place-changes.ts';
import { createRateLimits, noRateLimits } from './rate-limits.ts';
import { RosterOperations } from './roster-operations.ts';
import { SigningKeys, type TokenClaims, type TokenOverrides } from './signing-keys.ts';
import { describeState, type SandboxState } from './state.ts';
import { Tokens } from './tokens.ts';

/** What exists only while the sandbox runs, because it needs the port or the key. */
interface Running {
  readonly url: string;
  readonly server: HttpServer;
  readonly keys: SigningKeys;
  readonly sender: ActivitySender;
  readonly people: PeopleActions;
  readonly places: PlaceChanges;
  readonly identity: Identity;
}

/**
 * A sandbox that is not started yet.
 * @throws AppError `config_invalid`
 */
export function createSandbox(options: SandboxOptions): Sandbox {
  return new Sandbox(readSandboxOptions(options));
}

/** The whole stand-in; what it shows is what tests and tools work with. */
export class Sandbox {
  /** Everybody and everything there is, with ids. */
  readonly organisation: Organisation;
  readonly conversations: Conversations;
  /** Who belongs to which team and group chat. */
  readonly memberships: Memberships;
  readonly events = new SandboxEvents();
  readonly faults = new Faults();
  /** Every request that the Connector received. */
  readonly ledger: Ledger;
  /** Access tokens for the Connector: `issue` one, or `revokeAll`. */
  readonly tokens: Tokens;
  readonly #settings: SandboxSettings;
  #running: Promise<Running> | undefined;
  #parts: Running | undefined;

  constructor(settings: SandboxSettings) {
    const { clock } = settings;
    this.#settings = settings;
    this.organisation = new Organisation(settings.peopleCount);
    this.conversations = new Conversations(
      { organisation: this.organisation, clock },
      settings.maxMessagesPerConversation,
    );
    this.memberships = new Memberships(this.organisation);
    this.ledger = new Ledger(settings.maxLedgerEntries);
    this.tokens = new Tokens(clock, settings);
  }

  /** Listens. Calling it again waits for the same start. */
  async start(): Promise<void> {
    this.#running ??= this.#run();
    try {
      this.#parts = await this.#running;
    } catch (error) {
      this.#running = undefined;
      throw error;
    }
  }

  /** Ends every connection, also those that a fault keeps hanging. Messages and installations stay. */
  async stop(): Promise<void> {
    const parts = await this.#running;
    this.#running = undefined;
    this.#parts = undefined;
    parts?.sender.stop();
    await parts?.server.close();
  }

  /** For example `http://127.0.0.1:41234`, without a slash at the end. */
  get url(): string {
    return this.#started.url;
  }

  /** The `serviceUrl` of all activities, with a slash at the end. */
  get serviceUrl(): string {
    return `${this.url}${CONNECTOR_PATH}`;
  }

  /** What people do: install, write, press, block. */
  get people(): PeopleActions {
    return this.#started.people;
  }

  /** What happens to teams, channels and group chats: members, names, deleting. */
  get places(): PlaceChanges {
    return this.#started.places;
  }

  /** How often metadata, keys and tokens were asked for. */
  get identityCounts(): Identity['counts'] {
    return this.#started.identity.counts;
  }

  state(): SandboxState {
    return describeState(this, {
      botName: this.#settings.botName,
      lastEventId: this.events.lastId,
      undelivered: this.#parts?.sender.keptCount ?? 0,
    });
  }

  /** @throws AppError `config_invalid` unless it is an address on this machine */
  setBotEndpoint(url: string): void {
    requireLoopbackUrl(url);
    this.#started.sender.botEndpoint = url;
  }

  /** Sends any activity, signed, once. */
  sendActivity(activity: WireActivity): Promise<ActivityResult> {
    return this.#started.sender.invoke(activity);
  }

  /** A token as Teams would send it to the bot, unless claims and overrides say otherwise. */
  signToken(claims: TokenClaims = {}, overrides: TokenOverrides = {}): Promise<string> {
    const usual = { aud: this.#settings.appId, serviceurl: this.serviceUrl };
    return this.#started.keys.sign({ ...usual, ...claims }, overrides);
  }

  /** Replaces the signing key: tokens of the old one are no longer good. */
  rollKeys(): Promise<void> {
    return this.#started.keys.roll();
  }

  /** The next event that fits. @throws AppError `internal` after `timeoutMs` */
  waitFor(predicate: (event: SandboxEvent) => boolean, options: WaitOptions): Promise<SandboxEvent> {
    return this.events.waitFor(predicate, options);
  }

  get #started(): Running {
    if (!this.#parts) {
      throw new AppError('internal', 'The sandbox is not started');
    }
    return this.#parts;
  }

  async #run(): Promise<Running> {
    const { clock, host, port } = this.#settings;
    const keys = await SigningKeys.create(clock);
    const server = await listen(host, port);
    const url = `http://${host.includes(':') ? `[${host}]` : host}:${server.port}`;
    const identity = new Identity({ clock, faults: this.faults, keys, tokens: this.tokens }, url);
    const { sender, people, places } = this.#createPeople(keys, url);
    const { conversations, events, faults, ledger, tokens } = this;
    const state = () => this.state();
    const control = new Control({
      ...{ clock, conversations, events, faults, keys, ledger, people, places, sender, tokens },
      describeState: state,
    });
    server.open({ connector: this.#createConnector(), control, identity, port: server.port });
    return { url, server, keys, sender, people, places, identity };
  }

  #createPeople(keys: SigningKeys, url: string): Pick<Running, 'sender' | 'people' | 'places'> {
    const { clock } = this.#settings;
    const { conversations, events, memberships, organisation } = this;
    const frame = { ...this.#settings, tenantId: organisation.tenantId, serviceUrl: `${url}${CONNECTOR_PATH}` };
    const sender = new ActivitySender({ clock, events, keys }, frame);
    sender.botEndpoint = this.#settings.botEndpoint;
    const deps = { clock, conversations, events, frame, memberships, organisation, sender };
    return { sender, people: new PeopleActions(deps), places: new PlaceChanges(deps) };
  }

  #createConnector(): Connector {
    const { appId, clock, hasRateLimits } = this.#settings;
    const { conversations, events, faults, ledger, tokens } = this;
    return new Connector({
      ...{ clock, conversations, events, faults, ledger, tokens },
      limits: hasRateLimits ? createRateLimits(clock) : noRateLimits,
      messages: new MessageOperations(this, botAccountId(appId)),
      roster: new RosterOperations(this),
    });
  }
}
