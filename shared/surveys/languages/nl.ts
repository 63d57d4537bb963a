import type { Language } from "../texts.ts";

/** Dutch. */
export const nl: Language = {
  direction: "ltr",
  comment: "Wat is de belangrijkste reden voor uw beoordeling?",
  send: "Versturen",
  close: "Sluiten",
  thanks: "Bedankt voor uw feedback.",
  unsent: "Er is nu geen verbinding. Uw antwoord is bewaard en wordt later verstuurd.",
  option: "{rating} van {max}",
  change: "Mijn antwoord wijzigen",
  expired: "Deze enquêtelink is verlopen.",
  choose: "Kies een beoordeling.",
  tooLong: "Kort uw opmerking in tot 4000 tekens.",
  unknownLink: "Deze enquêtelink is niet geldig.",
  later: "Dat is niet gelukt. Probeer het zo nog eens.",
  tab: "Feedback",
  next: "Volgende",
  many: "Kies alles wat van toepassing is",
  unsubscribe: "Afmelden",
  unsubscribeAsk: "Wilt u geen enquêtes meer per e-mail ontvangen?",
  unsubscribed: "U ontvangt geen enquêtes meer per e-mail.",
  kinds: {
    nps: {
      question: "Hoe waarschijnlijk is het dat u {subject} aanbeveelt bij een vriend of collega?",
      low: "Zeer onwaarschijnlijk",
      high: "Zeer waarschijnlijk",
    },
    csat: {
      question: "Hoe tevreden bent u over {subject}?",
      low: "Zeer ontevreden",
      high: "Zeer tevreden",
    },
    ces: {
      question: "{subject} maakte het mij gemakkelijk om mijn probleem op te lossen.",
      low: "Helemaal mee oneens",
      high: "Helemaal mee eens",
    },
    fcr: {
      question: "Is uw probleem bij het eerste contact opgelost?",
      low: "Nee",
      high: "Ja",
    },
    thumbs: {
      question: "Was dit nuttig?",
      low: "Nee",
      high: "Ja",
    },
  },
};
