/** Unix seconds reach this in the year 5138, unix milliseconds left it behind in 1973. Fewer than nine digits are a date. */
const secondsBelow = 1e11;

const dateAndTime =
  /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(:\d\d(?:\.\d+)?)?)?\s*(?:Z|UTC|([+-]\d\d)(?::?(\d\d))?)?$/i;

/**
 * A time as RFC 3339: given so, as unix seconds or milliseconds, or as `YYYY-MM-DD HH:MM:SS` with or without its parts,
 * which is UTC unless it says otherwise. Anything else is given back as it is, for the contract to refuse.
 */
export function instantOf(text: string): string {
  if (/^\d{9,15}(\.\d+)?$/.test(text)) {
    const number = Number(text);
    return new Date(number < secondsBelow ? number * 1000 : number).toISOString();
  }
  const [, date, time = "00:00", seconds = ":00", hours, minutes = "00"] = dateAndTime.exec(text) ?? [];
  return date ? `${date}T${time}${seconds}${hours ? `${hours}:${minutes}` : "Z"}` : text;
}
