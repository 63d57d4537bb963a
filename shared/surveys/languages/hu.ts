import type { Language } from "../texts.ts";

/** Hungarian. */
export const hu: Language = {
  direction: "ltr",
  comment: "Mi az értékelésének fő oka?",
  send: "Küldés",
  close: "Bezárás",
  thanks: "Köszönjük a visszajelzését.",
  unsent: "Most nincs kapcsolat. A válaszát megőriztük, és később elküldjük.",
  option: "{max} pontból {rating}",
  change: "Válaszom módosítása",
  expired: "Ez a kérdőívlink lejárt.",
  choose: "Kérjük, válasszon értékelést.",
  tooLong: "Kérjük, rövidítse a megjegyzést 4000 karakterre.",
  unknownLink: "Ez a kérdőívlink nem érvényes.",
  later: "Nem sikerült. Kérjük, próbálja újra kicsit később.",
  tab: "Visszajelzés",
  next: "Tovább",
  many: "Jelölje be az összes megfelelőt",
  unsubscribe: "Leiratkozás",
  unsubscribeAsk: "Nem szeretne több felmérést kapni e-mailben?",
  unsubscribed: "Nem kap több felmérést e-mailben.",
  kinds: {
    nps: {
      question: "{subject}: mennyire valószínű, hogy ajánlana minket egy barátjának vagy kollégájának?",
      low: "Egyáltalán nem valószínű",
      high: "Nagyon valószínű",
    },
    csat: {
      question: "{subject}: mennyire elégedett?",
      low: "Nagyon elégedetlen",
      high: "Nagyon elégedett",
    },
    ces: {
      question: "{subject}: könnyű volt elintézni az ügyemet.",
      low: "Egyáltalán nem értek egyet",
      high: "Teljesen egyetértek",
    },
    fcr: {
      question: "Megoldódott az ügye az első megkereséskor?",
      low: "Nem",
      high: "Igen",
    },
    thumbs: {
      question: "Hasznos volt ez?",
      low: "Nem",
      high: "Igen",
    },
  },
};
