/** The fixed texts of widget and survey page in one language. */
export interface Texts {
  direction: "ltr" | "rtl";
  comment: string;
  send: string;
  close: string;
  thanks: string;
  unsent: string;
  /** `{rating}` of `{max}`, for screen readers. */
  option: string;
  change: string;
  expired: string;
  /** The survey page's sentences about what did not work. */
  choose: string;
  tooLong: string;
  unknownLink: string;
  later: string;
  /** What a public score is called, and says. */
  customersSay: string;
  responses: string;
  interval: string;
  range: string;
  period: string;
  smallSample: string;
  notEnough: string;
}

/** By BCP 47 language. A survey's own wording goes before them. */
export const TEXTS: { readonly en: Texts; readonly [language: string]: Texts } = {
  en: {
    direction: "ltr",
    comment: "What is the main reason for your rating?",
    send: "Send",
    close: "Close",
    thanks: "Thank you for your feedback.",
    unsent: "There is no connection right now. Your answer is kept and will be sent later.",
    option: "{rating} of {max}",
    change: "Change my answer",
    expired: "This survey link has expired.",
    choose: "Please choose a rating.",
    tooLong: "Please shorten your comment to 4000 characters.",
    unknownLink: "This survey link is not valid.",
    later: "That did not work. Please try again in a moment.",
    customersSay: "What our customers say",
    responses: "Responses",
    interval: "95\u00a0% interval",
    range: "{low} to {high}",
    period: "Period",
    smallSample: "small sample",
    notEnough: "not enough responses yet",
  },
  de: {
    direction: "ltr",
    comment: "Was ist der wichtigste Grund für Ihre Bewertung?",
    send: "Senden",
    close: "Schließen",
    thanks: "Vielen Dank für Ihre Rückmeldung.",
    unsent: "Gerade besteht keine Verbindung. Ihre Antwort bleibt erhalten und wird später gesendet.",
    option: "{rating} von {max}",
    change: "Antwort ändern",
    expired: "Dieser Umfragelink ist abgelaufen.",
    choose: "Bitte wählen Sie eine Bewertung.",
    tooLong: "Bitte kürzen Sie Ihren Kommentar auf 4000 Zeichen.",
    unknownLink: "Dieser Umfragelink ist nicht gültig.",
    later: "Das hat nicht geklappt. Bitte versuchen Sie es gleich noch einmal.",
    customersSay: "Was unsere Kundschaft sagt",
    responses: "Antworten",
    interval: "95-%-Intervall",
    range: "{low} bis {high}",
    period: "Zeitraum",
    smallSample: "kleine Stichprobe",
    notEnough: "noch zu wenige Antworten",
  },
  fr: {
    direction: "ltr",
    comment: "Quelle est la raison principale de votre note ?",
    send: "Envoyer",
    close: "Fermer",
    thanks: "Merci pour votre avis.",
    unsent: "Pas de connexion pour l'instant. Votre réponse est conservée et sera envoyée plus tard.",
    option: "{rating} sur {max}",
    change: "Modifier ma réponse",
    expired: "Ce lien d'enquête a expiré.",
    choose: "Veuillez choisir une note.",
    tooLong: "Veuillez réduire votre commentaire à 4000 caractères.",
    unknownLink: "Ce lien d'enquête n'est pas valable.",
    later: "Cela n'a pas fonctionné. Veuillez réessayer dans un instant.",
    customersSay: "Ce que disent nos clients",
    responses: "Réponses",
    interval: "Intervalle à 95\u00a0%",
    range: "de {low} à {high}",
    period: "Période",
    smallSample: "petit échantillon",
    notEnough: "pas encore assez de réponses",
  },
  es: {
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
    customersSay: "Lo que dicen nuestros clientes",
    responses: "Respuestas",
    interval: "Intervalo del 95\u00a0%",
    range: "de {low} a {high}",
    period: "Periodo",
    smallSample: "muestra pequeña",
    notEnough: "aún no hay suficientes respuestas",
  },
  ar: {
    direction: "rtl",
    comment: "ما السبب الرئيسي لتقييمك؟",
    send: "إرسال",
    close: "إغلاق",
    thanks: "شكرًا لك على رأيك.",
    unsent: "لا يوجد اتصال الآن. إجابتك محفوظة وستُرسل لاحقًا.",
    option: "{rating} من {max}",
    change: "تغيير إجابتي",
    expired: "انتهت صلاحية رابط الاستبيان.",
    choose: "يرجى اختيار تقييم.",
    tooLong: "يرجى اختصار تعليقك إلى 4000 حرف.",
    unknownLink: "رابط الاستبيان هذا غير صالح.",
    later: "لم ينجح ذلك. يرجى المحاولة مرة أخرى بعد قليل.",
    customersSay: "ماذا يقول عملاؤنا",
    responses: "الإجابات",
    interval: "مجال الثقة 95\u00a0%",
    range: "من {low} إلى {high}",
    period: "الفترة",
    smallSample: "عينة صغيرة",
    notEnough: "لا توجد إجابات كافية بعد",
  },
};
