// How bad something is and whether it is over, at a glance.

import type { LifecycleState } from '../../domain/lifecycle.ts';
import type { Severity } from '../../domain/notification.ts';
import type { CardTexts } from './texts/card-texts.ts';

/** Said by icon and by word: colour alone tells some people nothing. The styles adapt to light and dark themes. */
const LOOKS: Readonly<Record<Severity, { readonly icon: string; readonly style: string }>> = {
  info: { icon: 'ℹ️', style: 'accent' },
  success: { icon: '✅', style: 'good' },
  warning: { icon: '⚠️', style: 'warning' },
  error: { icon: '❌', style: 'attention' },
  critical: { icon: '🚨', style: 'attention' },
};

/** What a card says and shows of a severity. */
export interface SeverityLook {
  readonly icon: string;
  /** The style of a container. */
  readonly style: string;
  /** The severity, and with a lifecycle its state; what is over is only that. */
  readonly words: string;
  /** The same for the toast, where `Open` goes without saying. */
  readonly toastWords: string;
}

/** @param state undefined for an event without a lifecycle */
export function lookOf(severity: Severity, state: LifecycleState | undefined, texts: CardTexts): SeverityLook {
  const word = texts.severities[severity];
  if (state === undefined) {
    return { ...LOOKS[severity], words: word, toastWords: word };
  }
  if (state === 'resolved') {
    return { ...LOOKS.success, words: texts.states.resolved, toastWords: texts.states.resolved };
  }
  const words = `${word} · ${texts.states[state]}`;
  return { ...LOOKS[severity], words, toastWords: state === 'open' ? word : words };
}
