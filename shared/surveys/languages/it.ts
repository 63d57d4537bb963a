import type { Language } from "../texts.ts";

/** Italian. */
export const it: Language = {
  direction: "ltr",
  comment: "Qual è il motivo principale della sua valutazione?",
  send: "Invia",
  close: "Chiudi",
  thanks: "Grazie per la sua opinione.",
  unsent: "Al momento non c'è connessione. La sua risposta è conservata e sarà inviata più tardi.",
  option: "{rating} su {max}",
  change: "Modifica la mia risposta",
  expired: "Questo link al sondaggio è scaduto.",
  choose: "Scelga una valutazione.",
  tooLong: "Accorci il commento a 4000 caratteri.",
  unknownLink: "Questo link al sondaggio non è valido.",
  later: "Qualcosa non ha funzionato. Riprovi tra poco.",
  tab: "Feedback",
  next: "Avanti",
  many: "Scelga tutte le risposte pertinenti",
  unsubscribe: "Annulla l’iscrizione",
  unsubscribeAsk: "Vuole smettere di ricevere sondaggi via e-mail?",
  unsubscribed: "Non riceverà più sondaggi via e-mail.",
  kinds: {
    nps: {
      question: "Con quale probabilità consiglierebbe {subject} a un amico o a un collega?",
      low: "Per niente probabile",
      high: "Estremamente probabile",
    },
    csat: {
      question: "Quanto è soddisfatto di {subject}?",
      low: "Molto insoddisfatto",
      high: "Molto soddisfatto",
    },
    ces: {
      question: "{subject} mi ha permesso di risolvere facilmente il mio problema.",
      low: "Per niente d'accordo",
      high: "Pienamente d'accordo",
    },
    fcr: {
      question: "Il suo problema è stato risolto al primo contatto?",
      low: "No",
      high: "Sì",
    },
    thumbs: {
      question: "Le è stato utile?",
      low: "No",
      high: "Sì",
    },
  },
};
