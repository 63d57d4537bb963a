import type { Language } from "../texts.ts";

/** Portuguese, as written in Brazil. */
export const ptBR: Language = {
  direction: "ltr",
  comment: "Qual é o principal motivo da sua avaliação?",
  send: "Enviar",
  close: "Fechar",
  thanks: "Agradecemos a sua opinião.",
  unsent: "Sem conexão no momento. Sua resposta está guardada e será enviada mais tarde.",
  option: "{rating} de {max}",
  change: "Alterar minha resposta",
  expired: "O link desta pesquisa expirou.",
  choose: "Escolha uma nota, por favor.",
  tooLong: "Reduza seu comentário para 4000 caracteres, por favor.",
  unknownLink: "O link desta pesquisa não é válido.",
  later: "Não deu certo. Tente novamente em instantes.",
  tab: "Opinião",
  next: "Avançar",
  many: "Escolha todas as que se aplicam",
  unsubscribe: "Cancelar inscrição",
  unsubscribeAsk: "Você quer parar de receber pesquisas por e-mail?",
  unsubscribed: "Você não receberá mais pesquisas por e-mail.",
  kinds: {
    nps: {
      question: "Qual é a probabilidade de você recomendar {subject} a um amigo ou colega?",
      low: "Nada provável",
      high: "Extremamente provável",
    },
    csat: {
      question: "Qual é o seu nível de satisfação com {subject}?",
      low: "Muito insatisfeito",
      high: "Muito satisfeito",
    },
    ces: {
      question: "Com {subject}, foi fácil resolver meu problema.",
      low: "Discordo totalmente",
      high: "Concordo totalmente",
    },
    fcr: {
      question: "Seu problema foi resolvido no primeiro contato?",
      low: "Não",
      high: "Sim",
    },
    thumbs: {
      question: "Isso foi útil?",
      low: "Não",
      high: "Sim",
    },
  },
};
