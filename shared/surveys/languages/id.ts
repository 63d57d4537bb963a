import type { Language } from "../texts.ts";

/** Indonesian. */
export const id: Language = {
  direction: "ltr",
  comment: "Apa alasan utama penilaian Anda?",
  send: "Kirim",
  close: "Tutup",
  thanks: "Terima kasih atas masukan Anda.",
  unsent: "Saat ini tidak ada koneksi. Jawaban Anda disimpan dan akan dikirim nanti.",
  option: "{rating} dari {max}",
  change: "Ubah jawaban saya",
  expired: "Tautan survei ini sudah kedaluwarsa.",
  choose: "Silakan pilih penilaian.",
  tooLong: "Harap persingkat komentar Anda menjadi 4000 karakter.",
  unknownLink: "Tautan survei ini tidak valid.",
  later: "Tidak berhasil. Silakan coba lagi sebentar lagi.",
  tab: "Masukan",
  next: "Lanjut",
  many: "Pilih semua yang sesuai",
  unsubscribe: "Berhenti berlangganan",
  unsubscribeAsk: "Apakah Anda tidak ingin menerima survei lewat email lagi?",
  unsubscribed: "Anda tidak akan menerima survei lewat email lagi.",
  kinds: {
    nps: {
      question: "Seberapa besar kemungkinan Anda merekomendasikan {subject} kepada teman atau rekan kerja?",
      low: "Sangat tidak mungkin",
      high: "Sangat mungkin",
    },
    csat: {
      question: "Seberapa puas Anda dengan {subject}?",
      low: "Sangat tidak puas",
      high: "Sangat puas",
    },
    ces: {
      question: "{subject} memudahkan saya menyelesaikan masalah saya.",
      low: "Sangat tidak setuju",
      high: "Sangat setuju",
    },
    fcr: {
      question: "Apakah masalah Anda terselesaikan saat pertama kali menghubungi kami?",
      low: "Tidak",
      high: "Ya",
    },
    thumbs: {
      question: "Apakah ini membantu?",
      low: "Tidak",
      high: "Ya",
    },
  },
};
