import type { Language } from "../texts.ts";

/** Slovenian. */
export const sl: Language = {
  direction: "ltr",
  comment: "Kaj je glavni razlog za vašo oceno?",
  send: "Pošlji",
  close: "Zapri",
  thanks: "Hvala za vaše mnenje.",
  unsent: "Trenutno ni povezave. Vaš odgovor je shranjen in bo poslan pozneje.",
  option: "{rating} od {max}",
  change: "Spremeni odgovor",
  expired: "Povezava do ankete je potekla.",
  choose: "Izberite oceno.",
  tooLong: "Skrajšajte komentar na 4000 znakov.",
  unknownLink: "Povezava do ankete ni veljavna.",
  later: "Ni uspelo. Poskusite znova čez nekaj trenutkov.",
  tab: "Povratne informacije",
  next: "Naprej",
  many: "Izberite vse, kar velja",
  unsubscribe: "Odjava",
  unsubscribeAsk: "Ne želite več prejemati anket po e-pošti?",
  unsubscribed: "Anket po e-pošti ne boste več prejemali.",
  kinds: {
    nps: {
      question: "{subject}: kako verjetno je, da bi nas priporočili prijatelju ali sodelavcu?",
      low: "Sploh ni verjetno",
      high: "Zelo verjetno",
    },
    csat: {
      question: "{subject}: kako zadovoljni ste?",
      low: "Zelo nezadovoljni",
      high: "Zelo zadovoljni",
    },
    ces: {
      question: "{subject}: reševanje moje težave je bilo preprosto.",
      low: "Sploh se ne strinjam",
      high: "Popolnoma se strinjam",
    },
    fcr: {
      question: "Je bila vaša težava rešena ob prvem stiku?",
      low: "Ne",
      high: "Da",
    },
    thumbs: {
      question: "Vam je to pomagalo?",
      low: "Ne",
      high: "Da",
    },
  },
};
