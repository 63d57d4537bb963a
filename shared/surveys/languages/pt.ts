import type { Language } from "../texts.ts";

/** Portuguese. */
export const pt: Language = {
  direction: "ltr",
  comment: "Qual é o principal motivo da sua avaliação?",
  send: "Enviar",
  close: "Fechar",
  thanks: "Obrigado pela sua opinião.",
  unsent: "De momento não há ligação. A sua resposta fica guardada e será enviada mais tarde.",
  option: "{rating} de {max}",
  change: "Alterar a minha resposta",
  expired: "Esta ligação para o inquérito expirou.",
  choose: "Escolha uma avaliação, por favor.",
  tooLong: "Reduza o seu comentário para 4000 caracteres, por favor.",
  unknownLink: "Esta ligação para o inquérito não é válida.",
  later: "Não funcionou. Tente novamente dentro de momentos.",
  tab: "Opinião",
  next: "Seguinte",
  many: "Escolha todas as que se aplicam",
  unsubscribe: "Cancelar subscrição",
  unsubscribeAsk: "Quer deixar de receber inquéritos por e-mail?",
  unsubscribed: "Não receberá mais inquéritos por e-mail.",
  kinds: {
    nps: {
      question: "Qual é a probabilidade de recomendar {subject} a um amigo ou colega?",
      low: "Nada provável",
      high: "Extremamente provável",
    },
    csat: {
      question: "Qual é o seu grau de satisfação com {subject}?",
      low: "Muito insatisfeito",
      high: "Muito satisfeito",
    },
    ces: {
      question: "Com {subject}, foi fácil resolver o meu problema.",
      low: "Discordo totalmente",
      high: "Concordo totalmente",
    },
    fcr: {
      question: "O seu problema ficou resolvido no primeiro contacto?",
      low: "Não",
      high: "Sim",
    },
    thumbs: {
      question: "Isto foi útil?",
      low: "Não",
      high: "Sim",
    },
  },
};
