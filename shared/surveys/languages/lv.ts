import type { Language } from "../texts.ts";

/** Latvian. */
export const lv: Language = {
  direction: "ltr",
  comment: "Kāds ir jūsu vērtējuma galvenais iemesls?",
  send: "Nosūtīt",
  close: "Aizvērt",
  thanks: "Paldies par jūsu viedokli.",
  unsent: "Pašlaik nav savienojuma. Jūsu atbilde ir saglabāta un tiks nosūtīta vēlāk.",
  option: "{rating} no {max}",
  change: "Mainīt atbildi",
  expired: "Aptaujas saites derīgums ir beidzies.",
  choose: "Lūdzu, izvēlieties vērtējumu.",
  tooLong: "Lūdzu, saīsiniet komentāru līdz 4000 rakstzīmēm.",
  unknownLink: "Aptaujas saite nav derīga.",
  later: "Neizdevās. Lūdzu, pēc brīža mēģiniet vēlreiz.",
  tab: "Atsauksmes",
  next: "Tālāk",
  many: "Izvēlieties visu, kas atbilst",
  unsubscribe: "Atrakstīties",
  unsubscribeAsk: "Vai vairs nevēlaties saņemt aptaujas e-pastā?",
  unsubscribed: "Aptaujas e-pastā jūs vairs nesaņemsiet.",
  kinds: {
    nps: {
      question: "{subject}: cik liela ir iespēja, ka jūs mūs ieteiktu draugam vai kolēģim?",
      low: "Ļoti maza",
      high: "Ļoti liela",
    },
    csat: {
      question: "{subject}: cik apmierināti jūs esat?",
      low: "Ļoti neapmierināti",
      high: "Ļoti apmierināti",
    },
    ces: {
      question: "{subject}: savu jautājumu atrisināt bija viegli.",
      low: "Pilnīgi nepiekrītu",
      high: "Pilnīgi piekrītu",
    },
    fcr: {
      question: "Vai jūsu jautājumu atrisināja jau pirmajā saziņas reizē?",
      low: "Nē",
      high: "Jā",
    },
    thumbs: {
      question: "Vai tas bija noderīgi?",
      low: "Nē",
      high: "Jā",
    },
  },
};
