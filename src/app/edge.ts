// What answers from outside: activities of Teams, requests of producers and operators.

import type { MessageChanges } from '../delivery/message-changes.ts';
import { createProducerOperations } from '../delivery/producer-operations.ts';
import { createPersonRequests } from '../directory/person-requests.ts';
import { checkCard } from '../domain/card-check.ts';
import { createHttpServer, type HttpServer } from '../http/server.ts';
import type { WebhookUseCases } from '../http/webhook-routes.ts';
import { createInboundUseCases } from '../installations/record-event.ts';
import { createAcceptance } from '../notifications/accept-notification.ts';
import { editNotification, recallNotification } from '../notifications/change-notification.ts';
import { createDryRun } from '../notifications/dry-run.ts';
import { listDeliveriesOf } from '../notifications/list-deliveries.ts';
import { listNotifications } from '../notifications/list-notifications.ts';
import { listUndelivered } from '../notifications/list-undelivered.ts';
import { getNotificationStatus } from '../notifications/notification-status.ts';
import { createWaitUntilEnded } from '../notifications/wait-until-ended.ts';
import { createAuthenticate } from '../producers/authenticate.ts';
import type { Grant } from '../producers/grant.ts';
import { createActivityEndpoint } from '../teams/activity-endpoint.ts';
import { createCardComposer } from '../teams/cards/composer.ts';
import { createInboundGuard } from '../teams/inbound-guard.ts';
import type { SigningKeys } from '../teams/signing-keys.ts';
import { readReadiness } from '../telemetry/readiness.ts';
import { createProducerTemplates } from '../templates/producer-templates.ts';
import type { Ground, Rooms } from './ground.ts';
import { createHooks } from './hooks.ts';

/** What the edge needs beside the rooms. */
export interface EdgeParts {
  /** The producer of what the bot itself says. */
  readonly producerId: number;
  readonly randomBytes: Ground['randomBytes'];
  readonly changes: Pick<MessageChanges, 'wake'>;
  readonly webhooks: WebhookUseCases;
}

/** Builds the server with everything that its routes call; it does not listen yet. */
export function createEdge(rooms: Rooms, keys: SigningKeys, { changes, webhooks, ...voice }: EdgeParts): HttpServer {
  const { config, clock, logger, store, metrics } = rooms;
  const { appId } = config.bot;
  const guard = createInboundGuard({ keys, clock, logger }, { appId, ...config.teams });
  const laneIntervalUs = Math.ceil(1_000_000 / config.laneRatePerSecond);
  const handle = createInboundUseCases({ ...rooms, voice }, { appId, laneIntervalUs });
  const composer = createCardComposer(config.maxCardUnits);
  const { fillTemplate, ...templates } = createProducerTemplates({ store, clock, checkCard });
  const { accept, acceptAll } = createAcceptance({ ...rooms, composer, fillTemplate }, config);
  const dryRun = createDryRun({ store, clock, composer, fillTemplate }, config);
  const waitUntilEnded = createWaitUntilEnded(rooms);
  return createHttpServer(
    {
      logger,
      metrics,
      clock,
      receiveActivity: createActivityEndpoint({ guard, handle, logger, clock }, { appId }),
      authenticate: createAuthenticate(rooms),
      async acceptNotification({ grant, wait, ...input }) {
        const { answer, isReplay } = await accept({ ...input, sender: toSender(grant) });
        const { producerId } = grant;
        const body = wait ? await waitUntilEnded({ answer, producerId }, wait) : answer;
        return { status: 202, body, location: `/api/v1/notifications/${answer.id}`, isReplay };
      },
      tryNotification: ({ grant, json }) => dryRun({ sender: toSender(grant), json }),
      getNotification: ({ grant, id }) =>
        getNotificationStatus({ store, clock }, { publicId: id, producerId: grant.producerId }),
      listNotifications: (input) => listNotifications({ store }, input),
      listDeliveriesOf: (input) => listDeliveriesOf({ store, clock }, input),
      async editNotification(input) {
        const answer = await editNotification(rooms, input);
        changes.wake();
        return answer;
      },
      async recallNotification(input) {
        const answer = await recallNotification(rooms, input);
        changes.wake();
        return answer;
      },
      ...createProducerOperations(rooms),
      ...createPersonRequests(rooms),
      ...templates,
      webhooks,
      hooks: createHooks(rooms, config, { dryRun, acceptAll }),
      listDeliveries: (input) => listUndelivered({ store }, input),
      isReady: () => readReadiness({ isStoreWritable: () => store.isWritable(), keyAgeMs: () => keys.ageMs() }),
    },
    { ...config, isActivityTokenRequired: !config.teams.isUnauthenticatedLoopback, ...EDGE_LIMITS },
  );
}

/** Half of the connections may be quiet, because their answers wait. */
const EDGE_LIMITS = { failuresPerMinute: 20, maxConnections: 2_000 } as const;

function toSender(grant: Grant) {
  const { producerId, producerName, tenantId, scopes, recipients } = grant;
  const rights = {
    ...(tenantId !== undefined && { tenantId }),
    canSend: scopes.includes('send'),
    canBroadcast: scopes.includes('broadcast'),
    canSendCards: scopes.includes('cards'),
    recipients,
  };
  return { producerId, producerName, rights };
}
