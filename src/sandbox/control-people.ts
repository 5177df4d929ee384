// The part of the control API in which people act: in their chats, in teams, channels and group chats.

import { AppError } from '../domain/errors.ts';
import {
  type ControlBody,
  readPersonChange,
  readPress,
  readReaction,
  readSaying,
  readText,
  readWord,
} from './control-bodies.ts';
import type { Answer } from './exchange.ts';
import type { PeopleActions } from './people-actions.ts';
import { isTeamChange, type PlaceChanges } from './place-changes.ts';

/** A method with what comes after the key: `POST members`. */
interface Deed {
  readonly key: string;
  readonly verb: string;
  readonly rest: readonly string[];
  readonly body: ControlBody;
}

/** Everything below `people/`, `teams/`, `channels/` and `chats/`. */
export class PeopleControl {
  readonly #people: PeopleActions;
  readonly #places: PlaceChanges;

  constructor(people: PeopleActions, places: PlaceChanges) {
    this.#people = people;
    this.#places = places;
  }

  /**
   * @param route method and path, ids and names in it percent-encoded
   * @returns undefined when there is no such thing to do
   */
  async handle(route: string, body: ControlBody): Promise<Answer | undefined> {
    const [method = '', path = ''] = route.split(' ');
    const [group = '', first = '', ...names] = decodePath(path);
    switch (group) {
      case 'people':
        return this.#actAsPerson(deedOf(method, first, { names, body }));
      case 'teams':
        return this.#changeTeam(deedOf(method, first, { names, body }));
      case 'chats':
      case 'group-chats':
        return this.#actInChat(deedOf(method, first, { names, body }));
      case 'channels':
        return this.#actInChannel(deedOf(method, `${first}/${names[0]}`, { names: names.slice(1), body }));
      default:
        return undefined;
    }
  }

  async #actAsPerson(deed: Deed): Promise<Answer | undefined> {
    const { key, body } = deed;
    switch (deed.verb) {
      case 'PATCH':
        this.#people.change(key, readPersonChange(body));
        return { status: 204, text: '' };
      case 'POST block':
      case 'POST unblock':
        this.#people.block(key, deed.verb === 'POST block');
        return { status: 204, text: '' };
      case 'POST messages':
        return ok(await this.#people.write(key, readText(body)));
      case 'POST actions':
        return ok(await this.#people.press(key, readPress(body)));
      case 'POST read':
        return ok(
          await this.#people.read(key, body['messageId'] === undefined ? undefined : readWord(body, 'messageId')),
        );
      case 'POST reactions':
        return ok(await this.#people.react(key, { ...readReaction(body), person: undefined }));
      default:
        return this.#changeInstallation(deed);
    }
  }

  async #changeTeam(deed: Deed): Promise<Answer | undefined> {
    const { key, body } = deed;
    const change = deed.verb.replace('POST ', '');
    if (isTeamChange(change)) {
      return ok(await this.#places.changeTeam(key, change));
    }
    switch (deed.verb) {
      case 'POST rename':
        return ok(await this.#places.renameTeam(key, readWord(body, 'name')));
      case 'POST channels':
        return { status: 201, json: await this.#places.createChannel(key, readWord(body, 'name')) };
      default:
        return (await this.#changeMembers(deed)) ?? this.#changeInstallation(deed);
    }
  }

  async #actInChat(deed: Deed): Promise<Answer | undefined> {
    return (await this.#actIn(deed)) ?? (await this.#changeMembers(deed)) ?? this.#changeInstallation(deed);
  }

  async #actInChannel(deed: Deed): Promise<Answer | undefined> {
    switch (deed.verb) {
      case 'POST rename':
        return ok(await this.#places.renameChannel(deed.key, readWord(deed.body, 'name')));
      case 'POST delete':
        return ok(await this.#places.deleteChannel(deed.key));
      case 'POST restore':
        return ok(await this.#places.restoreChannel(deed.key));
      default:
        return this.#actIn(deed);
    }
  }

  async #actIn({ key, verb, body }: Deed): Promise<Answer | undefined> {
    switch (verb) {
      case 'POST messages':
        return ok(await this.#people.say(key, readSaying(body)));
      case 'POST actions':
        return ok(await this.#people.pressIn(key, { person: readWord(body, 'person'), ...readPress(body) }));
      case 'POST reactions':
        return ok(await this.#people.react(key, { ...readReaction(body), person: readWord(body, 'person') }));
      default:
        return undefined;
    }
  }

  async #changeMembers({ key, verb, rest, body }: Deed): Promise<Answer | undefined> {
    switch (verb) {
      case 'POST members':
        return ok(await this.#places.addMember(key, readWord(body, 'person')));
      case 'DELETE members/person':
        return ok(await this.#places.removeMember(key, rest[0] ?? ''));
      default:
        return undefined;
    }
  }

  async #changeInstallation({ key, verb }: Deed): Promise<Answer | undefined> {
    switch (verb) {
      case 'POST install':
        return ok(await this.#people.install(key));
      case 'POST uninstall':
        return ok(await this.#people.uninstall(key));
      default:
        return undefined;
    }
  }
}

function deedOf(
  method: string,
  key: string,
  { names, body }: { readonly names: readonly string[]; readonly body: ControlBody },
): Deed {
  const [action, ...rest] = names;
  const verb = action === undefined ? method : `${method} ${action}${rest.length === 1 ? '/person' : ''}`;
  return { key, verb: rest.length > 1 ? '' : verb, rest, body };
}

/** @throws AppError `invalid_request` */
function decodePath(path: string): readonly string[] {
  try {
    return path.split('/').map(decodeURIComponent);
  } catch {
    throw new AppError('invalid_request', 'Expected names in the path to be percent-encoded UTF-8');
  }
}

function ok(json: unknown): Answer {
  return { status: 200, json };
}
