import type { Language } from "../texts.ts";

/** Czech. */
export const cs: Language = {
  direction: "ltr",
  comment: "Jaký je hlavní důvod vašeho hodnocení?",
  send: "Odeslat",
  close: "Zavřít",
  thanks: "Děkujeme za vaši zpětnou vazbu.",
  unsent: "Právě není připojení. Vaše odpověď je uložena a odešle se později.",
  option: "{rating} z {max}",
  change: "Změnit odpověď",
  expired: "Platnost odkazu na průzkum vypršela.",
  choose: "Vyberte prosím hodnocení.",
  tooLong: "Zkraťte prosím komentář na 4000 znaků.",
  unknownLink: "Odkaz na průzkum není platný.",
  later: "Nepodařilo se to. Zkuste to prosím za chvíli znovu.",
  tab: "Zpětná vazba",
  next: "Další",
  many: "Vyberte vše, co platí",
  unsubscribe: "Odhlásit odběr",
  unsubscribeAsk: "Nechcete už dostávat průzkumy e-mailem?",
  unsubscribed: "Další průzkumy e-mailem už nedostanete.",
  kinds: {
    nps: {
      question: "{subject}: s jakou pravděpodobností byste nás doporučili příteli nebo kolegovi?",
      low: "Velmi nepravděpodobné",
      high: "Velmi pravděpodobné",
    },
    csat: {
      question: "{subject}: jak jste spokojeni?",
      low: "Velmi nespokojeni",
      high: "Velmi spokojeni",
    },
    ces: {
      question: "{subject}: vyřešit moji záležitost bylo snadné.",
      low: "Rozhodně nesouhlasím",
      high: "Rozhodně souhlasím",
    },
    fcr: {
      question: "Vyřešila se vaše záležitost při prvním kontaktu?",
      low: "Ne",
      high: "Ano",
    },
    thumbs: {
      question: "Pomohlo vám to?",
      low: "Ne",
      high: "Ano",
    },
  },
};
