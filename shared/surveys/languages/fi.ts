import type { Language } from "../texts.ts";

/** Finnish. */
export const fi: Language = {
  direction: "ltr",
  comment: "Mikä on tärkein syy arvioosi?",
  send: "Lähetä",
  close: "Sulje",
  thanks: "Kiitos palautteestasi.",
  unsent: "Yhteyttä ei ole juuri nyt. Vastauksesi on tallessa ja lähetetään myöhemmin.",
  option: "{rating} / {max}",
  change: "Muuta vastaustani",
  expired: "Kyselylinkki on vanhentunut.",
  choose: "Valitse arvosana.",
  tooLong: "Lyhennä kommenttisi 4000 merkkiin.",
  unknownLink: "Kyselylinkki ei kelpaa.",
  later: "Se ei onnistunut. Yritä hetken kuluttua uudelleen.",
  tab: "Palaute",
  next: "Seuraava",
  many: "Valitse kaikki sopivat",
  unsubscribe: "Peruuta tilaus",
  unsubscribeAsk: "Etkö halua enää kyselyitä sähköpostitse?",
  unsubscribed: "Et saa enää kyselyitä sähköpostitse.",
  kinds: {
    nps: {
      question: "{subject}: kuinka todennäköisesti suosittelisit ystävälle tai kollegalle?",
      low: "En lainkaan todennäköisesti",
      high: "Erittäin todennäköisesti",
    },
    csat: {
      question: "{subject}: kuinka tyytyväinen olet?",
      low: "Erittäin tyytymätön",
      high: "Erittäin tyytyväinen",
    },
    ces: {
      question: "{subject}: asiani hoitaminen oli helppoa.",
      low: "Täysin eri mieltä",
      high: "Täysin samaa mieltä",
    },
    fcr: {
      question: "Ratkesiko asiasi, kun otit meihin yhteyttä ensimmäisen kerran?",
      low: "Ei",
      high: "Kyllä",
    },
    thumbs: {
      question: "Oliko tästä apua?",
      low: "Ei",
      high: "Kyllä",
    },
  },
};
