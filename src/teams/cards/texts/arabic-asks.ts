// What is asked, and what is said to the answers, in Arabic.

import type { AskTexts, CountedAsks, DialogTexts, PollTexts } from './ask-texts.ts';
import type { Counting } from './card-texts.ts';

export const ARABIC_ASKS: AskTexts = {
  acknowledge: 'تأكيد الاطلاع',
  acknowledgedBy: (names) => `تم الاطلاع من: ${names}`,
  youAcknowledged: 'سُجِّل اطلاعك على هذا.',
  youChose: (name) => `اختيارك: ${name}.`,
  decided: (name) => `القرار: ${name}`,
  somebody: 'شخص غير معروف',
  send: 'إرسال',
  fields: {
    text: 'يلزم كتابة نص.',
    number: 'يلزم إدخال رقم.',
    date: 'يلزم اختيار تاريخ.',
    choice: 'يلزم اختيار واحد.',
  },
  reminder: 'تذكير: لم يُجب أحد حتى الآن.',
  acknowledged: 'شكرًا، تم تسجيل اطلاعك.',
  isOver: 'تم البت في هذا أو انتهى، ولذلك لم تُحتسب إجابتك.',
  badInput: (label) => `ما أُدخل في ${label} غير مناسب، ولذلك لم يُرسل شيء. تمكن إعادة المحاولة.`,
};

export const ARABIC_POLLS: PollTexts = {
  vote: 'تصويت',
  changeVote: 'تغيير التصويت',
  close: 'إغلاق الاستطلاع',
  mayChange: 'يمكنك تغيير ذلك.',
  several: 'يمكن اختيار أكثر من إجابة.',
  anonymous: 'استطلاع مجهول: يُحتسب صوتك، ولا يُخبَر أحد بما اخترته.',
  openUntil: (time) => `مفتوح حتى ${time}`,
  soFar: 'النتيجة حتى الآن',
  final: 'النتيجة النهائية',
  noVotes: 'لم يصوّت أحد حتى الآن.',
  tooFew: 'عدد المصوّتين قليل، وعرض النتيجة الآن يكشف اختيار كل منهم.',
  voted: (names) => `تم احتساب صوتك: ${names}`,
  chooseOne: 'يلزم اختيار إجابة واحدة ثم التصويت من جديد.',
  chooseSome: 'يلزم اختيار إجابة واحدة على الأقل ثم التصويت من جديد.',
  closed: 'هذا الاستطلاع مغلق.',
  usage: (example) =>
    `في فريق أو دردشة جماعية، تكفي الإشارة إليّ ثم كلمة poll ثم السؤال ثم من إجابتين إلى عشر إجابات، بينها خط عمودي: ${example}`,
  noKey: 'الاستطلاعات المجهولة غير مهيأة هنا: على من يشغّلني تعيين مفتاح تشفير. يمكن السؤال من دون anonymous.',
};

export const ARABIC_DIALOGS: DialogTexts = {
  back: 'رجوع',
  skip: 'تخطٍّ',
  cancel: 'إلغاء',
  problems: {
    not_a_choice: 'ليست هذه من الإجابات. يلزم اختيار واحدة منها.',
    not_a_number: 'ليس هذا رقمًا. يُكتب بالأرقام.',
    out_of_range: 'هذا الرقم أصغر أو أكبر من اللازم.',
    empty: 'يحتاج هذا السؤال إلى إجابة.',
  },
  notADate: (example) => `ليس هذا تاريخًا. يُكتب هكذا: ${example}`,
  ends: {
    completed: 'شكرًا، كان هذا كل شيء.',
    cancelled: 'تم الإلغاء: لن تصلك أسئلة أخرى.',
    timed_out: 'انتهت مدة الإجابة.',
    failed: 'حدث خطأ، ولن تصلك أسئلة أخرى. إجاباتك حتى الآن محفوظة.',
  },
  isOver: 'انتهت هذه الأسئلة، ولذلك لم تُسجَّل إجابتك.',
};

const PEOPLE = {
  ...{ zero: 'لا أشخاص آخرين', one: 'شخص واحد آخر', two: 'شخصان آخران' },
  ...{ few: 'أشخاص آخرين', many: 'شخصًا آخر', other: 'شخص آخر' },
} as const;

/** What is counted of it. */
export const countAsksInArabic = ({ number, percent, plural }: Counting): CountedAsks => ({
  others(count) {
    const behind = (form: string) => `${number(count)} ${form}`;
    const { few, many, other } = PEOPLE;
    return plural(count, { ...PEOPLE, few: behind(few), many: behind(many), other: behind(other) });
  },
  ofNeeded: (count, needed) => `${number(count)} من ${number(needed)}`,
  share: (count, voters) => `${number(count)} من ${number(voters)} (${percent(count, voters)})`,
  voters: (count) => `عدد المصوّتين: ${number(count)}`,
  pollLimit: (perHour) => `الحد الأقصى للاستطلاعات في الساعة: ${number(perHour)}. يمكن إعادة المحاولة لاحقًا.`,
  questionNumber: (count) => `السؤال ${number(count)}`,
  atLeast: (bound) => `${number(bound)} على الأقل`,
  atMost: (bound) => `${number(bound)} على الأكثر`,
  between: (min, max) => `من ${number(min)} إلى ${number(max)}`,
});
