import type { Language } from "../texts.ts";

/** Turkish. */
export const tr: Language = {
  direction: "ltr",
  comment: "Değerlendirmenizin başlıca nedeni nedir?",
  send: "Gönder",
  close: "Kapat",
  thanks: "Geri bildiriminiz için teşekkür ederiz.",
  unsent: "Şu anda bağlantı yok. Yanıtınız saklandı ve daha sonra gönderilecek.",
  option: "{max} üzerinden {rating}",
  change: "Yanıtımı değiştir",
  expired: "Bu anket bağlantısının süresi doldu.",
  choose: "Lütfen bir puan seçin.",
  tooLong: "Lütfen yorumunuzu 4000 karaktere kısaltın.",
  unknownLink: "Bu anket bağlantısı geçerli değil.",
  later: "İşlem başarısız oldu. Lütfen biraz sonra tekrar deneyin.",
  tab: "Geri bildirim",
  next: "İleri",
  many: "Uygun olanların tümünü seçin",
  unsubscribe: "Abonelikten çık",
  unsubscribeAsk: "Artık e-postayla anket almak istemiyor musunuz?",
  unsubscribed: "Artık e-postayla anket almayacaksınız.",
  kinds: {
    nps: {
      question: "{subject}: bizi bir arkadaşınıza veya meslektaşınıza tavsiye etme olasılığınız nedir?",
      low: "Hiç olası değil",
      high: "Çok olası",
    },
    csat: {
      question: "{subject}: ne kadar memnun kaldınız?",
      low: "Hiç memnun değilim",
      high: "Çok memnunum",
    },
    ces: {
      question: "{subject}: sorunumu çözmek kolaydı.",
      low: "Kesinlikle katılmıyorum",
      high: "Kesinlikle katılıyorum",
    },
    fcr: {
      question: "Sorununuz bize ilk ulaştığınızda çözüldü mü?",
      low: "Hayır",
      high: "Evet",
    },
    thumbs: {
      question: "Bu yararlı oldu mu?",
      low: "Hayır",
      high: "Evet",
    },
  },
};
