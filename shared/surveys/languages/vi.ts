import type { Language } from "../texts.ts";

/** Vietnamese. */
export const vi: Language = {
  direction: "ltr",
  comment: "Lý do chính cho đánh giá của bạn là gì?",
  send: "Gửi",
  close: "Đóng",
  thanks: "Cảm ơn bạn đã phản hồi.",
  unsent: "Hiện không có kết nối. Câu trả lời của bạn đã được lưu và sẽ được gửi sau.",
  option: "{rating} trên {max}",
  change: "Thay đổi câu trả lời",
  expired: "Liên kết khảo sát này đã hết hạn.",
  choose: "Vui lòng chọn mức đánh giá.",
  tooLong: "Vui lòng rút ngắn nhận xét còn 4000 ký tự.",
  unknownLink: "Liên kết khảo sát này không hợp lệ.",
  later: "Không thành công. Vui lòng thử lại sau giây lát.",
  tab: "Góp ý",
  next: "Tiếp",
  many: "Chọn tất cả các mục phù hợp",
  unsubscribe: "Hủy đăng ký",
  unsubscribeAsk: "Bạn không muốn nhận thêm khảo sát qua email?",
  unsubscribed: "Bạn sẽ không nhận thêm khảo sát qua email.",
  kinds: {
    nps: {
      question: "Khả năng bạn giới thiệu {subject} cho bạn bè hoặc đồng nghiệp là bao nhiêu?",
      low: "Hoàn toàn không",
      high: "Rất có khả năng",
    },
    csat: {
      question: "Bạn hài lòng với {subject} ở mức độ nào?",
      low: "Rất không hài lòng",
      high: "Rất hài lòng",
    },
    ces: {
      question: "{subject} giúp tôi dễ dàng giải quyết vấn đề của mình.",
      low: "Hoàn toàn không đồng ý",
      high: "Hoàn toàn đồng ý",
    },
    fcr: {
      question: "Vấn đề của bạn có được giải quyết ngay lần liên hệ đầu tiên không?",
      low: "Không",
      high: "Có",
    },
    thumbs: {
      question: "Điều này có hữu ích không?",
      low: "Không",
      high: "Có",
    },
  },
};
