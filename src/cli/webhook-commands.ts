// The commands for status webhooks: list, disable, enable, replay. They see all producers.

import type { Command } from 'commander';
import { requireWebhook } from '../callbacks/manage-webhooks.ts';
import { replayEvents } from '../callbacks/webhook-messages.ts';
import type { Clock } from '../domain/clock.ts';
import type { WebhookRow } from '../store/statements/webhook-endpoints.ts';
import type { Store } from '../store/store.ts';
import { parseInstant } from './time-arguments.ts';

/** What the commands work with. */
export interface WebhookCommandTools {
  /** Opens the database for `work`, beside a running service. */
  withStore<T>(work: (deps: { readonly store: Store; readonly clock: Clock }) => Promise<T>): Promise<T>;
  print(text: string): void;
}

/** Adds them below `command`. */
export function addWebhookCommands(command: Command, tools: WebhookCommandTools): void {
  const { withStore, print } = tools;
  command
    .command('list')
    .description('list all webhooks and how they fare')
    .action(() => list(tools));
  command
    .command('disable <id>')
    .description('send nothing there from now on; what waits stays')
    .action(async (id: string) => {
      await withStore(({ store, clock }) =>
        store.write(async (tx) => {
          const webhook = await requireWebhook(tx, { id });
          await tx.webhookHealth.disable(webhook.id, 'operator', clock.nowMs());
        }),
      );
      print('Disabled.\n');
    });
  command
    .command('enable <id>')
    .description('send there again, also what waits')
    .action(async (id: string) => {
      await withStore(async ({ store }) => {
        await store.write(async (tx) => tx.webhookHealth.enable((await requireWebhook(tx, { id })).id));
        store.signalWork();
      });
      print('Enabled.\n');
    });
  command
    .command('replay <id>')
    .description('send again all that happened in a time, up to 30 days ago')
    .requiredOption('--since <time>', 'from then on: 30m, 2h, 7d ago, or 2026-01-31T08:00:00Z', parseInstant)
    .option('--until <time>', 'before then, in the same forms', parseInstant)
    .action(async (id: string, { since, until }: { readonly since: number; readonly until?: number }) => {
      const queued = await withStore((deps) => replayEvents(deps, { id }, { sinceMs: since, untilMs: until }));
      print(`Queued: ${queued}.\n`);
    });
}

/** Addresses may carry secrets in their query: only the host is shown. */
async function list({ withStore, print }: WebhookCommandTools): Promise<void> {
  const { webhooks, producers } = await withStore(async ({ store }) => ({
    webhooks: await store.read.webhookEndpoints.list(),
    producers: new Map((await store.read.producers.list()).map(({ id, name }) => [id, name])),
  }));
  const lines = webhooks.map((webhook) => {
    const parts = [webhook.publicId, producers.get(webhook.producerId) ?? '-', new URL(webhook.url).host];
    return `${[...parts, webhook.events?.join(',') ?? 'all events', describeHealth(webhook)].join('  ')}\n`;
  });
  print(lines.length === 0 ? 'None.\n' : lines.join(''));
}

function describeHealth({ disabledAtMs, disabledReason, failures, failingSinceMs }: WebhookRow): string {
  if (disabledAtMs !== null) {
    return `DISABLED (${disabledReason})`;
  }
  return failingSinceMs === null
    ? 'well'
    : `failing since ${new Date(failingSinceMs).toISOString()}, ${failures} times`;
}
