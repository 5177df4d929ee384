// The settings with which tests take activities in.

import { APP_ID } from './store-fixtures.ts';

export const INBOUND_CONFIG = {
  bot: { appId: APP_ID },
  laneRatePerSecond: Number.POSITIVE_INFINITY,
  defaultTimeZone: 'UTC',
  sealingKeys: [{ id: '0badc0de', bytes: new Uint8Array(32).fill(7) }],
  welcomesTeamMembers: false,
  recordsReads: true,
} as const;
