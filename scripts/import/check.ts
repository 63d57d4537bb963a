import { instant } from "../../shared/contract/fields.ts";
import type { FieldError } from "../../shared/contract/problem.ts";
import { BatchRow, misdated } from "../../shared/contract/responses.ts";
import type { Survey } from "../../shared/contract/surveys/surveys.ts";
import { fieldErrors, jsonPointer } from "../../worker/http/validation.ts";
import type { Api } from "./api.ts";
import { misfitOf } from "./delighted.ts";
import type { Mapped } from "./map.ts";
import { repeats } from "./repeats.ts";
import { ratingOfWord } from "./words.ts";

/** Where a valid row belongs. */
interface Place {
  touchpoint: string;
  survey: Survey;
  /** Unix milliseconds. */
  answeredAt: number;
}

export type Checked = Mapped & ({ place: Place; errors: null } | { place: null; errors: FieldError[] });

/** A time is required: without one, the server would count the row as answered now, which is never right for an import. */
const ImportedRow = BatchRow.extend({ answered_at: instant });

const error = ({ input, path }: { input?: unknown; path?: PropertyKey[] }) => {
  if (input === undefined) return "is missing";
  return path?.[0] === "rating" && !Number.isInteger(input) ? "is not a whole number" : undefined;
};

/** Checks rows against the contract, and against the surveys and touchpoints at the time of the call. */
export async function checker(api: Api): Promise<(mapped: Mapped) => Checked> {
  const surveys = new Map((await api.surveys()).map((survey) => [survey.id, survey]));
  const conflictOf = repeats();
  const touchpoints = new Map((await api.touchpoints()).map((touchpoint) => [touchpoint.name, touchpoint]));

  /** Like the server, it accepts a named survey even if that survey or the touchpoint is archived. */
  const surveyAt = (name: string, named: string | undefined): Survey | string => {
    const touchpoint = touchpoints.get(name);
    if (!touchpoint) return "there is no such touchpoint";
    if (named !== undefined) return surveys.get(named) ?? "there is no such survey";
    const asked = surveys.get(touchpoint.survey ?? "");
    return asked && !asked.archived_at && !touchpoint.archived_at
      ? asked
      : "no survey is asked at this touchpoint";
  };

  /** A word such as Good is an end of the scale. The scale is known only from the survey. */
  const inNumbers = (mapped: Mapped): Mapped => {
    const { rating: word, touchpoint, survey: named } = mapped.draft;
    if (typeof word !== "string" || typeof touchpoint !== "string") return mapped;
    const survey = surveyAt(touchpoint, named === undefined ? undefined : String(named));
    const rating = typeof survey === "string" ? null : ratingOfWord(word, survey);
    if (rating === null) return mapped;
    return {
      ...mapped,
      draft: { ...mapped.draft, rating },
      understood: [...mapped.understood, `rating: ${word} is ${rating}`],
    };
  };

  const errorsOrPlace = ({ source, draft, surveyType, faults }: Mapped): FieldError[] | Place => {
    if (source.fault !== null) return [{ pointer: "", detail: source.fault }];
    if (faults.length > 0) return faults;
    const { success, data, error: wrong } = ImportedRow.safeParse(draft, { error });
    if (!success) return fieldErrors(wrong, jsonPointer);
    const survey = surveyAt(data.touchpoint, data.survey);
    if (typeof survey === "string")
      return [{ pointer: data.survey ? "/survey" : "/touchpoint", detail: survey }];
    const misfit = surveyType === undefined ? null : misfitOf(surveyType, survey);
    if (misfit) return [{ pointer: "/survey_type", detail: misfit }];
    const { min, max } = survey.scale;
    if (data.rating < min || data.rating > max)
      return [{ pointer: "/rating", detail: `must be from ${min} to ${max}` }];
    const misdate = misdated(data.answered_at, Date.now());
    if (misdate !== null) return [{ pointer: "/answered_at", detail: misdate }];
    const conflict = conflictOf(data);
    if (conflict !== null) return [{ pointer: "/id", detail: conflict }];
    return { touchpoint: data.touchpoint, survey, answeredAt: data.answered_at };
  };

  return (given) => {
    const mapped = inNumbers(given);
    const result = errorsOrPlace(mapped);
    return Array.isArray(result)
      ? { ...mapped, place: null, errors: result }
      : { ...mapped, place: result, errors: null };
  };
}
