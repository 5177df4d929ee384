// What cards and the bot say in Spanish, with "tú" as Teams itself does.

import type { Catalogue } from './card-texts.ts';
import { SPANISH_ANSWERS } from './spanish-answers.ts';
import { countAsksInSpanish } from './spanish-asks.ts';

const HOW_TO_STOP = 'Para dejar de recibir estos mensajes, escribe «stop», o quita o bloquea esta aplicación en Teams.';

/** Spanish. From a million on, `many`, a count is joined by "de". */
export const SPANISH: Catalogue = {
  isRightToLeft: false,
  severities: {
    info: 'Información',
    success: 'Correcto',
    warning: 'Advertencia',
    error: 'Error',
    critical: 'Crítico',
  },
  states: { open: 'Abierto', acknowledged: 'Confirmado', resolved: 'Resuelto' },
  labelled: (label, text) => `${label}: ${text}`,
  source: (name) => `De ${name}`,
  replaced: 'Un mensaje más reciente sobre esto ha sustituido a este.',
  counted({ number, plural }) {
    const more = (count: number, one: string, other: string) =>
      `… ${number(count)} ${plural(count, { one, many: `de ${other}`, other })} más`;
    return {
      reported: (count, isAtLeast, since) => {
        const reports = plural(count, { one: 'aviso', many: 'de avisos', other: 'avisos' });
        return `${isAtLeast ? 'Al menos ' : ''}${number(count)} ${reports} desde el ${since}`;
      },
      times: (count) => `×\u00a0${number(count)}`,
      earlier: (count) => {
        const reports = { one: 'aviso anterior', many: 'de avisos anteriores', other: 'avisos anteriores' };
        return `… ${number(count)} ${plural(count, reports)}`;
      },
      moreCharacters: (count) => more(count, 'carácter', 'caracteres'),
      moreFacts: (count) => more(count, 'dato', 'datos'),
      moreLinks: (count) => more(count, 'vínculo', 'vínculos'),
      moreImages: (count) => more(count, 'imagen', 'imágenes'),
      unsafeLinks: (count) =>
        plural(count, {
          one: 'Se ha omitido un vínculo: no es una dirección https simple',
          many: `Se han omitido ${number(count)} de vínculos: no son direcciones https simples`,
          other: `Se han omitido ${number(count)} vínculos: no son direcciones https simples`,
        }),
      more: (count) => `… ${number(count)} más`,
      messages: (count) =>
        `${number(count)} ${plural(count, { one: 'mensaje', many: 'de mensajes', other: 'mensajes' })}`,
      topicsCount: (count, subscribed) =>
        `Hay ${number(count)} ${plural(count, { one: 'tema', many: 'de temas', other: 'temas' })}; con tu suscripción: ${number(subscribed)}.`,
      openThings: (count) => `Asuntos que siguen abiertos: ${number(count)}.`,
      tooManyMutes: (max) => `Límite de elementos en silencio: ${number(max)}. Reactiva antes uno de ellos.`,
      tooLong: (maxLength) => `Es demasiado largo. Límite de caracteres que puedo leer: ${number(maxLength)}.`,
      tellLimit: (perHour) => `Límite de avisos por hora que doy por ti: ${number(perHour)}. Prueba más tarde.`,
    };
  },
  welcome: {
    greeting: '¡Hola! Es un placer estar aquí.',
    lines: [
      'Te traigo mensajes de los sistemas de tu organización, como compilaciones, alertas e incidencias.',
      'Los recibes porque esta aplicación se instaló para ti: lo hiciste tú o alguien de administración. No hay nada que configurar.',
      'Tú decides qué te llega y cuándo: escribe topics, mute, quiet o digest, o pulsa Configuración.',
      'Escribe «ayuda» cuando quieras saber más.',
      HOW_TO_STOP,
    ],
  },
  help: {
    notUnderstood: 'Lo siento, no lo he entendido.',
    title: 'Qué puedo hacer',
    lines: [
      'Publico aquí mensajes de los sistemas de tu organización. En cada uno se indica qué sistema lo ha enviado.',
      'Los botones de un mensaje abren su página; los puntos junto al origen dicen por qué te llegó y lo silencian.',
      'Escribe «ayuda» para volver a ver esto.',
      HOW_TO_STOP,
    ],
  },
  helpButton: 'Ayuda',
  retiredButton: 'Este botón ya no se usa.',
  answers: SPANISH_ANSWERS,
  countAsks: countAsksInSpanish,
};
