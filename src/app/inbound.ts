// What comes in from Teams, put together: who records it, and who answers.

import { eraseOnOwnWish } from '../directory/person-requests.ts';
import { createSealer, type SealingKey } from '../domain/seal.ts';
import type { InboundUseCases } from '../installations/inbound-use-cases.ts';
import { createInboundUseCases, digestOfActivity } from '../installations/record-event.ts';
import { withForgetting } from '../preferences/forget-me.ts';
import type { BotVoice } from '../store/queue-as-bot.ts';
import { createDialogRunner } from '../teams/dialogs/create-dialog-runner.ts';
import { createAnswering } from './answering.ts';
import type { Rooms } from './ground.ts';

/** What answering takes from all that the rooms have. */
export type InboundRooms = Pick<Rooms, 'store' | 'clock' | 'logger' | 'metrics'> & {
  readonly config: {
    readonly bot: { readonly appId: string };
    readonly laneRatePerSecond: number;
    readonly defaultTimeZone: string;
    readonly sealingKeys: readonly SealingKey[];
    readonly welcomesTeamMembers: boolean;
    readonly recordsReads: boolean;
  };
};

/** Gives the use cases behind the endpoint of Teams. */
export function createInbound(rooms: InboundRooms, voice: BotVoice): InboundUseCases {
  const { bot, laneRatePerSecond, defaultTimeZone, recordsReads, sealingKeys } = rooms.config;
  const sealer = createSealer(voice, sealingKeys);
  const dialogRunner = createDialogRunner();
  const converse = createAnswering({ voice, sealer, defaultTimeZone, dialogRunner, recordsReads });
  const laneIntervalUs = Math.ceil(1_000_000 / laneRatePerSecond);
  const options = { appId: bot.appId, laneIntervalUs, welcomesMembers: rooms.config.welcomesTeamMembers };
  const useCases = createInboundUseCases({ ...rooms, voice, converse }, options);
  return withForgetting(useCases, {
    isRepeated: (event) => rooms.store.read.activities.isRemembered(digestOfActivity(event)),
    erase: (person) => eraseOnOwnWish(rooms, person),
  });
}
