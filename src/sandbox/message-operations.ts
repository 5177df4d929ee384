// What bots may do with messages: open a conversation, post, change and remove.

import { attachmentsOf, isSplit, refuseActivity } from './activity-check.ts';
import { refuse } from './connector-errors.ts';
import type { Conversations, SandboxConversation, SandboxMessage, WireActivity } from './conversations.ts';
import type { SandboxEvents } from './events.ts';
import { type Answer, isRecord, member } from './exchange.ts';
import type { Memberships } from './memberships.ts';
import type { Organisation } from './organisation.ts';
import { hasBot, meetsBot } from './reach.ts';
import type { SandboxPerson } from './residents.ts';

/** Where messages live, and who is told of them. */
export interface MessageOperationsDeps {
  readonly organisation: Organisation;
  readonly conversations: Conversations;
  readonly memberships: Memberships;
  readonly events: SandboxEvents;
}

/** An answer, and what the request really did. */
export interface OperationResult {
  readonly answer: Answer;
  /** Messages posted. */
  readonly posted: number;
  readonly activityId?: string;
  /** Where a create request led. */
  readonly conversationId?: string;
}

type Body = Readonly<Record<string, unknown>>;

const refused = (answer: Answer): OperationResult => ({ answer, posted: 0 });

/** Each operation answers as the Connector does; nothing is thrown. */
export class MessageOperations {
  readonly #deps: MessageOperationsDeps;
  readonly #botAccountId: string;

  constructor(deps: MessageOperationsDeps, botAccountId: string) {
    this.#deps = deps;
    this.#botAccountId = botAccountId;
  }

  /** Where a create request leads; undefined when it names nobody known. */
  createTarget(body: Body): SandboxConversation | undefined {
    const { organisation, conversations } = this.#deps;
    const channelId = member(member(body['channelData'], 'channel'), 'id');
    if (body['isGroup'] === true && typeof channelId === 'string') {
      return conversations.find(channelId);
    }
    const memberId = onlyMemberId(body);
    const person = memberId === undefined ? undefined : findMemberToOpen(organisation, memberId);
    return person && conversations.find(person.conversationId);
  }

  create(body: Body): OperationResult {
    const refusal = this.#refuseCreate(body);
    if (refusal) {
      return refused(refusal);
    }
    return body['isGroup'] === true ? this.#createThread(body) : this.#createPersonal(body);
  }

  /** @param threadId set when the path named a thread */
  post(conversation: SandboxConversation, activity: WireActivity, threadId?: string): OperationResult {
    const refusal = this.#refuseWrite(conversation) ?? refuseActivity(activity, this.#botAccountId);
    if (refusal) {
      return refused(refusal);
    }
    if (threadId !== undefined && !this.#deps.conversations.findMessage(conversation, threadId)) {
      return refused(refuse('ConversationNotFound'));
    }
    if (activity['type'] === 'typing') {
      return { answer: { status: 201, json: { id: '' } }, posted: 0 };
    }
    const [first, second] = splitActivity(activity);
    const message = this.#keep(conversation, first, threadId);
    if (second) {
      this.#keep(conversation, second, threadId);
      // Of two messages no id is given, so that neither can be changed later.
      return { answer: { status: 201, json: {} }, posted: 2 };
    }
    return { answer: { status: 201, json: { id: message.id } }, posted: 1, activityId: message.id };
  }

  update(conversation: SandboxConversation, activityId: string, activity: WireActivity): OperationResult {
    const message = this.#deps.conversations.findMessage(conversation, activityId);
    const refusal =
      this.#refuseWrite(conversation) ??
      refuseForeignMessage(message) ??
      refuseActivity(activity, this.#botAccountId) ??
      (isSplit(activity) ? refuse('BadSyntax', 'Activity resulted into multiple skype activities') : undefined);
    if (refusal || !message) {
      return refused(refusal ?? refuse('ActivityNotFoundInConversation'));
    }
    const edited = this.#deps.conversations.edit(conversation, message, activity);
    this.#deps.events.emit({ kind: 'edit', conversationId: conversation.id, message: edited });
    return { answer: { status: 200, json: { id: activityId } }, posted: 0, activityId };
  }

  remove(conversation: SandboxConversation, activityId: string): OperationResult {
    const message = this.#deps.conversations.findMessage(conversation, activityId);
    const refusal = this.#refuseWrite(conversation) ?? refuseForeignMessage(message);
    if (refusal || !message) {
      return refused(refusal ?? refuse('ActivityNotFoundInConversation'));
    }
    const removed = this.#deps.conversations.remove(conversation, message);
    this.#deps.events.emit({ kind: 'delete', conversationId: conversation.id, message: removed });
    return { answer: { status: 200, text: '' }, posted: 0, activityId };
  }

  #keep(conversation: SandboxConversation, activity: WireActivity, threadId?: string): SandboxMessage {
    const message = this.#deps.conversations.post(conversation, {
      author: 'bot',
      activity,
      ...(threadId !== undefined && { threadId }),
    });
    this.#deps.events.emit({ kind: 'message', conversationId: conversation.id, message });
    return message;
  }

  #refuseWrite(conversation: SandboxConversation): Answer | undefined {
    const { conversations } = this.#deps;
    if (conversations.isBotDisabled) {
      return refuse('BotDisabledByAdmin');
    }
    if (!hasBot(this.#deps, conversation)) {
      return refuse('BotNotInConversationRoster');
    }
    if (conversation.team?.state === 'archived') {
      return refuse('MessageWritesBlocked');
    }
    return conversations.isBlocked(conversation) ? refuse('ConversationBlockedByUser') : undefined;
  }

  #refuseCreate(body: Body): Answer | undefined {
    if (member(body['bot'], 'id') !== this.#botAccountId) {
      return refuse('BadArgument', 'bot.id is not the bot that the token was given to, 28:<app id>');
    }
    const tenants = [body['tenantId'], member(member(body['channelData'], 'tenant'), 'id')];
    const named = tenants.filter((tenant) => tenant !== undefined);
    if (named.length === 0) {
      return refuse('BadArgument', 'Neither tenantId nor channelData.tenant.id names the tenant');
    }
    if (named.some((tenant) => tenant !== this.#deps.organisation.tenantId)) {
      return refuse('BadArgument', 'Unknown tenant');
    }
    return this.#deps.conversations.isBotDisabled ? refuse('BotDisabledByAdmin') : undefined;
  }

  #createPersonal(body: Body): OperationResult {
    const memberId = onlyMemberId(body);
    if (memberId === undefined) {
      return refused(refuse('BadArgument', 'Expected exactly one member with an id'));
    }
    const conversation = this.createTarget(body);
    const refusal = conversation ? this.#refuseOpening(conversation, memberId) : refuseMember(memberId);
    if (!conversation || refusal) {
      return refused(refusal ?? refuseMember(memberId));
    }
    const status = this.#deps.conversations.isOpened(conversation) ? 200 : 201;
    this.#open(conversation);
    const first = isRecord(body['activity']) ? this.post(conversation, body['activity']) : undefined;
    if (first && first.answer.status >= 400) {
      return first;
    }
    const activity = first?.activityId === undefined ? {} : { activityId: first.activityId };
    return { answer: { status, json: { id: conversation.id, ...activity } }, posted: first?.posted ?? 0, ...activity };
  }

  /** Whose chat does not have the bot can be met in a team or a group chat, whose roster tells the `29:` id. */
  #refuseOpening(conversation: SandboxConversation, memberId: string): Answer | undefined {
    const { person } = conversation;
    if (!person || this.#deps.conversations.isInstalled(conversation)) {
      return undefined;
    }
    if (!memberId.startsWith('29:')) {
      return refuse('ForbiddenOperationException');
    }
    return meetsBot(this.#deps, person) ? undefined : refuse('BotNotInConversationRoster');
  }

  #open(conversation: SandboxConversation): void {
    const { conversations, events } = this.#deps;
    if (!conversations.isOpened(conversation)) {
      conversations.setOpened(conversation);
      events.emit({ kind: 'opened', conversationId: conversation.id });
    }
  }

  #createThread(body: Body): OperationResult {
    const conversation = this.createTarget(body);
    if (body['members'] !== undefined || !isRecord(body['activity'])) {
      const detail = 'A new thread takes channelData.channel.id and an activity, and no members';
      return refused(refuse('BadSyntax', detail));
    }
    if (conversation?.kind !== 'channel') {
      return refused(refuse('ConversationNotFound'));
    }
    const first = this.post(conversation, body['activity']);
    if (first.activityId === undefined) {
      return first;
    }
    const id = `${conversation.id};messageid=${first.activityId}`;
    return { ...first, answer: { status: 201, json: { id, activityId: first.activityId } } };
  }
}

function onlyMemberId(body: Body): string | undefined {
  const members = body['members'];
  const id = Array.isArray(members) && members.length === 1 ? member(members[0], 'id') : undefined;
  return typeof id === 'string' ? id : undefined;
}

/** A pairwise id or an object id; mail addresses and UPNs are not accepted here. */
function findMemberToOpen(organisation: Organisation, id: string): SandboxPerson | undefined {
  const person = organisation.findPerson(id);
  return person && (person.teamsUserId === id || person.aadObjectId === id.toLowerCase()) ? person : undefined;
}

function refuseMember(id: string): Answer {
  if (id.startsWith('29:')) {
    return refuse('BadArgument', 'Failed to decrypt pairwise id');
  }
  return /^[0-9a-f-]{36}$/i.test(id) ? refuse('ForbiddenOperationException') : refuse('BadArgument', 'Unknown user id');
}

function refuseForeignMessage(message: SandboxMessage | undefined): Answer | undefined {
  if (!message || message.deletedAtMs !== undefined) {
    return refuse('ActivityNotFoundInConversation');
  }
  return message.author === 'bot' ? undefined : refuse('NotEnoughPermissions');
}

function splitActivity(activity: WireActivity): readonly [WireActivity, WireActivity?] {
  if (!isSplit(activity)) {
    return [activity];
  }
  const { text, ...card } = activity;
  return [
    { type: 'message', text },
    { ...card, attachments: attachmentsOf(activity) },
  ];
}
