import type { Language } from "../texts.ts";

/** Hebrew. */
export const he: Language = {
  direction: "rtl",
  comment: "מהי הסיבה העיקרית לדירוג?",
  send: "שליחה",
  close: "סגירה",
  thanks: "תודה על המשוב.",
  unsent: "אין חיבור כרגע. התשובה נשמרה ותישלח מאוחר יותר.",
  option: "{rating} מתוך {max}",
  change: "שינוי התשובה שלי",
  expired: "פג תוקפו של הקישור לסקר.",
  choose: "נא לבחור דירוג.",
  tooLong: "נא לקצר את התגובה ל-4000 תווים.",
  unknownLink: "הקישור לסקר אינו תקין.",
  later: "הפעולה לא הצליחה. נא לנסות שוב בעוד רגע.",
  tab: "משוב",
  next: "הבא",
  many: "יש לבחור את כל המתאימים",
  unsubscribe: "הסרה מהרשימה",
  unsubscribeAsk: "האם להפסיק לשלוח לכם סקרים בדואר?",
  unsubscribed: "לא יישלחו אליכם עוד סקרים בדואר.",
  kinds: {
    nps: {
      question: "מה הסיכוי שתמליצו על {subject} לחברים או לעמיתים?",
      low: "סיכוי נמוך מאוד",
      high: "סיכוי גבוה מאוד",
    },
    csat: {
      question: "עד כמה אתם מרוצים מ־{subject}?",
      low: "מאוד לא מרוצים",
      high: "מרוצים מאוד",
    },
    ces: {
      question: "{subject}: היה לי קל לטפל בעניין שלי.",
      low: "כלל לא נכון",
      high: "נכון מאוד",
    },
    fcr: {
      question: "האם העניין שלכם נפתר כבר בפנייה הראשונה?",
      low: "לא",
      high: "כן",
    },
    thumbs: {
      question: "האם זה עזר לכם?",
      low: "לא",
      high: "כן",
    },
  },
};
