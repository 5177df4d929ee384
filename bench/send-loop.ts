// A process that does nothing but post messages, so that its CPU time is theirs.

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { AppError } from '../src/domain/errors.ts';
import type { Resources } from './resources.ts';

/**
 * `undici`: its `request()` with a body made once. `sender`: the service's own, one event for everybody.
 * `variedSender`: the same, another event for each message, so that each card is built.
 * `cloudAdapter`: `continueConversationAsync` of Microsoft's SDK.
 */
export type Way = 'undici' | 'sender' | 'variedSender' | 'cloudAdapter';

/** Where the messages go. */
export interface SendLoopOptions {
  readonly appId: string;
  readonly serviceUrl: string;
  readonly token: string;
  /** Messages go to the chats of this many synthetic people in turn. */
  readonly peopleCount: number;
}

export interface SendLoopTask {
  readonly way: Way;
  readonly count: number;
}

export type SendLoopAnswer = { readonly cpuMsPerMessage: number } | { readonly complaint: string };

/** One task at a time. @returns milliseconds of CPU time a message */
export type SendLoop = (task: SendLoopTask) => Promise<number>;

const FILE = fileURLToPath(new URL('./children/send-loop.ts', import.meta.url));
const TASK_TIMEOUT_MS = 60_000;

/** Starts the process; it ends with the benchmark, or when this process does. */
export function startSendLoop(resources: Resources, options: SendLoopOptions): SendLoop {
  const child = fork(FILE, [JSON.stringify(options)], {
    env: {},
    execArgv: ['--expose-gc'],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  resources.defer(async () => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
  });
  const ended = new AbortController();
  child.once('exit', () => ended.abort());
  return async (task) => {
    child.send(task);
    const signal = AbortSignal.any([ended.signal, AbortSignal.timeout(TASK_TIMEOUT_MS)]);
    const [answer]: SendLoopAnswer[] = await once(child, 'message', { signal });
    if (!answer || 'complaint' in answer) {
      throw new AppError('internal', `${task.way} could not post every message. ${answer?.complaint ?? ''}`);
    }
    return answer.cpuMsPerMessage;
  };
}
