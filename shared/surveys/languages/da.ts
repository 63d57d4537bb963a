import type { Language } from "../texts.ts";

/** Danish. */
export const da: Language = {
  direction: "ltr",
  comment: "Hvad er den vigtigste årsag til din vurdering?",
  send: "Send",
  close: "Luk",
  thanks: "Tak for din feedback.",
  unsent: "Der er ingen forbindelse lige nu. Dit svar er gemt og bliver sendt senere.",
  option: "{rating} af {max}",
  change: "Ret mit svar",
  expired: "Linket til undersøgelsen er udløbet.",
  choose: "Vælg en vurdering.",
  tooLong: "Forkort din kommentar til 4000 tegn.",
  unknownLink: "Linket til undersøgelsen er ikke gyldigt.",
  later: "Det lykkedes ikke. Prøv igen om lidt.",
  tab: "Feedback",
  next: "Næste",
  many: "Vælg alt, der passer",
  unsubscribe: "Afmeld",
  unsubscribeAsk: "Vil du ikke have flere undersøgelser på mail?",
  unsubscribed: "Du får ikke flere undersøgelser på mail.",
  kinds: {
    nps: {
      question: "Hvor sandsynligt er det, at du vil anbefale {subject} til en ven eller kollega?",
      low: "Slet ikke sandsynligt",
      high: "Meget sandsynligt",
    },
    csat: {
      question: "Hvor tilfreds er du med {subject}?",
      low: "Meget utilfreds",
      high: "Meget tilfreds",
    },
    ces: {
      question: "{subject} gjorde det nemt for mig at få løst mit problem.",
      low: "Helt uenig",
      high: "Helt enig",
    },
    fcr: {
      question: "Blev dit problem løst, første gang du kontaktede os?",
      low: "Nej",
      high: "Ja",
    },
    thumbs: {
      question: "Var dette nyttigt?",
      low: "Nej",
      high: "Ja",
    },
  },
};
