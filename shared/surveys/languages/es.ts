import type { Language } from "../texts.ts";

/** Spanish. */
export const es: Required<Language> = {
  direction: "ltr",
  comment: "¿Cuál es el motivo principal de su valoración?",
  send: "Enviar",
  close: "Cerrar",
  thanks: "Gracias por su opinión.",
  unsent: "Ahora no hay conexión. Su respuesta se guarda y se enviará más tarde.",
  option: "{rating} de {max}",
  change: "Cambiar mi respuesta",
  expired: "Este enlace de encuesta ha caducado.",
  choose: "Elija una valoración, por favor.",
  tooLong: "Acorte su comentario a 4000 caracteres, por favor.",
  unknownLink: "Este enlace de encuesta no es válido.",
  later: "No ha funcionado. Vuelva a intentarlo en un momento.",
  tab: "Opinión",
  next: "Siguiente",
  many: "Elija todo lo que corresponda",
  unsubscribe: "Darse de baja",
  unsubscribeAsk: "¿Quiere dejar de recibir encuestas por correo?",
  unsubscribed: "No recibirá más encuestas por correo.",
  kinds: {
    nps: {
      question: "¿Qué probabilidad hay de que recomiende {subject} a un amigo o colega?",
      low: "Nada probable",
      high: "Muy probable",
    },
    csat: {
      question: "¿Qué tan satisfecho está con {subject}?",
      low: "Muy insatisfecho",
      high: "Muy satisfecho",
    },
    ces: {
      question: "{subject} me lo puso fácil para resolver mi problema.",
      low: "Muy en desacuerdo",
      high: "Muy de acuerdo",
    },
    fcr: {
      question: "¿Se resolvió su problema la primera vez que nos contactó?",
      low: "No",
      high: "Sí",
    },
    thumbs: {
      question: "¿Le resultó útil?",
      low: "No",
      high: "Sí",
    },
  },
  score: {
    customersSay: "Lo que dicen nuestros clientes",
    responses: "Respuestas",
    interval: "Intervalo del 95\u00a0%",
    range: "de {low} a {high}",
    period: "Periodo",
    smallSample: "muestra pequeña",
    notEnough: "aún no hay suficientes respuestas",
    labels: {
      nps: {
        title: "Net Promoter Score",
        bucketLabels: { detractor: "detractores", passive: "pasivos", promoter: "promotores" },
      },
      csat: {
        title: "Satisfacción del cliente",
        bucketLabels: { dissatisfied: "insatisfechos", neutral: "neutrales", satisfied: "satisfechos" },
      },
      ces: {
        title: "Esfuerzo del cliente",
        bucketLabels: { difficult: "difícil", neutral: "neutral", easy: "fácil" },
      },
      fcr: {
        title: "Resolución en el primer contacto",
        bucketLabels: { unresolved: "sin resolver", resolved: "resuelto" },
      },
      thumbs: {
        title: "Pulgar arriba o abajo",
        bucketLabels: { negative: "negativo", positive: "positivo" },
      },
    },
  },
};
