// Somebody who can be written to.

import type { RunningService } from './running-service.ts';
import { until } from './until.ts';

/** Installs the app for somebody, and waits until their address is known: Teams tells it only when it is asked. */
export async function installReachable(service: RunningService, person: string): Promise<void> {
  await service.sandbox.people.install(person);
  const trial = { to: `${person}@contoso.com`, title: 'Hello' };
  await until(
    () => service.client.tryNotification(trial),
    ({ unresolved }) => unresolved.length === 0,
  );
}
