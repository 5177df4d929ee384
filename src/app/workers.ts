// What goes out by itself: the way to Teams, and whoever uses it without being asked.

import { AskTimes } from '../asks/ask-times.ts';
import { ShowAnswers } from '../asks/show-answers.ts';
import { Dispatcher } from '../delivery/dispatcher.ts';
import { Maintenance } from '../delivery/maintenance.ts';
import { MessageChanges } from '../delivery/message-changes.ts';
import { DialogTimes } from '../dialogs/dialog-times.ts';
import type { SteadyClock } from '../domain/clock.ts';
import type { BotVoice } from '../installations/bot-messages.ts';
import { PeopleLookUp } from '../installations/look-up-people.ts';
import { RosterReader } from '../installations/read-rosters.ts';
import { type AccessTokens, createAccessTokens } from '../teams/access-token.ts';
import type { ClosableTokenSource } from '../teams/client-credentials-token-source.ts';
import { type Connector, createConnector } from '../teams/connector.ts';
import { createDialogRunner } from '../teams/dialogs/create-dialog-runner.ts';
import { createRoster } from '../teams/roster.ts';
import { createSender } from '../teams/sender.ts';
import { createTokenSource } from '../teams/token-source.ts';
import { TellAnswers } from '../tells/answer-tells.ts';
import type { Ground, Rooms } from './ground.ts';
import { createOwnVoteReader, createPollWorkers, type PollWorkers } from './poll-cards.ts';
import { findSubstitutes } from './substitutes.ts';

/** The way to Teams. */
export interface Outbound {
  readonly source: ClosableTokenSource;
  readonly tokens: AccessTokens;
  readonly connector: Connector;
}

/** Opens nothing before the first request. */
export function createOutbound({ config, clock, logger }: Ground): Outbound {
  const source = createTokenSource({ clock }, { ...config.bot, ...config.teams });
  const tokens = createAccessTokens({ source, clock, logger });
  // What waits for a connection misses its slot: one for each delivery, one for looking people up, one for rosters.
  const connector = createConnector({ tokens, clock }, { ...config.teams, maxConnections: config.maxInFlight + 2 });
  return { tokens, connector, source };
}

/** Whoever works in the background. */
export interface Workers {
  readonly dispatcher: Dispatcher;
  readonly lookUp: PeopleLookUp;
  readonly maintenance: Maintenance;
  readonly changes: MessageChanges;
  readonly tells: TellAnswers;
  readonly polls: PollWorkers;
  readonly answers: ShowAnswers;
  /** @param voice under whose name the bot speaks */
  start(voice: BotVoice): Promise<void>;
  /** Resolves when nobody is welcomed, reminded or asked any more. Idempotent. */
  stopSpeaking(): Promise<void>;
}

/** @param wall the clock that follows the wall clock, where this process is the only one on its store */
export function createWorkers(rooms: Rooms, { connector, tokens }: Outbound, wall: SteadyClock | undefined): Workers {
  const { clock, config, randomUuid } = rooms;
  const sender = createSender({ connector, tokens, clock }, config.maxCardUnits);
  const roster = createRoster({ connector, clock, createRequestId: randomUuid });
  const { defaultTimeZone } = config;
  const ports = { sender, readOwnVote: createOwnVoteReader(rooms) };
  const deps = { ...rooms, ...ports, wall, defaultTimeZone, serviceUrlPolicy: config.teams.serviceUrlPolicy };
  const dispatcher = new Dispatcher(deps, { maxInFlight: config.maxInFlight, isAlone: wall !== undefined });
  const lookUp = new PeopleLookUp({ ...rooms, roster });
  const maintenance = new Maintenance(rooms, config.retention);
  const changes = new MessageChanges(rooms);
  const tells = new TellAnswers(rooms);
  const polls = createPollWorkers(rooms);
  const answers = new ShowAnswers({ ...rooms, wakeChanges: () => changes.wake() });
  let rosterReader: RosterReader | undefined;
  let dialogTimes: DialogTimes | undefined;
  let askTimes: AskTimes | undefined;
  return {
    dispatcher,
    lookUp,
    maintenance,
    changes,
    tells,
    polls,
    answers,
    async start(voice) {
      await dispatcher.start();
      lookUp.start();
      rosterReader = new RosterReader({ ...rooms, roster, voice, welcomesMembers: config.welcomesTeamMembers });
      rosterReader.start();
      maintenance.start();
      changes.wake();
      tells.start();
      polls.start();
      dialogTimes = new DialogTimes({ ...rooms, voice: { ...voice, defaultTimeZone }, runner: createDialogRunner() });
      dialogTimes.start();
      answers.start();
      askTimes = new AskTimes({ ...rooms, voice, findSubstitutes });
      askTimes.start();
    },
    async stopSpeaking() {
      await Promise.all([rosterReader?.stop(), askTimes?.stop(), dialogTimes?.stop()]);
    },
  };
}
