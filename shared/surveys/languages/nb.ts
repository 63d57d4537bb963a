import type { Language } from "../texts.ts";

/** Norwegian, Bokmål. */
export const nb: Language = {
  direction: "ltr",
  comment: "Hva er den viktigste grunnen til vurderingen din?",
  send: "Send",
  close: "Lukk",
  thanks: "Takk for tilbakemeldingen.",
  unsent: "Det er ingen forbindelse akkurat nå. Svaret ditt er lagret og blir sendt senere.",
  option: "{rating} av {max}",
  change: "Endre svaret mitt",
  expired: "Lenken til undersøkelsen er utløpt.",
  choose: "Velg en vurdering.",
  tooLong: "Kort ned kommentaren til 4000 tegn.",
  unknownLink: "Lenken til undersøkelsen er ikke gyldig.",
  later: "Det gikk ikke. Prøv igjen om litt.",
  tab: "Tilbakemelding",
  next: "Neste",
  many: "Velg alt som passer",
  unsubscribe: "Meld deg av",
  unsubscribeAsk: "Vil du ikke ha flere undersøkelser på e-post?",
  unsubscribed: "Du får ikke flere undersøkelser på e-post.",
  kinds: {
    nps: {
      question: "Hvor sannsynlig er det at du vil anbefale {subject} til en venn eller kollega?",
      low: "Slett ikke sannsynlig",
      high: "Svært sannsynlig",
    },
    csat: {
      question: "Hvor fornøyd er du med {subject}?",
      low: "Svært misfornøyd",
      high: "Svært fornøyd",
    },
    ces: {
      question: "{subject} gjorde det enkelt for meg å få løst problemet mitt.",
      low: "Helt uenig",
      high: "Helt enig",
    },
    fcr: {
      question: "Ble problemet ditt løst første gang du kontaktet oss?",
      low: "Nei",
      high: "Ja",
    },
    thumbs: {
      question: "Var dette nyttig?",
      low: "Nei",
      high: "Ja",
    },
  },
};
