import type { Language } from "../texts.ts";

/** Lithuanian. */
export const lt: Language = {
  direction: "ltr",
  comment: "Kokia pagrindinė jūsų įvertinimo priežastis?",
  send: "Siųsti",
  close: "Uždaryti",
  thanks: "Ačiū už jūsų nuomonę.",
  unsent: "Šiuo metu nėra ryšio. Jūsų atsakymas išsaugotas ir bus išsiųstas vėliau.",
  option: "{rating} iš {max}",
  change: "Pakeisti atsakymą",
  expired: "Apklausos nuoroda nebegalioja.",
  choose: "Pasirinkite įvertinimą.",
  tooLong: "Sutrumpinkite komentarą iki 4000 ženklų.",
  unknownLink: "Apklausos nuoroda neteisinga.",
  later: "Nepavyko. Po akimirkos bandykite dar kartą.",
  tab: "Atsiliepimai",
  next: "Toliau",
  many: "Pasirinkite viską, kas tinka",
  unsubscribe: "Atsisakyti",
  unsubscribeAsk: "Ar nebenorite gauti apklausų el. paštu?",
  unsubscribed: "Apklausų el. paštu nebegausite.",
  kinds: {
    nps: {
      question: "{subject}: kiek tikėtina, kad rekomenduotumėte mus draugui ar kolegai?",
      low: "Labai mažai tikėtina",
      high: "Labai tikėtina",
    },
    csat: {
      question: "{subject}: kiek esate patenkinti?",
      low: "Labai nepatenkinti",
      high: "Labai patenkinti",
    },
    ces: {
      question: "{subject}: savo klausimą išspręsti buvo lengva.",
      low: "Visiškai nesutinku",
      high: "Visiškai sutinku",
    },
    fcr: {
      question: "Ar jūsų klausimas buvo išspręstas kreipusis pirmą kartą?",
      low: "Ne",
      high: "Taip",
    },
    thumbs: {
      question: "Ar tai buvo naudinga?",
      low: "Ne",
      high: "Taip",
    },
  },
};
