/** SurveyMonkey has two lines of headers: the questions, and below them what their columns hold. */
export const isSecondHeader = (header: readonly string[], cells: readonly string[]): boolean =>
  header[0] === "Respondent ID" && cells[0]?.trim() === "";

/** What the second line says of a question's only or main column. */
const own: ReadonlySet<string> = new Set(["", "Response", "Open-Ended Response"]);

/** The names of both: of a question that has several columns, its text and what each of the others holds. */
export function withSecondHeader(header: readonly string[], cells: readonly string[]): string[] {
  let question = "";
  return header.map((name, index) => {
    question = name || question;
    const part = cells[index]?.trim() ?? "";
    return own.has(part) ? name || question : `${question}: ${part}`;
  });
}
