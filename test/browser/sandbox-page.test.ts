// The sandbox's page in a real browser, with a bot endpoint that only takes what it gets.

import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { createSandbox, type Sandbox } from '../../src/sandbox/sandbox.ts';
import { launchChromium } from '../support/chromium.ts';
import { until } from '../support/until.ts';

const APP_ID = '11111111-2222-4333-8444-555555555555';
const ANA_CHAT = 'a:1mT9xKc4Ana7WqZb2RfVyUj6HdPn8LsGe';

interface Received {
  readonly token: string;
  readonly activity: Record<string, unknown>;
}

let browser: Browser;
let bot: Server;
let received: Received[];
let answer: string;
let sandbox: Sandbox;
let page: Page;
/** What a page must not do: violate its policy, write errors, ask anybody else. */
let offences: string[];

beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());

beforeEach(async () => {
  received = [];
  answer = '';
  offences = [];
  bot = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) {
      chunks.push(chunk);
    }
    const token = String(request.headers.authorization).replace('Bearer ', '');
    received.push({ token, activity: JSON.parse(Buffer.concat(chunks).toString()) });
    response.end(answer);
  }).listen(0, '127.0.0.1');
  await once(bot, 'listening');
  const address = bot.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  const botEndpoint = `http://127.0.0.1:${port}/api/messages`;
  sandbox = createSandbox({
    appId: APP_ID,
    appSecret: 'secret',
    botEndpoint,
    deliveryRetryDelaysMs: [],
    keptRetryMs: 50,
  });
  await sandbox.start();
  page = await openPage();
});

afterEach(async () => {
  await page.context().close();
  await sandbox.stop();
  bot.closeAllConnections();
  bot.close();
  expect(offences).toEqual([]);
});

async function openPage(options: BrowserContextOptions = {}, hash = ''): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1_280, height: 800 }, ...options });
  const opened = await context.newPage();
  opened.on('console', (message) => offences.push(`${message.type()}: ${message.text()}`));
  opened.on('pageerror', (error) => offences.push(String(error)));
  opened.on('request', (request) => {
    if (!request.url().startsWith(sandbox.url) && !request.url().startsWith('data:')) {
      offences.push(request.url());
    }
  });
  await opened.goto(`${sandbox.url}/${hash}`);
  await opened.getByText('Live', { exact: true }).waitFor({ state: 'attached' });
  return opened;
}

const post = (activity: Record<string, unknown>, method = 'POST', path = '') =>
  postIn(ANA_CHAT, activity, { method, path });

async function postIn(
  conversationId: string,
  activity: Record<string, unknown>,
  { method = 'POST', path = '' } = {},
): Promise<string> {
  const id = encodeURIComponent(conversationId);
  const response = await fetch(`${sandbox.serviceUrl}v3/conversations/${id}/activities${path}`, {
    method,
    headers: { authorization: `Bearer ${sandbox.tokens.issue()}`, 'content-type': 'application/json' },
    body: JSON.stringify(activity),
  });
  const body = (await response.json()) as { id: string };
  return body.id;
}

function card(text: string, actions: Record<string, unknown>[] = [], body: Record<string, unknown>[] = []) {
  const content = {
    type: 'AdaptiveCard',
    version: '1.5',
    body: [{ type: 'TextBlock', text, wrap: true }, ...body],
    actions,
  };
  return {
    type: 'message',
    summary: `Summary of ${text}`,
    attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', content }],
  };
}

const log = () => page.getByRole('log');
const button = (name: string) => page.getByRole('button', { name });
const nextActivity = (type: string) =>
  sandbox.waitFor((event) => event.kind === 'activity' && event.activityType === type, { timeoutMs: 10_000 });

test('installing by the button reaches the bot with a valid token', async () => {
  await page.getByText('Ana has not installed Bellhop yet').waitFor();
  const delivered = nextActivity('conversationUpdate');
  await button('Install Bellhop').click();
  await delivered;
  expect(received.map(({ activity }) => activity['type'])).toEqual(['installationUpdate', 'conversationUpdate']);
  const keys = createRemoteJWKSet(new URL(`${sandbox.url}/.well-known/keys`));
  await jwtVerify(received[0]?.token ?? '', keys, { audience: APP_ID, issuer: 'https://api.botframework.com' });
  await page.getByText('No messages yet').waitFor();
});

test('a posted card appears without a reload, with a toast, and follows its edits', async () => {
  sandbox.people.installQuietly('ana');
  const id = await post(card('Disk **full** on [db1](https://example.com/db1)'));
  await log().getByText('Disk full on db1').waitFor();
  await page.getByRole('status').getByText('Summary of Disk').waitFor();
  const link = log().getByRole('link', { name: 'db1' });
  expect(await link.getAttribute('href')).toBe('https://example.com/db1');
  expect(await link.getAttribute('rel')).toBe('noopener noreferrer');
  await post(card('All is well again'), 'PUT', `/${id}`);
  await log().getByText('All is well again').waitFor();
  await log().getByText('Edited').waitFor();
  expect(await log().getByText('Disk').count()).toBe(0);
});

test('a card button sends its data with what was entered', async () => {
  sandbox.people.installQuietly('ana');
  const input = { type: 'Input.Text', id: 'comment', label: 'Comment' };
  const actions = [
    { type: 'Action.Submit', title: 'OK', data: { n: 1 } },
    { type: 'Action.Submit', title: 'OK', data: { n: 2 } },
  ];
  const id = await post(card('Agree?', actions, [input]));
  await log().getByLabel('Comment').fill('fine with me');
  await post(card('Another one'));
  await log().getByText('Another one').waitFor();
  const delivered = nextActivity('message');
  await log().getByRole('button', { name: 'OK' }).nth(1).click();
  await delivered;
  expect(received.at(-1)?.activity).toMatchObject({ replyToId: id, value: { n: 2, comment: 'fine with me' } });
  await log().getByText('Sent', { exact: true }).waitFor();
});

test('the answer to Action.Execute replaces the card, or is shown as a toast', async () => {
  sandbox.people.installQuietly('ana');
  await post(card('Lunch?', [{ type: 'Action.Execute', title: 'Yes', verb: 'vote' }]));
  answer = JSON.stringify({ statusCode: 200, type: 'application/vnd.microsoft.activity.message', value: 'Noted!' });
  await button('Yes').click();
  await page.getByRole('status').getByText('Noted!').waitFor();
  const [attachment] = card('Thank you').attachments;
  const type = 'application/vnd.microsoft.card.adaptive';
  answer = JSON.stringify({ statusCode: 200, type, value: attachment?.content });
  await button('Yes').click();
  await log().getByText('Thank you').waitFor();
});

test('a link button opens a new tab that does not know this one', async () => {
  sandbox.people.installQuietly('ana');
  await post(card('Look', [{ type: 'Action.OpenUrl', title: 'Open', url: `${sandbox.url}/page/icon.svg` }]));
  const [popup] = await Promise.all([
    page.context().waitForEvent('page'),
    log().getByRole('link', { name: 'Open' }).click(),
  ]);
  await popup.waitForLoadState();
  expect(await popup.evaluate('window.opener')).toBeNull();
});

test('what a person writes reaches the bot and stays in the chat', async () => {
  sandbox.people.installQuietly('ana');
  await page.reload();
  const delivered = nextActivity('message');
  await page.getByLabel('Message to the bot').fill('<b>help</b>');
  await page.keyboard.press('Enter');
  await delivered;
  expect(received.at(-1)?.activity['text']).toBe('<b>help</b>');
  await log().getByText('<b>help</b>').waitFor();
});

test('markup and script in cards stay text', async () => {
  sandbox.people.installQuietly('ana');
  const hostile = '<img src=x onerror=alert(1)> [x](javascript:alert(1)) <script>alert(1)</script>';
  await post({ ...card(hostile) });
  await post({ type: 'message', text: hostile });
  await log().getByText('<img src=x onerror=alert(1)>').nth(1).waitFor();
  expect(await log().locator('img:not([src="/page/icon.svg"]), script, a').count()).toBe(0);
});

test('a mention reads as the name, and only where the card says that it is one', async () => {
  sandbox.people.installQuietly('ana');
  const entity = { type: 'mention', text: '<at>Ben Albrecht</at>', mentioned: { id: '29:ben', name: 'Ben Albrecht' } };
  const mentioning = card('<at>Ben Albrecht</at>, <at>Chloé</at>');
  const attachments = mentioning.attachments.map((one) => ({
    ...one,
    content: { ...one.content, msteams: { entities: [entity] } },
  }));
  await post({ ...mentioning, attachments });
  await log().getByText('Ben Albrecht, <at>Chloé</at>').waitFor();
});

test('a bot that is away is named, and what was done is delivered when it is back', async () => {
  const address = bot.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  bot.closeAllConnections();
  bot.close();
  await button('Install Bellhop').click();
  await page.getByText('Bellhop does not answer.').waitFor();
  bot.listen(port, '127.0.0.1');
  await page.getByText('Bellhop does not answer.').waitFor({ state: 'hidden' });
  expect(received.map(({ activity }) => activity['type'])).toEqual(['installationUpdate', 'conversationUpdate']);
});

test('messages to others are marked as unread until they are opened', async () => {
  sandbox.people.installQuietly('ana');
  await button('Ben Albrecht').click();
  await post(card('Hello'));
  const chat = page.getByRole('navigation').getByRole('button', { name: 'Ana Torres' });
  await chat.getByText('1 unread').waitFor({ state: 'attached' });
  await chat.click();
  await chat.getByText('1 unread').waitFor({ state: 'detached' });
  expect(await page.title()).toBe('Ana Torres – Sandbox');
});

test('developers see the last requests with their answers', async () => {
  sandbox.people.installQuietly('ana');
  sandbox.faults.add({ answer: { kind: 'error', name: 'Throttled' } });
  await post(card('Hello'));
  await page.getByText('For developers').click();
  await page.getByRole('row', { name: 'sendToConversation' }).getByText('429').waitFor();
});

test.each(['light', 'dark'] as const)('the page fits a phone, in %s', async (colorScheme) => {
  await page.context().close();
  page = await openPage({ viewport: { width: 390, height: 844 }, colorScheme });
  await button('Ana Torres').click();
  await page.getByText('Ana has not installed Bellhop yet').waitFor();
  expect(await button('Ben Albrecht').isVisible()).toBe(false);
  const width = await page.evaluate('document.documentElement.scrollWidth');
  expect(width).toBe(390);
  await button('Back to all chats').click();
  await button('Ben Albrecht').waitFor();
});

test('light, dark and high contrast can be chosen, and the choice stays', async () => {
  const ground = () => page.evaluate('getComputedStyle(document.body).backgroundColor');
  const grounds = [await ground()];
  for (let chosen = 0; chosen < 2; chosen++) {
    await button('Switch between light, dark and high contrast').click();
    grounds.push(await ground());
    await page.reload();
    expect(await ground()).toBe(grounds.at(-1));
  }
  expect(new Set(grounds).size).toBe(3);
  expect(grounds.at(-1)).toBe('rgb(0, 0, 0)');
});

test('a card in a script from right to left begins at the right', async () => {
  sandbox.people.installQuietly('ana');
  const right = card('- שלום');
  await post({
    ...right,
    attachments: right.attachments.map((one) => ({ ...one, content: { ...one.content, rtl: true } })),
  });
  const text = log().getByText('שלום');
  await text.waitFor();
  expect(await page.evaluate("getComputedStyle(document.querySelector('.card li')).direction")).toBe('rtl');
  const frame = await log().locator('.card').boundingBox();
  const item = await text.boundingBox();
  const toTheRight = (frame?.x ?? 0) + (frame?.width ?? 0) - (item?.x ?? 0) - (item?.width ?? 0);
  expect(toTheRight).toBeLessThan(50);
  expect(toTheRight).toBeGreaterThan(25);
});

const incidents = () => sandbox.people.find('operations/Incidents').id;
const place = (name: string) => page.getByRole('navigation').getByRole('button', { name });
const thread = () => log().getByRole('region', { name: 'Thread of' });

describe('a team', () => {
  beforeEach(async () => {
    sandbox.people.installQuietly('operations');
    sandbox.people.installQuietly('on-call');
    await page.reload();
    await page.getByText('Live', { exact: true }).waitFor({ state: 'attached' });
  });

  test('is shown with its channels, and what somebody writes there reaches the bot as Teams tells it', async () => {
    await page.getByRole('heading', { name: 'Team Operations' }).waitFor();
    await place('Incidents').click();
    await page.getByLabel('Write as').selectOption('Ana Torres');
    const delivered = nextActivity('message');
    await page.getByLabel('Message as Ana Torres').fill('@Bellhop tell @Ben hello');
    await page.keyboard.press('Enter');
    await delivered;
    const { tenantId, teams } = sandbox.organisation;
    const { id: team, name, aadGroupId } = teams[0] ?? {};
    const [ana, ben] = sandbox.organisation.people;
    const { id } = received.at(-1)?.activity ?? {};
    const mark = (at: number) => `<span itemscope="" itemtype="http://schema.skype.com/Mention" itemid="${at}">`;
    expect(received.map(({ activity }) => activity)).toEqual([
      {
        type: 'message',
        id: expect.stringMatching(/^\d{13}$/),
        timestamp: expect.any(String),
        channelId: 'msteams',
        serviceUrl: sandbox.serviceUrl,
        from: { id: ana?.teamsUserId, aadObjectId: ana?.aadObjectId, name: 'Ana Torres' },
        recipient: { id: `28:${APP_ID}`, name: 'Bellhop' },
        conversation: {
          ...{ isGroup: true, conversationType: 'channel', tenantId },
          id: `${incidents()};messageid=${id}`,
        },
        channelData: {
          channel: { id: incidents() },
          team: { id: team, name, aadGroupId },
          tenant: { id: tenantId },
        },
        locale: 'en-US',
        text: '<at>Bellhop</at> tell <at>Ben Albrecht</at> hello',
        textFormat: 'plain',
        attachments: [
          {
            contentType: 'text/html',
            content: `<div>${mark(0)}Bellhop</span> tell ${mark(1)}Ben Albrecht</span> hello</div>`,
          },
        ],
        entities: [
          { type: 'mention', text: '<at>Bellhop</at>', mentioned: { id: `28:${APP_ID}`, name: 'Bellhop' } },
          {
            ...{ type: 'mention', text: '<at>Ben Albrecht</at>' },
            mentioned: { id: ben?.teamsUserId, name: 'Ben Albrecht' },
          },
          { type: 'clientInfo', locale: 'en-US', country: 'US', platform: 'Web', timezone: 'America/New_York' },
        ],
      },
    ]);
    await thread().getByText('Bellhop tell Ben Albrecht hello').waitFor();
  });

  test('shows replies in their thread, of the bot and of people', async () => {
    const root = await sandbox.people.say('operations/Incidents', { person: 'ana', text: 'one' });
    await sandbox.people.say('operations/Incidents', { person: 'ana', text: 'two' });
    await place('Incidents').click();
    await postIn(`${incidents()};messageid=${root.messageId}`, card('From the bot'));
    const first = thread().filter({ hasText: 'one' });
    await first.getByText('From the bot').waitFor();
    await page.getByLabel('Write as').selectOption('Chloé Martin');
    const reply = first.getByLabel('Reply in this thread');
    await reply.fill('half a ');
    await sandbox.people.say('operations/Incidents', { person: 'ben', text: 'three', threadId: root.messageId });
    await first.getByText('three').waitFor();
    await page.keyboard.type('reply, @Bellhop');
    const delivered = nextActivity('message');
    await page.keyboard.press('Enter');
    await delivered;
    await first.getByText('half a reply, Bellhop').waitFor();
    expect(await thread().count()).toBe(2);
    expect(received.at(-1)?.activity).toMatchObject({
      from: { name: 'Chloé Martin' },
      conversation: { id: `${incidents()};messageid=${root.messageId}` },
    });
  });

  test('suggests whom to mention, for the keyboard', async () => {
    await place('On-call').click();
    await page.getByLabel('Write as').selectOption('Ben Albrecht');
    const text = page.getByLabel('Message as Ben Albrecht');
    await text.pressSequentially('@be');
    expect(await page.getByRole('listbox').getByRole('option').allTextContents()).toEqual(['Bellhop', 'Ben Albrecht']);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.keyboard.type('and @chl');
    await page.keyboard.press('Tab');
    expect(await text.inputValue()).toBe('@Ben Albrecht and @Chloé Martin ');
    expect(await page.getByRole('listbox').isVisible()).toBe(false);
    await page.keyboard.press('Enter');
    await log().getByText('Ben Albrecht and Chloé Martin').waitFor();
    expect(received).toEqual([]);
  });

  test('shows the answer to a press to the person who pressed, and to nobody else', async () => {
    const id = await postIn(incidents(), card('Who?', [{ type: 'Action.Execute', title: 'Me', verb: 'take' }]));
    await place('Incidents').click();
    await page.getByLabel('Write as').selectOption('Ben Albrecht');
    const [attachment] = card('You have it').attachments;
    const type = 'application/vnd.microsoft.card.adaptive';
    answer = JSON.stringify({ statusCode: 200, type, value: attachment?.content });
    await button('Me').click();
    await log().getByText('You have it').waitFor();
    await log().getByText('Only Ben Albrecht sees this').waitFor();
    expect(received.at(-1)?.activity).toMatchObject({ replyToId: id, from: { name: 'Ben Albrecht' } });
    await page.getByLabel('Write as').selectOption('Ana Torres');
    await log().getByText('Who?').waitFor();
    answer = JSON.stringify({ statusCode: 200, type: 'application/vnd.microsoft.activity.message', value: 'Taken' });
    await button('Me').click();
    await page.getByRole('status').getByText('Bellhop to Ana Torres').waitFor();
    await page.getByRole('status').getByText('Taken').waitFor();
  });

  test('is changed in its dialog: channels, names and members', async () => {
    await place('Incidents').click();
    await button('Manage').click();
    const dialog = page.getByRole('dialog', { name: 'Operations › Incidents' });
    await dialog.getByLabel('New channel').fill('Night shift');
    await page.keyboard.press('Enter');
    await place('Night shift').waitFor();
    await dialog.getByRole('button', { name: 'Take out: Ben Albrecht' }).click();
    await dialog.getByRole('button', { name: 'Add: Ben Albrecht' }).waitFor();
    await dialog.getByRole('button', { name: 'Archive team' }).click();
    await page.getByRole('heading', { name: 'Team Operations (archived)' }).waitFor();
    expect(await page.getByLabel('Write as').isVisible()).toBe(false);
    await dialog.getByRole('button', { name: 'Unarchive team' }).click();
    await dialog.getByRole('button', { name: 'Delete channel' }).click();
    await dialog.getByRole('button', { name: 'Restore channel' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByText('This channel is deleted').waitFor();
    const told = received.map(({ activity }) => activity['channelData']);
    const kinds = ['channelCreated', 'teamMemberRemoved', 'teamArchived', 'teamUnarchived', 'channelDeleted'];
    expect(told).toMatchObject(kinds.map((eventType) => ({ eventType })));
  });

  test('that is gone for good is gone from the page', async () => {
    await place('Incidents').click();
    await sandbox.places.changeTeam('operations', 'delete');
    await page.getByText('This team is deleted').waitFor();
    await sandbox.places.changeTeam('operations', 'hard-delete');
    await place('Incidents').waitFor({ state: 'detached' });
    await page.getByRole('heading', { name: 'Ana Torres' }).waitFor();
  });

  test.each(['light', 'dark'] as const)('fits a phone, in %s', async (colorScheme) => {
    await sandbox.people.say('operations/Incidents', { person: 'ana', text: `@Bellhop ${'long '.repeat(60)}` });
    await postIn(incidents(), card('Who?', [{ type: 'Action.Submit', title: 'Me', data: {} }]));
    await page.context().close();
    page = await openPage(
      { viewport: { width: 390, height: 844 }, colorScheme },
      `#${encodeURIComponent(incidents())}`,
    );
    await log().getByText('Who?').waitFor();
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
    await button('Manage').click();
    await page.getByRole('dialog').waitFor();
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
  });
});

test('a person with a time zone and a language that do not exist is shown all the same', async () => {
  sandbox.people.installQuietly('ana');
  await button('Manage').click();
  await page.getByLabel('Time zone').fill('Mars/Olympus');
  await page.keyboard.press('Enter');
  await page.getByLabel('Language').fill('xx-nowhere-at-all');
  await page.keyboard.press('Enter');
  await page.getByText('Mars/Olympus').waitFor();
  await page.keyboard.press('Escape');
  await post(card('Hello'));
  await log().getByText('Hello').waitFor();
  expect(sandbox.state().people[0]).toMatchObject({ timeZone: 'Mars/Olympus', locale: 'xx-nowhere-at-all' });
});

test('a reaction is put on a message of the bot and taken away, and a read receipt is sent', async () => {
  sandbox.people.installQuietly('ana');
  await post(card('Hello'));
  const like = button('Like');
  await like.click();
  await page.getByText('👍 1').waitFor();
  expect(await like.getAttribute('aria-pressed')).toBe('true');
  await like.click();
  await page.getByText('👍 1').waitFor({ state: 'detached' });
  await button('Manage').click();
  await button('Send a read receipt').click();
  await until(
    async () => received.map(({ activity }) => activity['type']),
    (types) => types.includes('event'),
  );
  expect(received.map(({ activity }) => activity['type'])).toEqual(['messageReaction', 'messageReaction', 'event']);
});

test('what is being written in the dialog stays, with the cursor, when something else in it changes', async () => {
  sandbox.people.installQuietly('ana');
  await button('Manage').click();
  const language = page.getByLabel('Language');
  await language.fill('de-CH');
  await page.keyboard.press('ArrowLeft');
  sandbox.people.change('ana', { timeZone: 'Asia/Tokyo' });
  const timeZone = page.getByLabel('Time zone');
  await until(
    () => timeZone.inputValue(),
    (value) => value === 'Asia/Tokyo',
  );
  await page.keyboard.press('Shift+ArrowLeft');
  await page.keyboard.type('A');
  expect(await language.inputValue()).toBe('de-AH');
});

test('a field shows what was set, whatever was written there before', async () => {
  sandbox.people.installQuietly('ana');
  await button('Manage').click();
  const language = page.getByLabel('Language');
  await language.fill('de-CH');
  await page.keyboard.press('Enter');
  await until(
    async () => sandbox.state().people[0]?.locale,
    (locale) => locale === 'de-CH',
  );
  sandbox.people.change('ana', { locale: 'ja-JP' });
  await until(
    () => language.inputValue(),
    (value) => value === 'ja-JP',
  );
});

test('everything can be reached with the keyboard', async () => {
  await button('Ana Torres').focus();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.getByText('Ben has not installed Bellhop yet').waitFor();
  expect(await page.evaluate('document.activeElement.textContent')).toContain('Ben Albrecht');
});
