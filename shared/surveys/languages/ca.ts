import type { Language } from "../texts.ts";

/** Catalan. */
export const ca: Language = {
  direction: "ltr",
  comment: "Quin és el motiu principal de la seva valoració?",
  send: "Envia",
  close: "Tanca",
  thanks: "Gràcies per la seva opinió.",
  unsent: "Ara no hi ha connexió. La seva resposta es conserva i s'enviarà més tard.",
  option: "{rating} de {max}",
  change: "Canvia la meva resposta",
  expired: "Aquest enllaç d'enquesta ha caducat.",
  choose: "Triï una valoració, si us plau.",
  tooLong: "Escurci el comentari a 4000 caràcters, si us plau.",
  unknownLink: "Aquest enllaç d'enquesta no és vàlid.",
  later: "No ha funcionat. Torni-ho a provar d'aquí a un moment.",
  tab: "Opinió",
  next: "Següent",
  many: "Trieu totes les que corresponguin",
  unsubscribe: "Dona'm de baixa",
  unsubscribeAsk: "Voleu deixar de rebre enquestes per correu?",
  unsubscribed: "No rebreu més enquestes per correu.",
  kinds: {
    nps: {
      question: "Amb quina probabilitat recomanaria {subject} a un amic o company de feina?",
      low: "Gens probable",
      high: "Molt probable",
    },
    csat: {
      question: "Com valora la seva satisfacció amb {subject}?",
      low: "Molt insatisfet",
      high: "Molt satisfet",
    },
    ces: {
      question: "{subject} m'ha facilitat resoldre el meu problema.",
      low: "Totalment en desacord",
      high: "Totalment d'acord",
    },
    fcr: {
      question: "S'ha resolt el seu problema la primera vegada que ens ha contactat?",
      low: "No",
      high: "Sí",
    },
    thumbs: {
      question: "Li ha estat útil?",
      low: "No",
      high: "Sí",
    },
  },
};
