import type { Context } from "hono";
import * as z from "zod";
import type { Answers } from "../../shared/contract/surveys/follow-up.ts";
import { type AskedStep, stepsFor } from "../../shared/surveys/steps.ts";
import type { App } from "../environment.ts";
import { seal, secretsOf, unseal } from "../secrets/secrets.ts";
import type { Link } from "./opened-link.ts";

/** How far somebody is after the rating. It is sealed in the address, so the page need not show what is stored. */
export interface Progress {
  rating: number;
  /** The answers on which later steps depend. */
  answers: Answers;
  /** The ids of the steps that were passed, answered or not. */
  passed: string[];
}

const progressPurpose = "progress";
/** Answers are as many as there were steps while they were given, some of which may be gone. */
const ProgressFields = z.tuple([z.string(), z.int(), z.custom<Answers>(), z.array(z.string())]);

export const sealProgress = (
  { env }: Context<App>,
  { invitation }: Link,
  { rating, answers, passed }: Progress,
) => {
  const fields: z.input<typeof ProgressFields> = [invitation.response, rating, answers, passed];
  return seal(env.CANDOR_SECRET, progressPurpose, fields);
};

/** null: not given, or not of this link. */
export async function readProgress(c: Context<App>, { invitation }: Link): Promise<Progress | null> {
  const token = c.req.query("answered");
  if (!token) return null;
  const opened = ProgressFields.safeParse((await unseal(secretsOf(c.env), progressPurpose, token))?.value);
  if (!opened.success) return null;
  const [response, rating, answers, passed] = opened.data;
  return response === invitation.response ? { rating, answers, passed } : null;
}

/** By ids, not by their number, since an owner may change the steps meanwhile. */
export const remaining = ({ flow }: Link, { rating, answers, passed }: Progress): AskedStep[] =>
  stepsFor(flow, rating, answers).filter(({ id }) => !passed.includes(id));
