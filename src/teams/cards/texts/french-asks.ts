// What is asked, and what is said to the answers, in French.

import type { AskTexts, CountedAsks, DialogTexts, PollTexts } from './ask-texts.ts';
import type { Counting } from './card-texts.ts';

export const FRENCH_ASKS: AskTexts = {
  acknowledge: 'J’en prends note',
  acknowledgedBy: (names) => `Noté par ${names}`,
  youAcknowledged: 'Vous en avez pris note.',
  youChose: (name) => `Vous avez choisi ${name}.`,
  decided: (name) => `Décision\u00a0: ${name}`,
  somebody: 'quelqu’un',
  send: 'Envoyer',
  fields: {
    text: 'Écrivez quelque chose.',
    number: 'Entrez un nombre.',
    date: 'Choisissez une date.',
    choice: 'Choisissez une réponse.',
  },
  reminder: 'Rappel\u00a0: personne n’a encore répondu.',
  acknowledged: 'Merci\u00a0: il est enregistré que vous en avez pris note.',
  isOver: 'C’est déjà décidé ou terminé\u00a0: votre réponse n’a pas été comptée.',
  badInput: (label) => `Ce que vous avez saisi pour ${label} ne convient pas\u00a0: rien n’a été envoyé. Réessayez.`,
};

export const FRENCH_POLLS: PollTexts = {
  vote: 'Voter',
  changeVote: 'Changer mon vote',
  close: 'Clore le sondage',
  mayChange: 'Vous pouvez changer d’avis.',
  several: 'Vous pouvez choisir plusieurs réponses.',
  anonymous: 'Anonyme\u00a0: votre vote compte, mais personne n’apprend ce que vous avez choisi.',
  openUntil: (time) => `Ouvert jusqu’au ${time}`,
  soFar: 'Résultat provisoire',
  final: 'Résultat final',
  noVotes: 'Personne n’a encore voté.',
  tooFew: 'Trop peu de personnes ont voté\u00a0: le résultat révélerait qui a choisi quoi.',
  voted: (names) => `Votre vote compte\u00a0: ${names}`,
  chooseOne: 'Choisissez une des réponses, puis votez à nouveau.',
  chooseSome: 'Choisissez au moins une des réponses, puis votez à nouveau.',
  closed: 'Ce sondage est clos.',
  usage: (example) =>
    `Dans une équipe ou une conversation de groupe, mentionnez-moi et écrivez poll, la question et deux à dix réponses, séparées par une barre\u00a0: ${example}`,
  noKey:
    'Les sondages anonymes ne sont pas configurés ici\u00a0: la personne qui m’administre doit définir une clé de chiffrement. Demandez sans anonymous.',
};

export const FRENCH_DIALOGS: DialogTexts = {
  back: 'Retour',
  skip: 'Passer',
  cancel: 'Annuler',
  problems: {
    not_a_choice: 'Ce n’est pas une des réponses. Choisissez-en une.',
    not_a_number: 'Ce n’est pas un nombre. Écrivez-le en chiffres.',
    out_of_range: 'Ce nombre est trop petit ou trop grand.',
    empty: 'Cette question demande une réponse.',
  },
  notADate: (example) => `Ce n’est pas une date. Écrivez-la ainsi\u00a0: ${example}.`,
  ends: {
    completed: 'Merci, c’était tout.',
    cancelled: 'Annulé\u00a0: il n’y aura plus de questions.',
    timed_out: 'Le temps pour répondre est écoulé.',
    failed: 'Un problème est survenu, il n’y aura plus de questions. Vos réponses jusqu’ici sont conservées.',
  },
  isOver: 'Ces questions sont terminées\u00a0: votre réponse n’a pas été prise en compte.',
};

/** What is counted of it. */
export const countAsksInFrench = ({ number, percent, plural }: Counting): CountedAsks => ({
  others: (count) =>
    `${number(count)} ${plural(count, { one: 'autre personne', many: 'd’autres personnes', other: 'autres personnes' })}`,
  ofNeeded: (count, needed) => `${number(count)} sur ${number(needed)}`,
  share: (count, voters) => `${number(count)} sur ${number(voters)} (${percent(count, voters)})`,
  voters: (count) =>
    `${number(count)} ${plural(count, { one: 'personne a voté', many: 'de personnes ont voté', other: 'personnes ont voté' })}`,
  pollLimit: (perHour) => `Nombre maximal de sondages par heure\u00a0: ${number(perHour)}. Réessayez plus tard.`,
  questionNumber: (count) => `Question n°\u00a0${number(count)}`,
  atLeast: (bound) => `Au moins ${number(bound)}`,
  atMost: (bound) => `Au plus ${number(bound)}`,
  between: (min, max) => `De ${number(min)} à ${number(max)}`,
});
