import type { Language } from "../texts.ts";

/** Chinese, simplified. */
export const zhHans: Language = {
  direction: "ltr",
  comment: "您给出这个评分的主要原因是什么？",
  send: "提交",
  close: "关闭",
  thanks: "感谢您的反馈。",
  unsent: "当前没有网络连接。您的回答已保存，稍后会自动提交。",
  option: "{rating} 分（满分 {max} 分）",
  change: "修改我的回答",
  expired: "此问卷链接已过期。",
  choose: "请选择一个评分。",
  tooLong: "请将您的意见缩短到 4000 字以内。",
  unknownLink: "此问卷链接无效。",
  later: "操作未成功，请稍后再试。",
  tab: "反馈",
  next: "下一步",
  many: "请选择所有适用项",
  unsubscribe: "退订",
  unsubscribeAsk: "您不想再收到调查邮件吗？",
  unsubscribed: "您不会再收到调查邮件。",
  kinds: {
    nps: {
      question: "您有多大可能向朋友或同事推荐{subject}？",
      low: "完全不可能",
      high: "非常可能",
    },
    csat: {
      question: "您对{subject}的满意程度如何？",
      low: "非常不满意",
      high: "非常满意",
    },
    ces: {
      question: "{subject}让我轻松地解决了问题。",
      low: "非常不同意",
      high: "非常同意",
    },
    fcr: {
      question: "您的问题在第一次联系我们时就解决了吗？",
      low: "否",
      high: "是",
    },
    thumbs: {
      question: "这对您有帮助吗？",
      low: "否",
      high: "是",
    },
  },
};
