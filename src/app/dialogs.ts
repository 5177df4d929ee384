// Dialogs as producers begin them by the API.

import type { FindChat } from '../dialogs/begin-dialog.ts';
import { createProducerDialogs } from '../dialogs/producer-dialogs.ts';
import { AppError } from '../domain/errors.ts';
import type { DialogUseCases } from '../http/dialog-routes.ts';
import { resolveRecipients } from '../notifications/resolve-recipients.ts';
import type { BotVoice } from '../store/queue-as-bot.ts';
import type { Rooms } from './ground.ts';

/** Binds the use cases to the store. @param voice under whose name questions are asked */
export function createDialogUseCases(rooms: Rooms, voice: BotVoice): DialogUseCases {
  const { store, clock, config } = rooms;
  const rules = { appId: config.bot.appId, serviceUrlPolicy: config.teams.serviceUrlPolicy };
  const { beginDialog, ...dialogs } = createProducerDialogs(
    { store, clock, voice: { ...voice, defaultTimeZone: config.defaultTimeZone }, findChat },
    rules,
  );
  return {
    ...dialogs,
    beginDialog: ({ grant, ...input }) => {
      const { producerId, tenantId, recipients } = grant;
      return beginDialog({ ...input, asker: { producerId, recipients, ...(tenantId !== undefined && { tenantId }) } });
    },
  };
}

/** As a notification to this person finds it. */
const findChat: FindChat = async (statements, person, asker) => {
  const rights = { ...asker, canSend: true, canBroadcast: false };
  const { resolved, unresolved } = await resolveRecipients(statements, [person], rights);
  const found = resolved[0] ?? unresolved[0];
  if (!found) {
    throw new AppError('internal', 'A person was neither found nor missed');
  }
  return found;
};
