// What cards and the bot say in French, with "vous" as Teams itself does.

import type { Catalogue } from './card-texts.ts';
import { FRENCH_ANSWERS } from './french-answers.ts';
import { countAsksInFrench } from './french-asks.ts';

const HOW_TO_STOP =
  'Pour ne plus recevoir ces messages, écrivez «\u00a0stop\u00a0», ou supprimez ou bloquez cette application dans Teams.';

/** French. From a million on, `many`, a count is joined by "de"; a blank that does not break stands before a colon. */
export const FRENCH: Catalogue = {
  isRightToLeft: false,
  severities: {
    info: 'Information',
    success: 'Réussite',
    warning: 'Avertissement',
    error: 'Erreur',
    critical: 'Critique',
  },
  states: { open: 'Ouvert', acknowledged: 'Pris en charge', resolved: 'Résolu' },
  labelled: (label, text) => `${label}\u00a0: ${text}`,
  // Not "De": that would have to become "D'" before a vowel.
  source: (name) => `Source\u00a0: ${name}`,
  replaced: 'Un message plus récent à ce sujet a remplacé celui-ci.',
  counted({ number, plural }) {
    const counted = (count: number, one: string, other: string) =>
      `${number(count)} ${plural(count, { one, many: `${/^[aeiou]/.test(other) ? 'd’' : 'de '}${other}`, other })}`;
    return {
      reported: (count, isAtLeast, since) =>
        `${isAtLeast ? 'Au moins ' : ''}${counted(count, 'signalement', 'signalements')} depuis le ${since}`,
      times: (count) => `×\u00a0${number(count)}`,
      earlier: (count) => `… ${counted(count, 'signalement précédent', 'signalements précédents')}`,
      moreCharacters: (count) => `… ${counted(count, 'caractère', 'caractères')} de plus`,
      moreFacts: (count) => `… ${counted(count, 'détail', 'détails')} de plus`,
      moreLinks: (count) => `… ${counted(count, 'lien', 'liens')} de plus`,
      moreImages: (count) => `… ${counted(count, 'image', 'images')} de plus`,
      unsafeLinks: (count) =>
        plural(count, {
          one: 'Un lien a été omis\u00a0: ce n’est pas une adresse https simple',
          other: `${counted(count, 'lien', 'liens')} ont été omis\u00a0: ce ne sont pas des adresses https simples`,
        }),
      more: (count) => `… ${number(count)} de plus`,
      messages: (count) => counted(count, 'message', 'messages'),
      topicsCount: (count, subscribed) =>
        `${counted(count, 'sujet', 'sujets')} en tout\u00a0; vous en suivez ${number(subscribed)}.`,
      openThings: (count) => `Encore en cours\u00a0: ${number(count)}.`,
      tooManyMutes: (max) => `Mises en sourdine possibles\u00a0: ${number(max)}. Annulez-en d’abord une.`,
      tooLong: (maxLength) => `C’est trop long. Nombre maximal de caractères\u00a0: ${number(maxLength)}.`,
      tellLimit: (perHour) =>
        `Nombre maximal de messages que je transmets pour vous par heure\u00a0: ${number(perHour)}. Réessayez plus tard.`,
    };
  },
  welcome: {
    greeting: 'Bonjour\u00a0! C’est un plaisir d’être ici.',
    lines: [
      'Je vous apporte des messages des systèmes de votre organisation, comme des builds, des alertes et des tickets.',
      'Vous les recevez parce que cette application a été installée pour vous, par vous ou par l’administration. Il n’y a rien à configurer.',
      'Vous décidez de ce qui vous parvient et quand\u00a0: écrivez topics, mute, quiet ou digest, ou ouvrez les paramètres.',
      'Écrivez «\u00a0aide\u00a0» pour en savoir plus.',
      HOW_TO_STOP,
    ],
  },
  help: {
    notUnderstood: 'Toutes mes excuses, je n’ai pas compris.',
    title: 'Ce que je peux faire',
    lines: [
      'Je publie ici des messages des systèmes de votre organisation. Chacun indique quel système l’a envoyé.',
      'Les boutons sous un message ouvrent sa page\u00a0; les points à côté de la source disent pourquoi il est venu et le mettent en sourdine.',
      'Écrivez «\u00a0aide\u00a0» pour revoir ceci.',
      HOW_TO_STOP,
    ],
  },
  helpButton: 'Aide',
  retiredButton: 'Ce bouton n’est plus utilisé.',
  answers: FRENCH_ANSWERS,
  countAsks: countAsksInFrench,
};
