import type { Language } from "../texts.ts";

/** Croatian. */
export const hr: Language = {
  direction: "ltr",
  comment: "Koji je glavni razlog vaše ocjene?",
  send: "Pošalji",
  close: "Zatvori",
  thanks: "Hvala vam na povratnoj informaciji.",
  unsent: "Trenutačno nema veze. Vaš je odgovor sačuvan i bit će poslan kasnije.",
  option: "{rating} od {max}",
  change: "Promijeni odgovor",
  expired: "Poveznica na anketu je istekla.",
  choose: "Odaberite ocjenu.",
  tooLong: "Skratite komentar na 4000 znakova.",
  unknownLink: "Poveznica na anketu nije valjana.",
  later: "Nije uspjelo. Pokušajte ponovno za koji trenutak.",
  tab: "Povratne informacije",
  next: "Dalje",
  many: "Odaberite sve što vrijedi",
  unsubscribe: "Odjava",
  unsubscribeAsk: "Ne želite više primati ankete e-poštom?",
  unsubscribed: "Više nećete primati ankete e-poštom.",
  kinds: {
    nps: {
      question: "{subject}: koliko je vjerojatno da ćete nas preporučiti prijatelju ili kolegi?",
      low: "Nimalo vjerojatno",
      high: "Vrlo vjerojatno",
    },
    csat: {
      question: "{subject}: koliko ste zadovoljni?",
      low: "Vrlo nezadovoljni",
      high: "Vrlo zadovoljni",
    },
    ces: {
      question: "{subject}: bilo mi je lako riješiti svoj problem.",
      low: "Uopće se ne slažem",
      high: "U potpunosti se slažem",
    },
    fcr: {
      question: "Je li vaš problem riješen pri prvom kontaktu?",
      low: "Ne",
      high: "Da",
    },
    thumbs: {
      question: "Je li vam ovo pomoglo?",
      low: "Ne",
      high: "Da",
    },
  },
};
