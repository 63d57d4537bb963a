import type { Language } from "../texts.ts";

/** French. */
export const fr: Required<Language> = {
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
  tab: "Votre avis",
  next: "Suivant",
  many: "Choisissez toutes les réponses qui conviennent",
  unsubscribe: "Se désabonner",
  unsubscribeAsk: "Voulez-vous ne plus recevoir d’enquêtes par e-mail ?",
  unsubscribed: "Vous ne recevrez plus d’enquêtes par e-mail.",
  kinds: {
    nps: {
      question: "Recommanderiez-vous {subject} à un proche ou à un collègue ?",
      low: "Pas du tout",
      high: "Certainement",
    },
    csat: {
      question: "Êtes-vous satisfait de {subject} ?",
      low: "Très insatisfait",
      high: "Très satisfait",
    },
    ces: {
      question: "{subject} m'a permis de régler ma demande facilement.",
      low: "Pas du tout d'accord",
      high: "Tout à fait d'accord",
    },
    fcr: {
      question: "Votre demande a-t-elle été réglée dès le premier contact ?",
      low: "Non",
      high: "Oui",
    },
    thumbs: {
      question: "Cela vous a-t-il aidé ?",
      low: "Non",
      high: "Oui",
    },
  },
  score: {
    customersSay: "Ce que disent nos clients",
    responses: "Réponses",
    interval: "Intervalle à 95\u00a0%",
    range: "de {low} à {high}",
    period: "Période",
    smallSample: "petit échantillon",
    notEnough: "pas encore assez de réponses",
    labels: {
      nps: {
        title: "Net Promoter Score",
        bucketLabels: { detractor: "détracteurs", passive: "passifs", promoter: "promoteurs" },
      },
      csat: {
        title: "Satisfaction client",
        bucketLabels: { dissatisfied: "insatisfaits", neutral: "neutres", satisfied: "satisfaits" },
      },
      ces: {
        title: "Score d'effort client",
        bucketLabels: { difficult: "difficile", neutral: "neutre", easy: "facile" },
      },
      fcr: {
        title: "Résolution au premier contact",
        bucketLabels: { unresolved: "non résolu", resolved: "résolu" },
      },
      thumbs: { title: "Pouce levé ou baissé", bucketLabels: { negative: "négatif", positive: "positif" } },
    },
  },
};
