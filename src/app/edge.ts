// What answers from outside: activities of Teams, requests of producers and operators.

import type { MessageChanges } from '../delivery/message-changes.ts';
import { createProducerOperations } from '../delivery/producer-operations.ts';
import { createPersonRequests } from '../directory/person-requests.ts';
import { checkCard } from '../domain/card-check.ts';
import type { UseCases } from '../http/routes.ts';
import { createHttpServer, type HttpServer } from '../http/server.ts';
import type { WebhookUseCases } from '../http/webhook-routes.ts';
import { createAcceptance } from '../notifications/accept-notification.ts';
import { editNotification, recallNotification } from '../notifications/change-notification.ts';
import { createDryRun } from '../notifications/dry-run.ts';
import { listDeliveriesOf } from '../notifications/list-deliveries.ts';
import { listNotifications } from '../notifications/list-notifications.ts';
import { listResponsesTo } from '../notifications/list-responses.ts';
import { listUndelivered } from '../notifications/list-undelivered.ts';
import { getNotificationStatus } from '../notifications/notification-status.ts';
import { createWaitUntilEnded } from '../notifications/wait-until-ended.ts';
import { createWaiting, type WaitFor } from '../notifications/waiting.ts';
import { createAuthenticate } from '../producers/authenticate.ts';
import type { Grant } from '../producers/grant.ts';
import type { BotVoice } from '../store/queue-as-bot.ts';
import { createActivityEndpoint } from '../teams/activity-endpoint.ts';
import { createCardComposer } from '../teams/cards/composer.ts';
import { createInboundGuard } from '../teams/inbound-guard.ts';
import type { SigningKeys } from '../teams/signing-keys.ts';
import { readReadiness } from '../telemetry/readiness.ts';
import { createProducerTemplates } from '../templates/producer-templates.ts';
import { createPollUseCases } from './ask-polls.ts';
import { createDialogUseCases } from './dialogs.ts';
import type { Ground, Rooms } from './ground.ts';
import { createHooks } from './hooks.ts';
import { createInbound } from './inbound.ts';
import { createTopics } from './topics.ts';

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
  const composer = createCardComposer(config.maxCardUnits);
  const { fillTemplate, ...templates } = createProducerTemplates({ store, clock, checkCard });
  const { accept, acceptAll } = createAcceptance({ ...rooms, composer, fillTemplate }, config);
  const dryRun = createDryRun({ store, clock, composer, fillTemplate }, config);
  const waitFor = createWaiting(rooms);
  const waitUntilEnded = createWaitUntilEnded({ store, clock, waitFor });
  return createHttpServer(
    {
      logger,
      metrics,
      clock,
      receiveActivity: createReceiveActivity(rooms, keys, voice),
      authenticate: createAuthenticate(rooms),
      async acceptNotification({ grant, wait, ...input }) {
        const isAnswerAwaited = wait?.until === 'acknowledged';
        const { answer, isReplay } = await accept({ ...input, isAnswerAwaited, sender: toSender(grant) });
        const { producerId } = grant;
        const body = wait ? await waitUntilEnded({ answer, producerId }, wait) : answer;
        return { status: 202, body, location: `/api/v1/notifications/${answer.id}`, isReplay };
      },
      tryNotification: ({ grant, json }) => dryRun({ sender: toSender(grant), json }),
      ...createLists(rooms, waitFor),
      editNotification: (input) => editNotification(rooms, input).finally(() => changes.wake()),
      recallNotification: (input) => recallNotification(rooms, input).finally(() => changes.wake()),
      ...createProducerOperations(rooms),
      ...createPersonRequests(rooms),
      ...templates,
      topics: createTopics({ store, clock }),
      polls: createPollUseCases(rooms, { accept, toSender }),
      dialogs: createDialogUseCases(rooms, voice),
      webhooks,
      hooks: createHooks(rooms, config, { dryRun, acceptAll }),
      isReady: () => readReadiness({ isStoreWritable: () => store.isWritable(), keyAgeMs: () => keys.ageMs() }),
    },
    { ...config, isActivityTokenRequired: !config.teams.isUnauthenticatedLoopback, ...EDGE_LIMITS },
  );
}

function createReceiveActivity(rooms: Rooms, keys: SigningKeys, voice: BotVoice) {
  const { config, clock, logger } = rooms;
  const { appId } = config.bot;
  const guard = createInboundGuard({ keys, clock, logger }, { appId, ...config.teams });
  return createActivityEndpoint({ guard, handle: createInbound(rooms, voice), logger, clock }, { appId });
}

/** What producers ask about what they have sent. */
function createLists({ store, clock }: Rooms, waitFor: WaitFor) {
  return {
    getNotification: ({ grant, id, wait }) =>
      getNotificationStatus({ store, clock, waitFor }, { publicId: id, producerId: grant.producerId }, wait),
    listNotifications: (input) => listNotifications({ store }, input),
    listDeliveriesOf: (input) => listDeliveriesOf({ store, clock }, input),
    listResponsesTo: (input) => listResponsesTo({ store }, input),
    listDeliveries: (input) => listUndelivered({ store }, input),
  } satisfies Partial<UseCases>;
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
    canPassQuiet: scopes.includes('urgent'),
    recipients,
  };
  return { producerId, producerName, rights };
}
