// Activities as Teams sends them, with invented ids.

export const APP_ID = '1a1a1a1a-1111-4111-8111-111111111111';
export const TENANT_ID = '2b2b2b2b-2222-4222-8222-222222222222';
export const USER_OBJECT_ID = '3c3c3c3c-3333-4333-8333-333333333333';
export const SERVICE_URL = 'https://smba.trafficmanager.net/emea/';
export const BOT_ID = `28:${APP_ID}`;
export const USER_ID = '29:1-user_A';
export const TEAM_ID = '19:team@thread.tacv2';

export type Body = Readonly<Record<string, unknown>>;

/** A message in the 1:1 chat; `parts` replace its own, and undefined takes one away. */
export function personalMessage(parts: Body = {}): Body {
  return {
    type: 'message',
    id: '1767225600000',
    timestamp: '2026-01-01T00:00:00.000Z',
    channelId: 'msteams',
    serviceUrl: SERVICE_URL,
    from: { id: USER_ID, aadObjectId: USER_OBJECT_ID, name: 'Jo' },
    recipient: { id: BOT_ID, name: 'Bellhop' },
    conversation: { conversationType: 'personal', tenantId: TENANT_ID, id: 'a:1conv' },
    channelData: { tenant: { id: TENANT_ID } },
    text: 'help',
    ...parts,
  };
}

/** The app comes to the 1:1 chat, or leaves it. */
export function personalInstallation(action: string): Body {
  return personalMessage({ type: 'installationUpdate', id: 'f:0001', action, text: undefined });
}

/** An activity in a channel of a team. */
export function teamActivity(parts: Body = {}): Body {
  return personalMessage({
    conversation: { conversationType: 'channel', isGroup: true, tenantId: TENANT_ID, id: TEAM_ID },
    channelData: { tenant: { id: TENANT_ID }, team: { id: TEAM_ID, name: 'Operations', aadGroupId: 'ignored' } },
    ...parts,
  });
}

/** Somebody presses an `Action.Execute` button. */
export function cardAction(action: unknown): Body {
  return personalMessage({ type: 'invoke', name: 'adaptiveCard/action', value: { action, trigger: 'manual' } });
}

export function bytesOf(body: unknown): Buffer {
  return Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
}
