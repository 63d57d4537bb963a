import type { Language } from "../texts.ts";

/** Romanian. */
export const ro: Language = {
  direction: "ltr",
  comment: "Care este principalul motiv al evaluării dumneavoastră?",
  send: "Trimite",
  close: "Închide",
  thanks: "Vă mulțumim pentru părerea dumneavoastră.",
  unsent: "Momentan nu există conexiune. Răspunsul este păstrat și va fi trimis mai târziu.",
  option: "{rating} din {max}",
  change: "Modificați răspunsul",
  expired: "Acest link către sondaj a expirat.",
  choose: "Vă rugăm să alegeți o notă.",
  tooLong: "Vă rugăm să scurtați comentariul la 4000 de caractere.",
  unknownLink: "Acest link către sondaj nu este valid.",
  later: "Nu a funcționat. Vă rugăm să încercați din nou peste puțin timp.",
  tab: "Părerea dvs.",
  next: "Înainte",
  many: "Alegeți tot ce se potrivește",
  unsubscribe: "Dezabonare",
  unsubscribeAsk: "Doriți să nu mai primiți sondaje prin e-mail?",
  unsubscribed: "Nu veți mai primi sondaje prin e-mail.",
  kinds: {
    nps: {
      question: "Cât de probabil este să recomandați {subject} unui prieten sau coleg?",
      low: "Deloc probabil",
      high: "Foarte probabil",
    },
    csat: {
      question: "Cât de mulțumit(ă) sunteți de {subject}?",
      low: "Foarte nemulțumit(ă)",
      high: "Foarte mulțumit(ă)",
    },
    ces: {
      question: "{subject}: mi-a fost ușor să îmi rezolv problema.",
      low: "Dezacord total",
      high: "Acord total",
    },
    fcr: {
      question: "Problema dumneavoastră a fost rezolvată la primul contact?",
      low: "Nu",
      high: "Da",
    },
    thumbs: {
      question: "V-a fost de folos?",
      low: "Nu",
      high: "Da",
    },
  },
};
