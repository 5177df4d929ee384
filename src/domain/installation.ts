// Whether the app is installed in one scope, told from events that come in any order and more than once.
//
//   active       messages may be sent
//   unreachable  Teams refused a message (blocked, disabled); resumes with the next word from the person,
//                or when a message that is sent again arrives
//   removed      the app was removed, or the person's data was erased on request; nothing is sent, and personal data
//                is gone. After an erasure only a new install counts, not what the person writes

export type InstallationState = 'active' | 'unreachable' | 'removed';

export interface Installation {
  readonly state: InstallationState;
  /** Teams' own timestamp of the event that last decided the state, epoch milliseconds. */
  readonly changedAtMs: number;
  /** How often the app has come to this scope; each one is welcomed once. 0 when it was never seen there. */
  readonly generation: number;
  /** Removed because the data of the person was erased on request. */
  readonly isErased?: boolean;
}

/** `seen`: somebody wrote to the bot in this scope, so it must be installed. */
export interface InstallationSign {
  readonly kind: 'installed' | 'removed' | 'seen';
  readonly atMs: number;
}

/**
 * The newest sign decides; of two of the same instant the removal does. So every order and repetition of the same
 * signs ends in the same state. Pure.
 *
 * @param current undefined when nothing is known of this scope yet
 */
export function applyInstallationSign(current: Installation | undefined, sign: InstallationSign): Installation {
  if (!current) {
    return sign.kind === 'removed'
      ? { state: 'removed', changedAtMs: sign.atMs, generation: 0 }
      : { state: 'active', changedAtMs: sign.atMs, generation: 1 };
  }
  if (isOutdated(current, sign) || (current.isErased === true && sign.kind === 'seen')) {
    return current;
  }
  const changedAtMs = Math.max(current.changedAtMs, sign.atMs);
  if (sign.kind === 'removed') {
    return { state: 'removed', changedAtMs, generation: current.generation };
  }
  return { state: 'active', changedAtMs, generation: current.generation + (hasComeAnew(current, sign) ? 1 : 0) };
}

function isOutdated(current: Installation, sign: InstallationSign): boolean {
  if (sign.atMs === current.changedAtMs) {
    return current.state === 'removed' && sign.kind !== 'removed';
  }
  return sign.atMs < current.changedAtMs;
}

/** A person who only wrote again after blocking the bot has not installed it again. */
function hasComeAnew(current: Installation, sign: InstallationSign): boolean {
  if (current.generation === 0) {
    return true;
  }
  switch (current.state) {
    case 'removed':
      return true;
    case 'unreachable':
      return sign.kind === 'installed' && sign.atMs > current.changedAtMs;
    case 'active':
      return false;
  }
}
