// CPU time of the sender alone, beside bare undici and Microsoft's SDK.

import type { Benchmark } from '../benchmark.ts';
import { startSendLoop } from '../send-loop.ts';
import { APP_ID, openSandbox } from '../stage.ts';
import { interleave, median, medianRatio } from '../statistics.ts';

const PEOPLE = 100;
const ROUNDS = 7;
const MESSAGES = 1_000;

/** One process posts in all ways in turn, to the same server. */
export const senderCpu: Benchmark = {
  name: 'sender-cpu',
  async run(resources) {
    const sandbox = await openSandbox(resources, PEOPLE);
    const { serviceUrl, tokens } = sandbox;
    const loop = startSendLoop(resources, { appId: APP_ID, serviceUrl, token: tokens.issue(), peopleCount: PEOPLE });
    const { undici, sender, variedSender, cloudAdapter } = await interleave(ROUNDS, {
      undici: () => loop({ way: 'undici', count: MESSAGES }),
      sender: () => loop({ way: 'sender', count: MESSAGES }),
      variedSender: () => loop({ way: 'variedSender', count: MESSAGES }),
      cloudAdapter: () => loop({ way: 'cloudAdapter', count: MESSAGES }),
    });
    return [
      { measure: 'CPU a message: bare undici', value: median(undici), unit: 'ms' },
      { measure: 'CPU a message: sender, one event to all', value: median(sender), unit: 'ms' },
      { measure: 'CPU a message: sender, each another event', value: median(variedSender), unit: 'ms' },
      { measure: 'CPU a message: CloudAdapter', value: median(cloudAdapter), unit: 'ms' },
      { measure: 'sender: multiple of bare undici', value: medianRatio(sender, undici), unit: 'times', bar: 1.3 },
      {
        measure: 'sender, each another event: multiple of bare undici',
        value: medianRatio(variedSender, undici),
        unit: 'times',
      },
      { measure: 'sender: multiple of CloudAdapter', value: medianRatio(sender, cloudAdapter), unit: 'times' },
    ];
  },
};
