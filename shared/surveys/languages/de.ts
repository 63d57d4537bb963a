import type { Language } from "../texts.ts";

/** German. */
export const de: Required<Language> = {
  direction: "ltr",
  comment: "Was ist der wichtigste Grund für Ihre Bewertung?",
  send: "Senden",
  close: "Schließen",
  thanks: "Vielen Dank für Ihre Rückmeldung.",
  unsent: "Gerade besteht keine Verbindung. Ihre Antwort bleibt erhalten und wird später gesendet.",
  option: "{rating} von {max}",
  change: "Antwort ändern",
  expired: "Dieser Umfragelink ist abgelaufen.",
  choose: "Bitte wählen Sie eine Bewertung.",
  tooLong: "Bitte kürzen Sie Ihren Kommentar auf 4000 Zeichen.",
  unknownLink: "Dieser Umfragelink ist nicht gültig.",
  later: "Das hat nicht geklappt. Bitte versuchen Sie es gleich noch einmal.",
  tab: "Feedback",
  next: "Weiter",
  many: "Wählen Sie alles Zutreffende aus",
  unsubscribe: "Abmelden",
  unsubscribeAsk: "Möchten Sie keine Umfragen mehr per E-Mail bekommen?",
  unsubscribed: "Sie bekommen keine Umfragen mehr per E-Mail.",
  kinds: {
    nps: {
      question: "Wie wahrscheinlich ist es, dass Sie {subject} weiterempfehlen?",
      low: "Sehr unwahrscheinlich",
      high: "Sehr wahrscheinlich",
    },
    csat: {
      question: "Wie zufrieden waren Sie mit {subject}?",
      low: "Sehr unzufrieden",
      high: "Sehr zufrieden",
    },
    ces: {
      question: "{subject} hat es mir leicht gemacht, mein Anliegen zu klären.",
      low: "Stimme gar nicht zu",
      high: "Stimme voll zu",
    },
    fcr: {
      question: "Wurde Ihr Anliegen beim ersten Kontakt gelöst?",
      low: "Nein",
      high: "Ja",
    },
    thumbs: {
      question: "War das hilfreich?",
      low: "Nein",
      high: "Ja",
    },
  },
  score: {
    customersSay: "Was unsere Kundschaft sagt",
    responses: "Antworten",
    interval: "95-%-Intervall",
    range: "{low} bis {high}",
    period: "Zeitraum",
    smallSample: "kleine Stichprobe",
    notEnough: "noch zu wenige Antworten",
    labels: {
      nps: {
        title: "Net Promoter Score",
        bucketLabels: { detractor: "Detraktoren", passive: "Passive", promoter: "Promotoren" },
      },
      csat: {
        title: "Kundenzufriedenheit",
        bucketLabels: { dissatisfied: "unzufrieden", neutral: "neutral", satisfied: "zufrieden" },
      },
      ces: {
        title: "Customer Effort Score",
        bucketLabels: { difficult: "schwierig", neutral: "neutral", easy: "leicht" },
      },
      fcr: {
        title: "Lösung beim ersten Kontakt",
        bucketLabels: { unresolved: "ungelöst", resolved: "gelöst" },
      },
      thumbs: {
        title: "Daumen hoch oder runter",
        bucketLabels: { negative: "negativ", positive: "positiv" },
      },
    },
  },
};
