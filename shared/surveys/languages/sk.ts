import type { Language } from "../texts.ts";

/** Slovak. */
export const sk: Language = {
  direction: "ltr",
  comment: "Aký je hlavný dôvod vášho hodnotenia?",
  send: "Odoslať",
  close: "Zavrieť",
  thanks: "Ďakujeme za vašu spätnú väzbu.",
  unsent: "Momentálne nie je pripojenie. Vaša odpoveď je uložená a odošle sa neskôr.",
  option: "{rating} z {max}",
  change: "Zmeniť odpoveď",
  expired: "Platnosť odkazu na prieskum vypršala.",
  choose: "Vyberte, prosím, hodnotenie.",
  tooLong: "Skráťte, prosím, komentár na 4000 znakov.",
  unknownLink: "Odkaz na prieskum nie je platný.",
  later: "Nepodarilo sa to. Skúste to, prosím, o chvíľu znova.",
  tab: "Spätná väzba",
  next: "Ďalej",
  many: "Vyberte všetko, čo platí",
  unsubscribe: "Odhlásiť odber",
  unsubscribeAsk: "Nechcete už dostávať prieskumy e-mailom?",
  unsubscribed: "Ďalšie prieskumy e-mailom už nedostanete.",
  kinds: {
    nps: {
      question: "{subject}: s akou pravdepodobnosťou by ste nás odporučili priateľovi alebo kolegovi?",
      low: "Veľmi nepravdepodobné",
      high: "Veľmi pravdepodobné",
    },
    csat: {
      question: "{subject}: ako ste spokojní?",
      low: "Veľmi nespokojní",
      high: "Veľmi spokojní",
    },
    ces: {
      question: "{subject}: vyriešiť moju záležitosť bolo jednoduché.",
      low: "Rozhodne nesúhlasím",
      high: "Rozhodne súhlasím",
    },
    fcr: {
      question: "Vyriešila sa vaša záležitosť pri prvom kontakte?",
      low: "Nie",
      high: "Áno",
    },
    thumbs: {
      question: "Pomohlo vám to?",
      low: "Nie",
      high: "Áno",
    },
  },
};
