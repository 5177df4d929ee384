// What happens to teams, channels and group chats: members come and go, names change, things are deleted and restored.

import { randomUUID } from 'node:crypto';
import { AppError } from '../domain/errors.ts';
import { type ActivityOccasion, type PlaceUpdate, personUpdate, placeUpdate } from './activities.ts';
import type { ActivityResult } from './activity-sender.ts';
import type { WireActivity } from './conversations.ts';
import type { SandboxChannel, SandboxTeam, TeamState } from './residents.ts';
import type { WritingDeps } from './writing.ts';

/** What the bot said to the event; absent when it is not there and was not told. */
export interface PlaceChangeResult {
  readonly answer?: ActivityResult;
}

const TEAM_CHANGES: Readonly<
  Record<TeamChange, { readonly from: TeamState; readonly to?: TeamState; readonly eventType: string }>
> = {
  archive: { from: 'active', to: 'archived', eventType: 'teamArchived' },
  unarchive: { from: 'archived', to: 'active', eventType: 'teamUnarchived' },
  delete: { from: 'active', to: 'deleted', eventType: 'teamDeleted' },
  restore: { from: 'deleted', to: 'active', eventType: 'teamRestored' },
  'hard-delete': { from: 'deleted', eventType: 'teamHardDeleted' },
};

/** What can be done to a team besides giving it a name. `hard-delete`: for good, after `delete`. */
export type TeamChange = 'archive' | 'unarchive' | 'delete' | 'restore' | 'hard-delete';

/** Whether this is something that can be done to a team. */
export function isTeamChange(value: string): value is TeamChange {
  return Object.hasOwn(TEAM_CHANGES, value);
}

/** Changes places, and tells the bot where it is installed. Everything is done by the first person. */
export class PlaceChanges {
  readonly #deps: WritingDeps;

  constructor(deps: WritingDeps) {
    this.#deps = deps;
  }

  /** @param place the key of a team or a group chat */
  addMember(place: string, personKey: string): Promise<PlaceChangeResult> {
    return this.#changeMember(place, personKey, 'membersAdded');
  }

  removeMember(place: string, personKey: string): Promise<PlaceChangeResult> {
    return this.#changeMember(place, personKey, 'membersRemoved');
  }

  /** @throws AppError `invalid_request` when the team is not in the state for it */
  async changeTeam(teamKey: string, change: TeamChange): Promise<PlaceChangeResult> {
    const { from, to, eventType } = TEAM_CHANGES[change];
    const team = this.#findTeam(teamKey);
    if (team.state !== from) {
      throw new AppError('invalid_request', `The team is ${team.state}, and not ${from}`);
    }
    const occasion = this.#occasionOf(team.id);
    if (to === undefined) {
      this.#deps.organisation.removeTeam(team);
    } else {
      this.#deps.organisation.replaceTeam({ ...team, state: to });
    }
    return this.#tell(occasion, placeUpdate(this.#deps.frame, occasion, { eventType }));
  }

  async renameTeam(teamKey: string, name: string): Promise<PlaceChangeResult> {
    const team = { ...this.#requireActive(teamKey), name };
    return this.#update(team, { eventType: 'teamRenamed' });
  }

  /** @throws AppError `invalid_request` when the team has a channel of this name */
  async createChannel(teamKey: string, name: string): Promise<SandboxChannel & PlaceChangeResult> {
    const team = this.#requireActive(teamKey);
    requireFreeName(team, name);
    const channel = { id: `19:${randomUUID().replaceAll('-', '')}@thread.tacv2`, name, isDeleted: false };
    const changed = { ...team, channels: [...team.channels, channel] };
    return { ...channel, ...(await this.#update(changed, { eventType: 'channelCreated', channel })) };
  }

  /** @param place `operations/Incidents` */
  async renameChannel(place: string, name: string): Promise<PlaceChangeResult> {
    const { team, channel } = this.#findChannel(place, { isDeleted: false });
    requireFreeName(team, name);
    return this.#updateChannel(team, { ...channel, name }, 'channelRenamed');
  }

  async deleteChannel(place: string): Promise<PlaceChangeResult> {
    const { team, channel } = this.#findChannel(place, { isDeleted: false });
    return this.#updateChannel(team, { ...channel, isDeleted: true }, 'channelDeleted');
  }

  async restoreChannel(place: string): Promise<PlaceChangeResult> {
    const { team, channel } = this.#findChannel(place, { isDeleted: true });
    return this.#updateChannel(team, { ...channel, isDeleted: false }, 'channelRestored');
  }

  async #changeMember(
    place: string,
    personKey: string,
    change: 'membersAdded' | 'membersRemoved',
  ): Promise<PlaceChangeResult> {
    const { frame, memberships, organisation } = this.#deps;
    const id = organisation.findGroupChat(place)?.id ?? this.#requireKept(place).id;
    const member = organisation.findPerson(personKey);
    if (!member) {
      throw new AppError('not_found', 'There is no such person in the sandbox');
    }
    const isAdding = change === 'membersAdded';
    if (memberships.isMember(id, member) === isAdding) {
      throw new AppError('invalid_request', `This person is ${isAdding ? 'a member already' : 'not a member'}`);
    }
    if (isAdding) {
      memberships.add(id, member);
    } else {
      memberships.remove(id, member);
    }
    const occasion = this.#occasionOf(id);
    return this.#tell(occasion, personUpdate(frame, occasion, { change, member }));
  }

  #updateChannel(team: SandboxTeam, channel: SandboxChannel, eventType: string): Promise<PlaceChangeResult> {
    const channels = team.channels.map((other) => (other.id === channel.id ? channel : other));
    return this.#update({ ...team, channels }, { eventType, channel });
  }

  #update(team: SandboxTeam, { eventType, channel }: PlaceUpdate): Promise<PlaceChangeResult> {
    this.#deps.organisation.replaceTeam(team);
    const occasion = this.#occasionOf(team.id);
    const named = channel && { channel: { id: channel.id, name: channel.name } };
    return this.#tell(occasion, placeUpdate(this.#deps.frame, occasion, { eventType, ...named }));
  }

  async #tell(occasion: ActivityOccasion, activity: WireActivity): Promise<PlaceChangeResult> {
    const { conversations, events, sender } = this.#deps;
    events.emit({ kind: 'change', conversationId: occasion.conversation.id });
    return conversations.isInstalled(occasion.conversation) ? { answer: await sender.send(activity) } : {};
  }

  #occasionOf(scopeId: string): ActivityOccasion {
    const { clock, conversations, organisation } = this.#deps;
    const conversation = conversations.findKept(scopeId);
    const [person] = organisation.people;
    if (!conversation || !person) {
      throw new AppError('not_found', 'There is no such team or group chat in the sandbox');
    }
    return { id: `f:${randomUUID()}`, atMs: clock.nowMs(), person, conversation };
  }

  #findTeam(teamKey: string): SandboxTeam {
    const team = this.#deps.organisation.findTeam(teamKey);
    if (!team) {
      throw new AppError('not_found', 'There is no such team or group chat in the sandbox');
    }
    return team;
  }

  #requireKept(teamKey: string): SandboxTeam {
    const team = this.#findTeam(teamKey);
    if (team.state === 'deleted') {
      throw new AppError('invalid_request', 'The team is deleted');
    }
    return team;
  }

  #requireActive(teamKey: string): SandboxTeam {
    const team = this.#findTeam(teamKey);
    if (team.state !== 'active') {
      throw new AppError('invalid_request', `The team is ${team.state}`);
    }
    return team;
  }

  #findChannel(place: string, { isDeleted }: Pick<SandboxChannel, 'isDeleted'>) {
    const team = this.#requireActive(place.split('/')[0] ?? '');
    const channel = this.#deps.organisation.findChannel(place);
    if (!channel) {
      throw new AppError('not_found', 'There is no such channel in the sandbox');
    }
    if (channel.id === team.id || channel.isDeleted !== isDeleted) {
      const reason =
        channel.id === team.id ? 'General stays as it is' : `The channel is ${isDeleted ? 'not ' : ''}deleted`;
      throw new AppError('invalid_request', reason);
    }
    return { team, channel };
  }
}

function requireFreeName(team: SandboxTeam, name: string): void {
  if (team.channels.some((channel) => channel.name.toLowerCase() === name.toLowerCase())) {
    throw new AppError('invalid_request', 'The team has a channel of this name');
  }
}
