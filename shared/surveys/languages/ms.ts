import type { Language } from "../texts.ts";

/** Malay. */
export const ms: Language = {
  direction: "ltr",
  comment: "Apakah sebab utama penilaian anda?",
  send: "Hantar",
  close: "Tutup",
  thanks: "Terima kasih atas maklum balas anda.",
  unsent: "Tiada sambungan buat masa ini. Jawapan anda disimpan dan akan dihantar kemudian.",
  option: "{rating} daripada {max}",
  change: "Ubah jawapan saya",
  expired: "Pautan tinjauan ini telah tamat tempoh.",
  choose: "Sila pilih penilaian.",
  tooLong: "Sila pendekkan komen anda kepada 4000 aksara.",
  unknownLink: "Pautan tinjauan ini tidak sah.",
  later: "Tidak berjaya. Sila cuba lagi sebentar lagi.",
  tab: "Maklum balas",
  next: "Seterusnya",
  many: "Pilih semua yang berkenaan",
  unsubscribe: "Berhenti melanggan",
  unsubscribeAsk: "Adakah anda tidak mahu lagi menerima tinjauan melalui e-mel?",
  unsubscribed: "Anda tidak akan menerima tinjauan melalui e-mel lagi.",
  kinds: {
    nps: {
      question: "Sejauh manakah kemungkinan anda mengesyorkan {subject} kepada rakan atau rakan sekerja?",
      low: "Sangat tidak mungkin",
      high: "Sangat mungkin",
    },
    csat: {
      question: "Sejauh manakah anda berpuas hati dengan {subject}?",
      low: "Sangat tidak berpuas hati",
      high: "Sangat berpuas hati",
    },
    ces: {
      question: "{subject} memudahkan saya menyelesaikan masalah saya.",
      low: "Sangat tidak setuju",
      high: "Sangat setuju",
    },
    fcr: {
      question: "Adakah masalah anda selesai pada kali pertama anda menghubungi kami?",
      low: "Tidak",
      high: "Ya",
    },
    thumbs: {
      question: "Adakah ini membantu?",
      low: "Tidak",
      high: "Ya",
    },
  },
};
