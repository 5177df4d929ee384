// What people write: kept in the conversation, and told to the bot where it can hear it.

import type { Clock } from '../domain/clock.ts';
import { AppError } from '../domain/errors.ts';
import { type ActivityFrame, type ActivityOccasion, botAccountId, mentionEntities, textMessage } from './activities.ts';
import type { ActivityResult, ActivitySender } from './activity-sender.ts';
import type { Conversations, SandboxMessage } from './conversations.ts';
import type { SandboxEvents } from './events.ts';
import type { Memberships } from './memberships.ts';
import { escapeHtml, type Mentionable, type MentioningText, readMentions } from './mentions.ts';
import type { Organisation } from './organisation.ts';
import type { SandboxPerson } from './residents.ts';

/** The world in which people write. */
export interface WritingDeps {
  readonly clock: Clock;
  readonly conversations: Conversations;
  readonly events: SandboxEvents;
  readonly frame: ActivityFrame;
  readonly memberships: Memberships;
  readonly organisation: Organisation;
  readonly sender: ActivitySender;
}

/** Something that is said in a channel or a group chat. */
export interface Saying {
  /** `@Bellhop` and `@Ben` in it are mentions, by first name, full name or key. */
  readonly text: string;
  /** The keys of those whom an `@` may mention beside the bot; everybody in the place when absent. */
  readonly mentions?: readonly string[] | undefined;
}

/** What became of something that was written in a channel or a group chat. */
export interface WrittenMessage {
  readonly messageId: string;
  /** The root message of its thread, in a channel. */
  readonly threadId?: string;
  /** What the bot said to it; absent when the bot did not hear it, because it is not mentioned or not there. */
  readonly answer?: ActivityResult;
}

/** Writes as the person of the occasion, where the occasion is; who may write there is decided before. */
export class Writing {
  readonly #deps: WritingDeps;

  constructor(deps: WritingDeps) {
    this.#deps = deps;
  }

  /** To the bot, in the 1:1 chat. */
  write(occasion: ActivityOccasion, text: string): Promise<ActivityResult> {
    this.keep(occasion, { text, html: escapeHtml(text), mentions: [] });
    return this.#deps.sender.send(
      textMessage(this.#deps.frame, occasion, { text, html: escapeHtml(text), mentions: [] }),
    );
  }

  /** In a channel or a group chat, where the bot hears only what mentions it. */
  async say(occasion: ActivityOccasion, saying: Saying): Promise<WrittenMessage> {
    const { conversations, frame, sender } = this.#deps;
    const said = this.#readMentions(occasion, saying);
    this.keep(occasion, said);
    const isHeard =
      conversations.isInstalled(occasion.conversation) &&
      said.mentions.some((mentioned) => mentioned.id === botAccountId(frame.appId));
    const answer = isHeard ? await sender.send(textMessage(frame, occasion, said)) : undefined;
    const { id: messageId, threadId } = occasion;
    return { messageId, ...(threadId !== undefined && { threadId }), ...(answer && { answer }) };
  }

  /** Puts what was said into the conversation. */
  keep(occasion: ActivityOccasion, { text, mentions }: MentioningText): SandboxMessage {
    const { conversations, events } = this.#deps;
    const { conversation, person, id, threadId } = occasion;
    const entities = mentionEntities(mentions);
    const message = conversations.post(conversation, {
      id,
      author: person.key,
      activity: { type: 'message', text, textFormat: 'plain', ...(entities.length > 0 && { entities }) },
      ...(threadId !== undefined && threadId !== id && { threadId }),
    });
    events.emit({ kind: 'message', conversationId: conversation.id, message });
    return message;
  }

  /** @throws AppError `invalid_request` when somebody is to be mentioned whom the text does not name */
  #readMentions(occasion: ActivityOccasion, { text, mentions: keys }: Saying): MentioningText {
    const { frame, organisation } = this.#deps;
    const wanted = keys?.map((key) => ({ key, id: organisation.findPerson(key)?.teamsUserId }));
    const isWanted = (id: string) => !wanted || id === botAccountId(frame.appId) || wanted.some((one) => one.id === id);
    const said = readMentions(text, (name) => {
      const who = this.#findMentionable(occasion, name);
      return who && isWanted(who.id) ? who : undefined;
    });
    const missing = wanted?.find(({ id }) => !said.mentions.some((mentioned) => mentioned.id === id));
    if (missing) {
      throw new AppError('invalid_request', `The text mentions nobody called "${missing.key}"`);
    }
    return said;
  }

  #findMentionable({ conversation }: ActivityOccasion, name: string): Mentionable | undefined {
    const { frame, memberships, organisation } = this.#deps;
    if (name.toLowerCase() === frame.botName.toLowerCase()) {
      return { id: botAccountId(frame.appId), name: frame.botName };
    }
    const person = organisation.findByName(name);
    const isThere = person && memberships.isMember(conversation.scopeId, person);
    return isThere ? mentionableOf(person) : undefined;
  }
}

function mentionableOf({ teamsUserId, name }: SandboxPerson): Mentionable {
  return { id: teamsUserId, name };
}
