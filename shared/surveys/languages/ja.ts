import type { Language } from "../texts.ts";

/** Japanese. */
export const ja: Language = {
  direction: "ltr",
  comment: "その評価をされた主な理由をお聞かせください。",
  send: "送信",
  close: "閉じる",
  thanks: "ご意見をありがとうございました。",
  unsent: "現在、接続がありません。回答は保存され、後で送信されます。",
  option: "{max}点中{rating}点",
  change: "回答を変更する",
  expired: "このアンケートのリンクは有効期限が切れています。",
  choose: "評価を選択してください。",
  tooLong: "コメントは4000文字以内にしてください。",
  unknownLink: "このアンケートのリンクは無効です。",
  later: "うまくいきませんでした。しばらくしてからもう一度お試しください。",
  tab: "ご意見",
  next: "次へ",
  many: "当てはまるものをすべて選択してください",
  unsubscribe: "配信停止",
  unsubscribeAsk: "今後、アンケートのメールを受け取らないようにしますか。",
  unsubscribed: "今後、アンケートのメールは届きません。",
  kinds: {
    nps: {
      question: "{subject}を友人や同僚にどの程度薦めたいと思いますか？",
      low: "まったく薦めたくない",
      high: "非常に薦めたい",
    },
    csat: {
      question: "{subject}にどのくらい満足していますか？",
      low: "非常に不満",
      high: "非常に満足",
    },
    ces: {
      question: "{subject}のおかげで、問題を簡単に解決できました。",
      low: "まったくそう思わない",
      high: "非常にそう思う",
    },
    fcr: {
      question: "お問い合わせの件は、最初のご連絡で解決しましたか？",
      low: "いいえ",
      high: "はい",
    },
    thumbs: {
      question: "お役に立ちましたか？",
      low: "いいえ",
      high: "はい",
    },
  },
};
