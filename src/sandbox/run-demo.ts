// `bellhop demo`: the whole story without a browser, told by what the sandbox itself saw.

import { setTimeout } from 'node:timers/promises';
import { AppError } from '../domain/errors.ts';
import { readableText } from './card-text.ts';
import type { SandboxEvent } from './events.ts';
import { member } from './exchange.ts';
import { openStage, type Stage, type StageTools } from './stage.ts';

interface DemoTools extends StageTools {
  /** Writes text for the person at the terminal. */
  print(text: string): void;
}

const STEP_TIMEOUT_MS = 15_000;
/** The welcome and the first event. */
const BEFORE_THE_CRASH = 2;
const ORDERS = ['first', 'second', 'third', 'fourth', 'fifth'] as const;

/**
 * Plays the story and throws at the first step that the sandbox did not see.
 *
 * @param folder for the database; made anew
 */
export async function runDemo(tools: DemoTools, folder: string): Promise<void> {
  const stage = await openStage(tools, { folder, sandboxPort: 0, servicePort: 0 });
  try {
    tools.print('Bellhop demo: the service and a stand-in for Teams, both on this machine.\n');
    await beWelcomed(stage, tools);
    await readAnEvent(stage, tools);
    await surviveACrash(stage, tools);
    tools.print('\nEvery step was seen by the sandbox: nothing was lost and nothing came twice.\n');
  } finally {
    await stage.close();
  }
}

async function beWelcomed(stage: Stage, { print }: DemoTools): Promise<void> {
  print('\n1. Ana installs the bot. She reads:\n');
  const welcome = nextMessage(stage, () => true);
  await stage.sandbox.people.install('ana');
  print(quote(await welcome));
}

async function readAnEvent(stage: Stage, { print }: DemoTools): Promise<void> {
  print('\n2. A build server POSTs an event:\n');
  const seen = nextMessage(stage, (text) => text.includes('Deploy finished'));
  const { id, status } = await post(stage, {
    to: ['ana@contoso.com'],
    title: 'Deploy finished',
    text: 'api 4.2.0 is live',
    severity: 'success',
    facts: [{ name: 'Service', value: 'api' }],
  });
  print(`   answered ${status}, ${id}\n   Ana reads:\n`);
  print(quote(await seen));
  const state = await statesWhenDone(stage, id);
  print(`\n3. GET /api/v1/notifications/${id} says: ${state}\n`);
  require(state === 'sent', 'the status is "sent"');
}

async function surviveACrash(stage: Stage, { print }: DemoTools): Promise<void> {
  const { sandbox } = stage;
  print('\n4. Teams stops answering. Five more events are POSTed:\n');
  sandbox.faults.add({ operation: 'sendToConversation', times: 'untilCleared', answer: { kind: 'hang' } });
  for (const order of ORDERS) {
    const { status } = await post(stage, { to: ['ana@contoso.com'], title: titleOf(order) });
    print(`   "${titleOf(order)}": answered ${status}\n`);
  }
  print('\n5. The service is killed (kill -9). Teams comes back, the service is started again. Ana reads:\n');
  await stage.service().end('SIGKILL');
  sandbox.faults.clear();
  const messages = ORDERS.map((order) => nextMessage(stage, (text) => text.includes(titleOf(order))));
  await stage.restartService();
  for (const message of messages) {
    print(quote(await message));
  }
  const chat = sandbox.state().people.find((person) => person.key === 'ana')?.messages ?? [];
  const fromBot = chat.filter((message) => message.author === 'bot').length;
  require(fromBot === BEFORE_THE_CRASH + ORDERS.length, `nothing else stands in the chat, found ${fromBot} messages`);
  for (const order of ORDERS) {
    const copies = chat.filter((message) => readableText(message.activity).includes(titleOf(order)));
    require(copies.length === 1, `"${titleOf(order)}" stands in the chat once, found ${copies.length}`);
  }
}

function titleOf(order: string): string {
  return `The ${order} order has come in`;
}

async function post(stage: Stage, notification: unknown): Promise<{ status: number; id: string }> {
  const response = await fetch(`${stage.service().url}/api/v1/notifications`, {
    method: 'POST',
    headers: { authorization: `Bearer ${stage.apiKey}`, 'content-type': 'application/json' },
    body: JSON.stringify(notification),
  });
  require(response.status === 202, `the event is answered 202, got ${response.status}`);
  return { status: response.status, id: String(member(await response.json(), 'id')) };
}

const STATUS_TRIES = 50;
const STATUS_PAUSE_MS = 100;

/** The card may be on the screen an instant before the Connector's answer is written down. */
async function statesWhenDone(stage: Stage, id: string): Promise<string> {
  for (let tries = 1; ; tries++) {
    const response = await fetch(`${stage.service().url}/api/v1/notifications/${id}`, {
      headers: { authorization: `Bearer ${stage.apiKey}` },
    });
    const status = await response.json();
    if (member(status, 'progress') === 'done' || tries === STATUS_TRIES) {
      return Object.keys(Object(member(status, 'counts'))).join(', ');
    }
    await setTimeout(STATUS_PAUSE_MS);
  }
}

function require(isSeen: boolean, what: string): void {
  if (!isSeen) {
    throw new AppError('internal', `Expected that ${what}`);
  }
}

async function nextMessage(stage: Stage, fits: (text: string) => boolean): Promise<readonly string[]> {
  const event = await stage.sandbox.waitFor((one) => fits(textOf(one).join('\n')) && one.kind === 'message', {
    timeoutMs: STEP_TIMEOUT_MS,
  });
  return textOf(event);
}

function textOf(event: SandboxEvent): readonly string[] {
  return event.kind === 'message' ? readableText(event.message.activity) : [];
}

function quote(lines: readonly string[]): string {
  return lines.map((line) => `   | ${line.replaceAll('\n', '\n   | ')}\n`).join('');
}
