import type { Language } from "../texts.ts";

/** Chinese, traditional. */
export const zhHant: Language = {
  direction: "ltr",
  comment: "您給這個評分的主要原因是什麼？",
  send: "送出",
  close: "關閉",
  thanks: "感謝您的意見回饋。",
  unsent: "目前沒有網路連線。您的回答已保存，稍後會自動送出。",
  option: "{rating} 分（滿分 {max} 分）",
  change: "修改我的回答",
  expired: "此問卷連結已過期。",
  choose: "請選擇一個評分。",
  tooLong: "請將您的意見縮短到 4000 字以內。",
  unknownLink: "此問卷連結無效。",
  later: "操作未成功，請稍後再試。",
  tab: "意見回饋",
  next: "下一步",
  many: "請選擇所有適用的項目",
  unsubscribe: "取消訂閱",
  unsubscribeAsk: "您不想再收到問卷郵件嗎？",
  unsubscribed: "您不會再收到問卷郵件。",
  kinds: {
    nps: {
      question: "您有多大可能向朋友或同事推薦{subject}？",
      low: "完全不可能",
      high: "非常可能",
    },
    csat: {
      question: "您對{subject}的滿意程度如何？",
      low: "非常不滿意",
      high: "非常滿意",
    },
    ces: {
      question: "{subject}讓我輕鬆解決了問題。",
      low: "非常不同意",
      high: "非常同意",
    },
    fcr: {
      question: "您的問題在第一次聯絡我們時就解決了嗎？",
      low: "否",
      high: "是",
    },
    thumbs: {
      question: "這對您有幫助嗎？",
      low: "否",
      high: "是",
    },
  },
};
