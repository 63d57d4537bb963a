import type { Language } from "../texts.ts";

/** Swedish. */
export const sv: Language = {
  direction: "ltr",
  comment: "Vad är den främsta anledningen till ditt betyg?",
  send: "Skicka",
  close: "Stäng",
  thanks: "Tack för din feedback.",
  unsent: "Det finns ingen anslutning just nu. Ditt svar är sparat och skickas senare.",
  option: "{rating} av {max}",
  change: "Ändra mitt svar",
  expired: "Länken till enkäten har gått ut.",
  choose: "Välj ett betyg.",
  tooLong: "Korta ned din kommentar till 4000 tecken.",
  unknownLink: "Länken till enkäten är inte giltig.",
  later: "Det gick inte. Försök igen om en stund.",
  tab: "Feedback",
  next: "Nästa",
  many: "Välj alla som stämmer",
  unsubscribe: "Avregistrera",
  unsubscribeAsk: "Vill du inte få fler undersökningar med e-post?",
  unsubscribed: "Du får inga fler undersökningar med e-post.",
  kinds: {
    nps: {
      question: "Hur troligt är det att du skulle rekommendera {subject} till en vän eller kollega?",
      low: "Inte alls troligt",
      high: "Mycket troligt",
    },
    csat: {
      question: "Hur nöjd är du med {subject}?",
      low: "Mycket missnöjd",
      high: "Mycket nöjd",
    },
    ces: {
      question: "{subject} gjorde det enkelt för mig att lösa mitt ärende.",
      low: "Instämmer inte alls",
      high: "Instämmer helt",
    },
    fcr: {
      question: "Löstes ditt ärende första gången du kontaktade oss?",
      low: "Nej",
      high: "Ja",
    },
    thumbs: {
      question: "Var detta till hjälp?",
      low: "Nej",
      high: "Ja",
    },
  },
};
