import type { Labels, Wording } from "./kinds.ts";
import { ar } from "./languages/ar.ts";
import { bg } from "./languages/bg.ts";
import { ca } from "./languages/ca.ts";
import { cs } from "./languages/cs.ts";
import { da } from "./languages/da.ts";
import { de } from "./languages/de.ts";
import { el } from "./languages/el.ts";
import { en } from "./languages/en.ts";
import { es } from "./languages/es.ts";
import { et } from "./languages/et.ts";
import { fa } from "./languages/fa.ts";
import { fi } from "./languages/fi.ts";
import { fr } from "./languages/fr.ts";
import { he } from "./languages/he.ts";
import { hi } from "./languages/hi.ts";
import { hr } from "./languages/hr.ts";
import { hu } from "./languages/hu.ts";
import { id } from "./languages/id.ts";
import { is } from "./languages/is.ts";
import { it } from "./languages/it.ts";
import { ja } from "./languages/ja.ts";
import { ko } from "./languages/ko.ts";
import { lt } from "./languages/lt.ts";
import { lv } from "./languages/lv.ts";
import { ms } from "./languages/ms.ts";
import { nb } from "./languages/nb.ts";
import { nl } from "./languages/nl.ts";
import { pl } from "./languages/pl.ts";
import { pt } from "./languages/pt.ts";
import { ptBR } from "./languages/pt-BR.ts";
import { ro } from "./languages/ro.ts";
import { ru } from "./languages/ru.ts";
import { sk } from "./languages/sk.ts";
import { sl } from "./languages/sl.ts";
import { sv } from "./languages/sv.ts";
import { th } from "./languages/th.ts";
import { tr } from "./languages/tr.ts";
import { uk } from "./languages/uk.ts";
import { ur } from "./languages/ur.ts";
import { vi } from "./languages/vi.ts";
import { zhHans } from "./languages/zh-Hans.ts";
import { zhHant } from "./languages/zh-Hant.ts";
import { closestTag } from "./locales.ts";

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
  /** On the tab that opens a survey. */
  tab: string;
  /** Leads from one step to the next. */
  next: string;
  /** Above choices of which several may be taken. */
  many: string;
}

/** What badge and figure of a public score say in one language. */
export interface ScoreTexts {
  customersSay: string;
  responses: string;
  interval: string;
  /** `{low}` to `{high}`. */
  range: string;
  period: string;
  smallSample: string;
  notEnough: string;
  /** By the kind's name. */
  labels: Readonly<Record<string, Labels>>;
}

/** All that Candor says in one language. */
export interface Language extends Texts {
  /** What each kind asks, by its name. A survey of a kind that is missing here is asked in another language. */
  kinds: Readonly<Record<string, Wording>>;
  /** Where it is missing, a public score is shown in another language. */
  score?: ScoreTexts;
}

/** By BCP 47 language, each in a file of its own. A survey's own wording goes before them. */
export const TEXTS: { readonly en: Required<Language>; readonly [tag: string]: Language } = {
  en,
  ar,
  bg,
  ca,
  cs,
  da,
  de,
  el,
  es,
  et,
  fa,
  fi,
  fr,
  he,
  hi,
  hr,
  hu,
  id,
  is,
  it,
  ja,
  ko,
  lt,
  lv,
  ms,
  nb,
  nl,
  pl,
  pt,
  "pt-BR": ptBR,
  ro,
  ru,
  sk,
  sl,
  sv,
  th,
  tr,
  uk,
  ur,
  vi,
  "zh-Hans": zhHans,
  "zh-Hant": zhHant,
};

const TAGS = Object.keys(TEXTS);

/** What a reader of `locale` is told, for any BCP 47 tag; undefined where Candor has no language for it. */
export function textsFor(locale: string): Language | undefined {
  const tag = closestTag(locale, TAGS);
  return tag === undefined ? undefined : TEXTS[tag];
}
