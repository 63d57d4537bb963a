import type { Ask } from "../contract/ask.ts";
import type { Answers } from "../contract/surveys/follow-up.ts";

export type AskedStep = NonNullable<Ask["steps"]>[number];
/** Everything that decides whether a step is asked. */
export type Conditional = Pick<AskedStep, "id" | "when">;

/** The steps to ask after these answers, in order. Each step depends only on the rating and on earlier steps. */
export const stepsFor = <Step extends Conditional = AskedStep>(
  { steps = [] }: { steps?: readonly Step[] | undefined },
  rating: number | undefined,
  answers: Answers,
): Step[] => {
  const asked: Step[] = [];
  const isGiven = (id: string | undefined) => id == null || asked.some((step) => step.id === id);
  for (const step of steps) {
    const holds = step.when?.every(({ step: of, is }) =>
      [of == null ? rating : answers[of]]
        .flat()
        .some((answer) => isGiven(of) && is.includes(answer as number)),
    );
    if (holds ?? true) asked.push(step);
  }
  return asked;
};
