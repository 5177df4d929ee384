// What Bellhop can mend by itself when Teams does not take a message where it was sent.
//
//   reopen               Teams does not know the chat: forget it, and open it again from the person
//   reopen_by_object_id  the stored ids are another bot's: the same, from the Entra object id, which all bots share
//   post_anew            the message that is to be edited is not there any more: post it again
//   change_host          the tenant is in the GCC cloud: go to that cloud's address
//
// Each is tried once for a delivery. If that does not help, nothing will, and the delivery ends with its reason.

import type { FailureReason } from './failure-reason.ts';
import { GCC_SERVICE_URL, isTrustedServiceUrl, type ServiceUrlPolicy } from './service-url.ts';

export const REMEDIES = ['reopen', 'reopen_by_object_id', 'post_anew', 'change_host'] as const;
export type Remedy = (typeof REMEDIES)[number];

/** What the choice of a remedy depends on. */
export interface Patient {
  readonly serviceUrl: string;
  /** Pairwise id (`29:`) of the person of a 1:1 chat, where it is known. */
  readonly teamsUserId?: string | undefined;
  readonly aadObjectId?: string | undefined;
  /** What was tried already. */
  readonly remedies: readonly Remedy[];
}

/** Whether the chat was forgotten to be opened again. */
export function isReopened(remedies: readonly Remedy[]): boolean {
  return remedies.includes('reopen') || remedies.includes('reopen_by_object_id');
}

/**
 * What may still be tried. Pure.
 *
 * @param policy `change_host` is open only where it trusts the host of GCC
 */
export function listRemedies(patient: Patient, policy: ServiceUrlPolicy): readonly Remedy[] {
  const { serviceUrl, teamsUserId, aadObjectId, remedies } = patient;
  const isOpen: Readonly<Record<Remedy, boolean>> = {
    reopen: !isReopened(remedies) && (teamsUserId ?? aadObjectId) !== undefined,
    reopen_by_object_id: !remedies.includes('reopen_by_object_id') && aadObjectId !== undefined,
    post_anew: !remedies.includes('post_anew'),
    change_host:
      !remedies.includes('change_host') &&
      isTrustedServiceUrl(GCC_SERVICE_URL, policy) &&
      URL.canParse(serviceUrl) &&
      new URL(serviceUrl).host !== new URL(GCC_SERVICE_URL).host,
  };
  return REMEDIES.filter((remedy) => isOpen[remedy]);
}

/**
 * The remedy for what went wrong; undefined when there is none. Pure.
 *
 * @param isInChat whether it went wrong in a chat: while one is being opened there is none to forget
 */
export function chooseRemedy(
  reason: FailureReason,
  { remedies, isInChat }: { readonly remedies: readonly Remedy[]; readonly isInChat: boolean },
): Remedy | undefined {
  switch (reason) {
    case 'conversation_not_found':
      return isInChat ? remedies.find((remedy) => remedy === 'reopen') : undefined;
    case 'wrong_identity':
      return (
        remedies.find((remedy) => remedy === 'reopen_by_object_id') ??
        (isInChat ? remedies.find((remedy) => remedy === 'reopen') : undefined)
      );
    case 'wrong_cloud':
      return remedies.find((remedy) => remedy === 'change_host');
    default:
      return undefined;
  }
}
