// What cards and the bot say in Arabic: modern standard, and in words that ask nobody's gender.

import { ARABIC_ANSWERS } from './arabic-answers.ts';
import { countAsksInArabic } from './arabic-asks.ts';
import type { Catalogue, PluralForms } from './card-texts.ts';

const HOW_TO_STOP = 'لإيقاف هذه الرسائل، تكفي كتابة «stop»، ويمكن أيضًا إزالة هذا التطبيق أو حظره في Teams.';

/** `zero`, `one` and `two` are whole; the others are nouns behind a number. */
type CountedNoun = Required<PluralForms>;

const REPORTS: CountedNoun = {
  ...{ zero: 'لا بلاغات', one: 'بلاغ واحد', two: 'بلاغان' },
  ...{ few: 'بلاغات', many: 'بلاغًا', other: 'بلاغ' },
};
const EARLIER_REPORTS: CountedNoun = {
  ...{ zero: 'لا بلاغات سابقة', one: 'بلاغ سابق واحد', two: 'بلاغان سابقان' },
  ...{ few: 'بلاغات سابقة', many: 'بلاغًا سابقًا', other: 'بلاغ سابق' },
};
const CHARACTERS: CountedNoun = {
  ...{ zero: 'لا أحرف أخرى', one: 'حرف واحد آخر', two: 'حرفان آخران' },
  ...{ few: 'أحرف أخرى', many: 'حرفًا آخر', other: 'حرف آخر' },
};
const FACTS: CountedNoun = {
  ...{ zero: 'لا معلومات أخرى', one: 'معلومة واحدة أخرى', two: 'معلومتان أخريان' },
  ...{ few: 'معلومات أخرى', many: 'معلومة أخرى', other: 'معلومة أخرى' },
};
const LINKS: CountedNoun = {
  ...{ zero: 'لا روابط أخرى', one: 'رابط واحد آخر', two: 'رابطان آخران' },
  ...{ few: 'روابط أخرى', many: 'رابطًا آخر', other: 'رابط آخر' },
};
const IMAGES: CountedNoun = {
  ...{ zero: 'لا صور أخرى', one: 'صورة واحدة أخرى', two: 'صورتان أخريان' },
  ...{ few: 'صور أخرى', many: 'صورة أخرى', other: 'صورة أخرى' },
};
const MESSAGES: CountedNoun = {
  ...{ zero: 'لا رسائل', one: 'رسالة واحدة', two: 'رسالتان' },
  ...{ few: 'رسائل', many: 'رسالة', other: 'رسالة' },
};
const LEFT_OUT: CountedNoun = {
  ...{ zero: 'لم يُحذف أي رابط', one: 'رابط واحد محذوف', two: 'رابطان محذوفان' },
  ...{ few: 'روابط محذوفة', many: 'رابطًا محذوفًا', other: 'رابط محذوف' },
};

export const ARABIC: Catalogue = {
  isRightToLeft: true,
  severities: { info: 'معلومات', success: 'نجاح', warning: 'تحذير', error: 'خطأ', critical: 'حرج' },
  states: { open: 'مفتوح', acknowledged: 'تم الإقرار', resolved: 'تم الحل' },
  labelled: (label, text) => `${label}: ${text}`,
  source: (name) => `المصدر: ${name}`,
  replaced: 'حلّت محل هذه الرسالة رسالة أحدث عن الموضوع نفسه.',
  counted({ number, plural }) {
    const counted = (count: number, noun: CountedNoun) => {
      const behind = (form: string) => `${number(count)} ${form}`;
      return plural(count, { ...noun, few: behind(noun.few), many: behind(noun.many), other: behind(noun.other) });
    };
    return {
      reported: (count, isAtLeast, since) => `${counted(count, REPORTS)}${isAtLeast ? ' على الأقل' : ''} منذ ${since}`,
      times: (count) => `×\u00a0${number(count)}`,
      earlier: (count) => `… ${counted(count, EARLIER_REPORTS)}`,
      moreCharacters: (count) => `… ${counted(count, CHARACTERS)}`,
      moreFacts: (count) => `… ${counted(count, FACTS)}`,
      moreLinks: (count) => `… ${counted(count, LINKS)}`,
      moreImages: (count) => `… ${counted(count, IMAGES)}`,
      unsafeLinks: (count) => `${counted(count, LEFT_OUT)}: العنوان ليس عنوان https بسيطًا`,
      more: (count) => `… المزيد: ${number(count)}`,
      messages: (count) => counted(count, MESSAGES),
      topicsCount: (count, subscribed) => `عدد المواضيع: ${number(count)}، وعدد اشتراكاتك: ${number(subscribed)}.`,
      openThings: (count) => `عدد ما لا يزال مفتوحًا: ${number(count)}.`,
      tooManyMutes: (max) => `الحد الأقصى لما يمكن كتمه: ${number(max)}. يلزم أولًا إلغاء كتم واحد منها.`,
      tooLong: (maxLength) => `النص أطول من اللازم. الحد الأقصى لعدد الأحرف: ${number(maxLength)}.`,
      tellLimit: (perHour) => `الحد الأقصى لما أنقله عنك في الساعة: ${number(perHour)}. يمكن إعادة المحاولة لاحقًا.`,
    };
  },
  welcome: {
    greeting: 'مرحبًا! يسعدني أن أكون هنا.',
    lines: [
      'أنقل إليك رسائل من أنظمة مؤسستك، مثل عمليات بناء البرامج والتنبيهات والتذاكر.',
      'تصلك هذه الرسائل لأن هذا التطبيق ثُبِّت لك، إما بواسطتك أو بواسطة الإدارة. لا حاجة إلى أي إعداد.',
      'القرار لك فيما يصلك ومتى: تكفي كتابة topics أو mute أو quiet أو digest، أو فتح الإعدادات.',
      'لمعرفة المزيد، تكفي كتابة «مساعدة».',
      HOW_TO_STOP,
    ],
  },
  help: {
    notUnderstood: 'عذرًا، لم أفهم ذلك.',
    title: 'ما يمكنني فعله',
    lines: [
      'أنشر هنا رسائل من أنظمة مؤسستك، وتذكر كل رسالة النظام الذي أرسلها.',
      'تفتح الأزرار أسفل الرسالة صفحتها، والنقاط بجانب المصدر تذكر سبب وصولها وتكتمها.',
      'لعرض هذا مرة أخرى، تكفي كتابة «مساعدة».',
      HOW_TO_STOP,
    ],
  },
  helpButton: 'مساعدة',
  retiredButton: 'لم يعد هذا الزر مستخدمًا.',
  answers: ARABIC_ANSWERS,
  countAsks: countAsksInArabic,
};
