import type { Language } from "../texts.ts";

/** Estonian. */
export const et: Language = {
  direction: "ltr",
  comment: "Mis on teie hinnangu peamine põhjus?",
  send: "Saada",
  close: "Sulge",
  thanks: "Täname teid tagasiside eest.",
  unsent: "Praegu pole ühendust. Teie vastus on alles ja saadetakse hiljem.",
  option: "{rating} / {max}",
  change: "Muuda vastust",
  expired: "See küsitluse link on aegunud.",
  choose: "Palun valige hinnang.",
  tooLong: "Palun lühendage kommentaar 4000 tähemärgini.",
  unknownLink: "See küsitluse link ei kehti.",
  later: "See ei õnnestunud. Palun proovige hetke pärast uuesti.",
  tab: "Tagasiside",
  next: "Edasi",
  many: "Valige kõik sobivad",
  unsubscribe: "Loobu",
  unsubscribeAsk: "Kas te ei soovi enam e-postiga küsitlusi saada?",
  unsubscribed: "Te ei saa enam e-postiga küsitlusi.",
  kinds: {
    nps: {
      question: "{subject}: kui tõenäoliselt soovitaksite meid sõbrale või kolleegile?",
      low: "Üldse mitte tõenäoliselt",
      high: "Väga tõenäoliselt",
    },
    csat: {
      question: "{subject}: kui rahul te olete?",
      low: "Pole üldse rahul",
      high: "Väga rahul",
    },
    ces: {
      question: "{subject}: minu mure lahendamine oli lihtne.",
      low: "Ei nõustu üldse",
      high: "Nõustun täielikult",
    },
    fcr: {
      question: "Kas teie mure lahendati esimese pöördumisega?",
      low: "Ei",
      high: "Jah",
    },
    thumbs: {
      question: "Kas sellest oli abi?",
      low: "Ei",
      high: "Jah",
    },
  },
};
