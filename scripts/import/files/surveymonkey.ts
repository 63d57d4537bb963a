/** SurveyMonkey writes two header lines: the questions, and below them the contents of their columns. */
export const isSecondHeader = (header: readonly string[], cells: readonly string[]): boolean =>
  header[0] === "Respondent ID" && cells[0]?.trim() === "";

/** The second line's labels for a question's only or main column. */
const own: ReadonlySet<string> = new Set(["", "Response", "Open-Ended Response"]);

/** Combines both lines: a question's text, and for its other columns also their label. */
export function withSecondHeader(header: readonly string[], cells: readonly string[]): string[] {
  let question = "";
  return header.map((name, index) => {
    question = name || question;
    const part = cells[index]?.trim() ?? "";
    return own.has(part) ? name || question : `${question}: ${part}`;
  });
}
