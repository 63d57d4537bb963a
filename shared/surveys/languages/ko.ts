import type { Language } from "../texts.ts";

/** Korean. */
export const ko: Language = {
  direction: "ltr",
  comment: "그렇게 평가하신 주된 이유는 무엇입니까?",
  send: "보내기",
  close: "닫기",
  thanks: "의견을 보내 주셔서 감사합니다.",
  unsent: "지금은 연결되어 있지 않습니다. 답변은 보관되며 나중에 전송됩니다.",
  option: "{max}점 중 {rating}점",
  change: "답변 변경",
  expired: "이 설문 링크는 만료되었습니다.",
  choose: "평점을 선택해 주세요.",
  tooLong: "의견을 4000자 이내로 줄여 주세요.",
  unknownLink: "이 설문 링크는 유효하지 않습니다.",
  later: "처리하지 못했습니다. 잠시 후 다시 시도해 주세요.",
  tab: "의견",
  next: "다음",
  many: "해당하는 항목을 모두 선택해 주세요",
  unsubscribe: "수신 거부",
  unsubscribeAsk: "앞으로 설문 메일을 받지 않으시겠습니까?",
  unsubscribed: "앞으로 설문 메일을 보내지 않습니다.",
  kinds: {
    nps: {
      question: "{subject}을(를) 친구나 동료에게 추천할 가능성은 어느 정도입니까?",
      low: "전혀 추천하지 않음",
      high: "적극 추천함",
    },
    csat: {
      question: "{subject}에 얼마나 만족하십니까?",
      low: "매우 불만족",
      high: "매우 만족",
    },
    ces: {
      question: "{subject} 덕분에 문제를 쉽게 해결할 수 있었습니다.",
      low: "전혀 동의하지 않음",
      high: "매우 동의함",
    },
    fcr: {
      question: "처음 문의하셨을 때 문제가 해결되었습니까?",
      low: "아니요",
      high: "예",
    },
    thumbs: {
      question: "도움이 되었습니까?",
      low: "아니요",
      high: "예",
    },
  },
};
