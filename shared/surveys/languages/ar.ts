import type { Language } from "../texts.ts";

/** Arabic. */
export const ar: Required<Language> = {
  direction: "rtl",
  comment: "ما السبب الرئيسي لتقييمك؟",
  send: "إرسال",
  close: "إغلاق",
  thanks: "شكرًا لك على رأيك.",
  unsent: "لا يوجد اتصال الآن. إجابتك محفوظة وستُرسل لاحقًا.",
  option: "{rating} من {max}",
  change: "تغيير إجابتي",
  expired: "انتهت صلاحية رابط الاستبيان.",
  choose: "يرجى اختيار تقييم.",
  tooLong: "يرجى اختصار تعليقك إلى 4000 حرف.",
  unknownLink: "رابط الاستبيان هذا غير صالح.",
  later: "لم ينجح ذلك. يرجى المحاولة مرة أخرى بعد قليل.",
  tab: "رأيك",
  next: "التالي",
  many: "اختر كل ما ينطبق",
  unsubscribe: "إلغاء الاشتراك",
  unsubscribeAsk: "هل تريد عدم تلقي المزيد من الاستبيانات بالبريد؟",
  unsubscribed: "لن تتلقى المزيد من الاستبيانات بالبريد.",
  kinds: {
    nps: {
      question: "ما مدى احتمال أن توصي بـ {subject} لصديق أو زميل؟",
      low: "غير محتمل إطلاقًا",
      high: "محتمل جدًا",
    },
    csat: {
      question: "ما مدى رضاك عن {subject}؟",
      low: "غير راضٍ إطلاقًا",
      high: "راضٍ جدًا",
    },
    ces: {
      question: "سهّل علي {subject} حل مشكلتي.",
      low: "لا أوافق بشدة",
      high: "أوافق بشدة",
    },
    fcr: {
      question: "هل حُلّت مشكلتك من أول تواصل معنا؟",
      low: "لا",
      high: "نعم",
    },
    thumbs: {
      question: "هل كان هذا مفيدًا؟",
      low: "لا",
      high: "نعم",
    },
  },
  score: {
    customersSay: "ماذا يقول عملاؤنا",
    responses: "الإجابات",
    interval: "مجال الثقة 95\u00a0%",
    range: "من {low} إلى {high}",
    period: "الفترة",
    smallSample: "عينة صغيرة",
    notEnough: "لا توجد إجابات كافية بعد",
    labels: {
      nps: {
        title: "صافي نقاط الترويج",
        bucketLabels: { detractor: "منتقدون", passive: "محايدون", promoter: "مروّجون" },
      },
      csat: {
        title: "رضا العملاء",
        bucketLabels: { dissatisfied: "غير راضين", neutral: "محايدون", satisfied: "راضون" },
      },
      ces: { title: "مؤشر جهد العميل", bucketLabels: { difficult: "صعب", neutral: "محايد", easy: "سهل" } },
      fcr: { title: "الحل من أول تواصل", bucketLabels: { unresolved: "غير محلول", resolved: "محلول" } },
      thumbs: { title: "إعجاب أو عدم إعجاب", bucketLabels: { negative: "سلبي", positive: "إيجابي" } },
    },
  },
};
