import type { Language } from "../texts.ts";

/** Polish. */
export const pl: Language = {
  direction: "ltr",
  comment: "Jaki jest główny powód tej oceny?",
  send: "Wyślij",
  close: "Zamknij",
  thanks: "Dziękujemy za opinię.",
  unsent: "Brak połączenia. Odpowiedź została zachowana i zostanie wysłana później.",
  option: "{rating} z {max}",
  change: "Zmień odpowiedź",
  expired: "Ten link do ankiety wygasł.",
  choose: "Proszę wybrać ocenę.",
  tooLong: "Proszę skrócić komentarz do 4000 znaków.",
  unknownLink: "Ten link do ankiety jest nieprawidłowy.",
  later: "Nie udało się. Proszę spróbować ponownie za chwilę.",
  tab: "Opinia",
  next: "Dalej",
  many: "Proszę wybrać wszystkie pasujące",
  unsubscribe: "Wypisz się",
  unsubscribeAsk: "Czy nie chcesz już dostawać ankiet e-mailem?",
  unsubscribed: "Nie dostaniesz więcej ankiet e-mailem.",
  kinds: {
    nps: {
      question: "{subject}: jakie jest prawdopodobieństwo polecenia nas znajomym lub współpracownikom?",
      low: "Bardzo małe",
      high: "Bardzo duże",
    },
    csat: {
      question: "{subject}: jaki jest Państwa poziom zadowolenia?",
      low: "Bardzo niski",
      high: "Bardzo wysoki",
    },
    ces: {
      question: "{subject}: załatwienie mojej sprawy było łatwe.",
      low: "Zdecydowanie się nie zgadzam",
      high: "Zdecydowanie się zgadzam",
    },
    fcr: {
      question: "Czy sprawa została załatwiona przy pierwszym kontakcie?",
      low: "Nie",
      high: "Tak",
    },
    thumbs: {
      question: "Czy to było pomocne?",
      low: "Nie",
      high: "Tak",
    },
  },
};
