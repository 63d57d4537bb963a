import type { Context } from "hono";
import type { App } from "../environment.ts";
import { Problem } from "../http/problem.ts";
import type { SurveyRow } from "../surveys/db/surveys.ts";
import { hasVersion } from "../surveys/db/versions.ts";

/**
 * What a survey page's form says, without the fields that are not UTF-8: half a name is nobody's, and costs no rating. A �
 * that somebody wrote stays, and half of a surrogate pair becomes one. Throws unsupported-media-type.
 */
export function readForm(c: Context<App>, text: string): URLSearchParams {
  const type = c.req.header("content-type")?.split(";")[0]?.trim().toLowerCase();
  if (type !== "application/x-www-form-urlencoded") throw new Problem("unsupported-media-type");
  const isWhole = (pair: string) => {
    const fields = new URLSearchParams(pair.replace(/%EF%BF%BD|%ED%[AB].%[89AB]./gi, ""));
    return [...fields].flat().every((written) => !written.includes("\ufffd"));
  };
  return new URLSearchParams(text.split("&").filter(isWhole).join("&"));
}

/** A whole number, of times the unix ms; null: the form says none. */
export function numberIn(form: URLSearchParams, field: "opened" | "made" | "version"): number | null {
  const [digits] = /^\d{1,15}$/.exec(form.get(field) ?? "") ?? [];
  return digits === undefined ? null : Number(digits);
}

/** The version of the survey that the page showed; null: it says none that there is. */
export function versionIn(form: URLSearchParams, survey: SurveyRow): number | null {
  const version = numberIn(form, "version");
  return version !== null && hasVersion(survey, version) ? version : null;
}
