// What happens around a repository of GitHub, and a plain card for every event that nothing else is known of.

import type { DraftFact } from '../../domain/source.ts';
import { at, isObject, joined, membersAt, textAt } from '../payload.ts';
import { actorOf, inRepository, pick, repositoryNameOf, spoken, type Told } from './parts.ts';

/** A copy of the repository. */
export function tellFork(body: unknown): Told | undefined {
  const fork = at(body, 'forkee');
  if (!isObject(fork)) {
    return undefined;
  }
  return {
    draft: {
      title: `${actorOf(body)} forked ${repositoryNameOf(body) ?? 'a repository'}`,
      severity: 'info',
      facts: [
        { name: 'Fork', value: textAt(fork, 'full_name') },
        { name: 'Forks', value: textAt(body, 'repository', 'forks_count') },
      ],
      links: [{ title: 'Open fork', url: textAt(fork, 'html_url') }],
    },
  };
}

/** A star given or taken back. */
export function tellStar(body: unknown, action: string): Told {
  const deed = action === 'deleted' ? 'took the star off' : 'starred';
  return {
    draft: {
      title: `${actorOf(body)} ${deed} ${repositoryNameOf(body) ?? 'a repository'}`,
      severity: 'info',
      facts: [{ name: 'Stars', value: textAt(body, 'repository', 'stargazers_count') }],
      links: linksOf(body),
    },
  };
}

const MEMBER_DEEDS: Readonly<Record<string, string>> = {
  added: 'was added to',
  removed: 'was removed from',
  edited: 'has other rights in',
};

/** Who may do what in a repository. */
export function tellMember(body: unknown, action: string): Told | undefined {
  const member = textAt(body, 'member', 'login');
  if (member === undefined) {
    return undefined;
  }
  const deed = pick(MEMBER_DEEDS, action) ?? `${spoken(action)} in`;
  const [before, after] = ['from', 'to'].map(
    (name) => textAt(body, 'changes', 'permission', name) ?? textAt(body, 'changes', 'role_name', name),
  );
  return {
    draft: {
      title: `${member} ${deed} ${repositoryNameOf(body) ?? 'a repository'}`,
      severity: 'info',
      facts: [
        { name: 'By', value: textAt(body, 'sender', 'login') },
        { name: 'Rights', value: after },
        { name: 'Rights before', value: before ?? textAt(body, 'changes', 'old_permission', 'from') },
      ],
      links: linksOf(body),
    },
  };
}

const REPOSITORY_DEEDS: Readonly<Record<string, (it: string) => string>> = {
  created: (it) => `created repository ${it}`,
  deleted: (it) => `deleted repository ${it}`,
  archived: (it) => `archived ${it}`,
  unarchived: (it) => `took ${it} out of the archive`,
  edited: (it) => `changed the settings of ${it}`,
  renamed: (it) => `renamed a repository to ${it}`,
  transferred: (it) => `moved ${it} here from another owner`,
  publicized: (it) => `made ${it} public`,
  privatized: (it) => `made ${it} private`,
};
const GRAVE = ['deleted', 'publicized', 'transferred'];

/** A repository that is made, renamed, moved, archived, or shown to others than before. */
export function tellRepository(body: unknown, action: string): Told | undefined {
  if (!isObject(at(body, 'repository'))) {
    return undefined;
  }
  const from = at(body, 'changes', 'owner', 'from');
  const it = repositoryNameOf(body) ?? 'a repository';
  const deed = pick(REPOSITORY_DEEDS, action)?.(it) ?? `changed ${it} (${spoken(action)})`;
  return {
    draft: {
      title: `${actorOf(body)} ${deed}`,
      text: textAt(body, 'repository', 'description'),
      severity: GRAVE.includes(action) ? 'warning' : 'info',
      facts: [
        { name: 'Name before', value: textAt(body, 'changes', 'repository', 'name', 'from') },
        { name: 'Owner before', value: textAt(from, 'user', 'login') ?? textAt(from, 'organization', 'login') },
        { name: 'Visibility', value: textAt(body, 'repository', 'visibility') },
      ],
      links: action === 'deleted' ? [] : linksOf(body),
    },
  };
}

/** The event `public`, which comes beside `repository.publicized`. */
export function tellPublic(body: unknown): Told | undefined {
  return tellRepository(body, 'publicized');
}

/** Of these each event has some; they are not what it is about. */
const SURROUNDINGS = ['repository', 'organization', 'enterprise', 'installation', 'sender', 'changes', 'hook'];

/** Whatever else GitHub has to tell: what it calls it, and what it is about. */
export function tellPlainly(body: unknown, event: string, action: string): Told {
  const objects = membersAt(body).filter(([name, value]) => isObject(value) && !SURROUNDINGS.includes(name));
  const [name = '', thing] = objects.find(([key]) => key === event) ?? objects[0] ?? [];
  const links: readonly (string | undefined)[] = [thing, at(body, 'repository'), at(body, 'organization')].map(
    (value) => textAt(value, 'html_url'),
  );
  const facts: readonly DraftFact[] = [
    { name: capitalised(spoken(name)), value: nameOf(thing) },
    { name: 'By', value: textAt(body, 'sender', 'login') },
  ];
  return {
    draft: {
      title: `GitHub: ${joined(' ', event, action === '' ? undefined : spoken(action)) ?? ''}${inRepository(body)}`,
      severity: 'info',
      facts,
      links: [{ title: 'Open on GitHub', url: links.find((url) => url !== undefined) }],
    },
  };
}

function nameOf(thing: unknown): string | undefined {
  const names = ['title', 'name', 'login', 'summary', 'number', 'id'].map((name) => textAt(thing, name));
  return names.find((name) => name !== undefined);
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function linksOf(body: unknown) {
  return [{ title: 'Open repository', url: textAt(body, 'repository', 'html_url') }];
}
