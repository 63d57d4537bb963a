import type { PageSurvey, PageTouchpoint } from "../../shared/contract/dashboard.ts";
import type { Survey } from "../../shared/contract/surveys/surveys.ts";
import { send, sendFor } from "../api/change.ts";
import { keep, page, touchpointNamed } from "../page.ts";
import { type Shown, surveyFrom, touchpointFor } from "./survey.ts";
import type { Template } from "./templates.ts";
import { allWords } from "./wordings.ts";

/** What went live, and what was there before. */
interface Live {
  survey: string;
  touchpoint: string;
  /** What the touchpoint asked; null: nothing, or it was not there. */
  before: string | null;
}

interface Chosen {
  name: string;
  /** null: the template's own. */
  question: string | null;
  shown: Shown;
}

const drop = (survey: string) => send({ method: "DELETE", path: `/v1/surveys/${survey}` });

/** Makes the survey and lets the touchpoint ask it. Where the second is refused, nothing stays. Throws `Refused`. */
export async function goLive(template: Template, { name, question, shown }: Chosen): Promise<Live> {
  const chosen = { locale: document.documentElement.lang, subject: page.workspace.name, question };
  const body = surveyFrom(template, await allWords(), chosen);
  const survey = await sendFor<Survey>({ method: "POST", path: "/v1/surveys", body });
  const known = touchpointNamed(name);
  const at = touchpointFor(template, name, survey.id);
  await send(
    known
      ? { method: "PATCH", path: `/v1/touchpoints/${name}`, body: { survey: survey.id } }
      : { method: "POST", path: "/v1/touchpoints", body: at },
  ).catch(async (refused: unknown) => {
    await drop(survey.id);
    throw refused;
  });
  const { id, kind, scale } = survey;
  const asked = { id, name: survey.name, kind, question: question ?? shown.wording.question, scale };
  const since = known?.since ?? new Date().toISOString();
  carry(asked, { name, kind, survey: id, since });
  return { survey: id, touchpoint: name, before: known?.survey ?? null };
}

/** Lets the touchpoint ask what it asked before. A name stays, since it may stand in a page by now. */
export async function takeBack({ survey, touchpoint, before }: Live): Promise<void> {
  await send({ method: "PATCH", path: `/v1/touchpoints/${touchpoint}`, body: { survey: before } });
  await drop(survey);
  const kind = page.surveys?.find(({ id }) => id === before)?.kind ?? null;
  keep({
    touchpoints:
      page.touchpoints?.map((one) => (one.name === touchpoint ? { ...one, survey: before, kind } : one)) ??
      null,
    surveys: page.surveys?.filter(({ id }) => id !== survey) ?? null,
  });
}

/** Puts both into the page, as the worker would have. Where it lists none, they are found by name. */
function carry(survey: PageSurvey, touchpoint: PageTouchpoint): void {
  const { surveys, touchpoints } = page;
  if (!surveys || !touchpoints) return;
  const others = touchpoints.filter(({ name }) => name !== touchpoint.name);
  keep({
    surveys: [...surveys, survey],
    touchpoints: [...others, touchpoint].sort((one, other) => (one.name < other.name ? -1 : 1)),
  });
}
