import type { Presented } from "../../surveys/wording.ts";

/** Of the whole mail that the row stands in, too. */
export const ink = "#1a1f36";
export const quiet = "#4a5264";
export const font = "Arial,Helvetica,sans-serif";
const cellWidth = 64;
/** Enough for a question above a few ratings. */
const leastWidth = 480;
/** High enough for a finger. */
const cellHeight = 44;

/** The address of the page with a rating preselected. */
type UrlOf = (rating: number) => string;

/**
 * A survey's question and a link for each rating, for mail. It is a table, since Outlook lays out nothing else. Every
 * style is inline, since Gmail drops others. It has no media queries and no pictures. Each text has its own background,
 * so that it is readable on a dark mail too. GMX drops `dir`, so a style repeats it. Outlook on Windows pads no link,
 * so the cell has the height too. The cells are all alike: red and green would steer the answer.
 */
const RatingRow = ({ survey, urlOf }: { survey: Presented; urlOf: UrlOf }) => {
  const { locale, direction, texts, options } = survey;
  const [start, end] = direction === "rtl" ? (["right", "left"] as const) : (["left", "right"] as const);
  const half = Math.floor(options.length / 2);
  const width = Math.max(leastWidth, options.length * cellWidth);
  const share = `${Math.floor(100 / options.length)}%`;
  return (
    <table
      role="presentation"
      lang={locale}
      dir={direction}
      width="100%"
      cellpadding="0"
      cellspacing="0"
      border={0}
      bgcolor="#ffffff"
      style={`max-width:${width}px;direction:${direction};table-layout:fixed;border-collapse:collapse;background-color:#ffffff`}
    >
      <tr>
        <td
          colspan={options.length}
          align={start}
          style={`padding:10px 6px;font:bold 16px/22px ${font};color:${ink}`}
        >
          {texts.question}
        </td>
      </tr>
      <tr>
        {options.map(({ rating, text, label }) => (
          <td
            align="center"
            width={share}
            height={cellHeight}
            bgcolor="#ffffff"
            style="border:1px solid #858d9c;overflow-wrap:anywhere"
          >
            <a
              href={urlOf(rating)}
              target="_blank"
              aria-label={label}
              style={`display:block;padding:12px 0;font:bold 15px/20px ${font};color:${ink};text-decoration:none`}
              rel="noopener"
            >
              {text}
            </a>
          </td>
        ))}
      </tr>
      {texts.low && (
        <tr>
          <td
            colspan={half}
            align={start}
            valign="top"
            style={`padding:6px;font:12px/16px ${font};color:${quiet}`}
          >
            {texts.low}
          </td>
          <td
            colspan={options.length - half}
            align={end}
            valign="top"
            style={`padding:6px;font:12px/16px ${font};color:${quiet}`}
          >
            {texts.high}
          </td>
        </tr>
      )}
    </table>
  );
};

/** Headers for HTML that is shown as it will be mailed, with only its inline styles. */
export const mailedHtml = {
  "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
};

export const ratingRowHtml = async (survey: Presented, urlOf: UrlOf): Promise<string> =>
  String(await (<RatingRow survey={survey} urlOf={urlOf} />));

/** The same for a mail's text part: the question, and each rating with its address on a line. */
export const ratingRowText = ({ texts, options }: Presented, urlOf: UrlOf): string =>
  [`${texts.question}\n`, ...options.map(({ rating, label }) => `${label}: ${urlOf(rating)}`), ""].join("\n");
