// What is asked, and what is said to the answers, in Spanish.

import type { AskTexts, CountedAsks, DialogTexts, PollTexts } from './ask-texts.ts';
import type { Counting } from './card-texts.ts';

export const SPANISH_ASKS: AskTexts = {
  acknowledge: 'Confirmar lectura',
  acknowledgedBy: (names) => `Lectura confirmada por ${names}`,
  youAcknowledged: 'Has confirmado la lectura.',
  youChose: (name) => `Has elegido ${name}.`,
  decided: (name) => `Decidido: ${name}`,
  somebody: 'alguien',
  send: 'Enviar',
  fields: {
    text: 'Escribe algo.',
    number: 'Escribe un número.',
    date: 'Elige una fecha.',
    choice: 'Elige una opción.',
  },
  reminder: 'Recordatorio: todavía no ha respondido nadie.',
  acknowledged: 'Gracias: queda anotado que has confirmado la lectura.',
  isOver: 'Esto ya se ha decidido o ha terminado; tu respuesta no se ha contado.',
  badInput: (label) => `Lo que has escrito en ${label} no es válido y no se ha enviado nada. Inténtalo de nuevo.`,
};

export const SPANISH_POLLS: PollTexts = {
  vote: 'Votar',
  changeVote: 'Cambiar el voto',
  close: 'Cerrar la encuesta',
  mayChange: 'Puedes cambiarlo.',
  several: 'Puedes elegir varias respuestas.',
  anonymous: 'Anónima: tu voto cuenta, pero no se dice a nadie qué has elegido.',
  openUntil: (time) => `Abierta hasta el ${time}`,
  soFar: 'Resultado provisional',
  final: 'Resultado final',
  noVotes: 'Todavía no ha votado nadie.',
  tooFew: 'Han votado muy pocas personas: el resultado revelaría quién ha elegido qué.',
  voted: (names) => `Tu voto cuenta: ${names}`,
  chooseOne: 'Elige una de las respuestas y vuelve a votar.',
  chooseSome: 'Elige al menos una de las respuestas y vuelve a votar.',
  closed: 'Esta encuesta está cerrada.',
  usage: (example) =>
    `En un equipo o chat de grupo, mencióname y escribe poll, la pregunta y de dos a diez respuestas, separadas por una barra: ${example}`,
  noKey:
    'Aquí no hay encuestas anónimas: quien me administra tiene que definir una clave de cifrado. Pregunta sin anonymous.',
};

export const SPANISH_DIALOGS: DialogTexts = {
  back: 'Atrás',
  skip: 'Omitir',
  cancel: 'Cancelar',
  problems: {
    not_a_choice: 'Esa no es una de las respuestas. Elige una de ellas.',
    not_a_number: 'Eso no es un número. Escríbelo con cifras.',
    out_of_range: 'Ese número es demasiado pequeño o demasiado grande.',
    empty: 'Esta pregunta necesita una respuesta.',
  },
  notADate: (example) => `Eso no es una fecha. Escríbela así: ${example}.`,
  ends: {
    completed: 'Gracias, eso era todo.',
    cancelled: 'Cancelado: no habrá más preguntas.',
    timed_out: 'Se ha acabado el tiempo para responder.',
    failed: 'Algo ha fallado y no habrá más preguntas. Tus respuestas hasta ahora se conservan.',
  },
  isOver: 'Estas preguntas ya han terminado; tu respuesta no se ha recogido.',
};

/** What is counted of it. */
export const countAsksInSpanish = ({ number, percent, plural }: Counting): CountedAsks => ({
  others: (count) =>
    `${number(count)} ${plural(count, { one: 'persona más', many: 'de personas más', other: 'personas más' })}`,
  ofNeeded: (count, needed) => `${number(count)} de ${number(needed)}`,
  share: (count, voters) => `${number(count)} de ${number(voters)} (${percent(count, voters)})`,
  voters: (count) =>
    plural(count, {
      one: `Ha votado ${number(count)} persona`,
      many: `Han votado ${number(count)} de personas`,
      other: `Han votado ${number(count)} personas`,
    }),
  pollLimit: (perHour) => `Límite de encuestas por hora: ${number(perHour)}. Prueba más tarde.`,
  questionNumber: (count) => `Pregunta ${number(count)}`,
  atLeast: (bound) => `Como mínimo, ${number(bound)}`,
  atMost: (bound) => `Como máximo, ${number(bound)}`,
  between: (min, max) => `De ${number(min)} a ${number(max)}`,
});
