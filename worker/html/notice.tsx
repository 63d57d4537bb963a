import { Drawing, Page, type PageTheme } from "./page.tsx";

interface NoticeProps {
  locale: string;
  direction: "ltr" | "rtl";
  /** The one sentence that the page shows. */
  sentence: string;
  /** A response was saved: where a link leads on from here, and where the response can be changed. */
  thanks?: {
    link?: { text: string; url: string } | undefined;
    change?: { text: string; href: string } | null;
  };
  theme?: PageTheme;
}

const check = "M5 12.5l4.5 4.5L19 7.5";
const mark = "M12 7.5v5.5M12 16.2v.3M12 2.5a9.5 9.5 0 1 0 0 19a9.5 9.5 0 1 0 0-19";

/** Says thanks, or why there is no survey here. */
export const Notice = ({ locale, direction, sentence, thanks, theme }: NoticeProps) => (
  <Page title={sentence} locale={locale} direction={direction} styles={["survey"]} css={theme?.css}>
    <body>
      <main class="card notice">
        <span class={thanks ? "mark thanks" : "mark"}>
          <Drawing path={thanks ? check : mark} />
        </span>
        <h1>{sentence}</h1>
        {thanks?.link && (
          <p>
            <a href={thanks.link.url} rel="noopener">
              {thanks.link.text}
            </a>
          </p>
        )}
        {thanks?.change && (
          <p>
            <a href={thanks.change.href}>{thanks.change.text}</a>
          </p>
        )}
      </main>
    </body>
  </Page>
);
