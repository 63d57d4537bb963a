import type { Language } from "../texts.ts";

/** Icelandic. */
export const is: Language = {
  direction: "ltr",
  comment: "Hver er helsta ástæðan fyrir einkunninni?",
  send: "Senda",
  close: "Loka",
  thanks: "Takk fyrir svarið.",
  unsent: "Ekkert samband er núna. Svarið er geymt og verður sent síðar.",
  option: "{rating} af {max}",
  change: "Breyta svarinu mínu",
  expired: "Tengillinn á könnunina er útrunninn.",
  choose: "Veldu einkunn.",
  tooLong: "Styttu athugasemdina í 4000 stafi.",
  unknownLink: "Tengillinn á könnunina er ekki gildur.",
  later: "Þetta tókst ekki. Reyndu aftur eftir smástund.",
  tab: "Ábending",
  next: "Áfram",
  many: "Veldu allt sem á við",
  unsubscribe: "Afskrá",
  unsubscribeAsk: "Viltu ekki fá fleiri kannanir í tölvupósti?",
  unsubscribed: "Þú færð ekki fleiri kannanir í tölvupósti.",
  kinds: {
    nps: {
      question: "{subject}: hversu líklegt er að þú mælir með okkur við vini eða samstarfsfólk?",
      low: "Mjög ólíklegt",
      high: "Mjög líklegt",
    },
    csat: {
      question: "{subject}: hversu mikil er ánægja þín?",
      low: "Mjög lítil",
      high: "Mjög mikil",
    },
    ces: {
      question: "{subject}: það var auðvelt að leysa málið.",
      low: "Mjög ósammála",
      high: "Mjög sammála",
    },
    fcr: {
      question: "Leystist málið í fyrsta skipti sem þú hafðir samband?",
      low: "Nei",
      high: "Já",
    },
    thumbs: {
      question: "Kom þetta að gagni?",
      low: "Nei",
      high: "Já",
    },
  },
};
