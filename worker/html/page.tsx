import { html, raw } from "hono/html";
import type { JSX } from "hono/jsx/jsx-runtime";

/** What a workspace and a survey set of a page's looks. */
export interface PageTheme {
  /** CSS to put after the page's own style; "" where nothing is set. */
  css: string;
  /** The origins that its images may have. */
  images: string[];
}

interface PageProps {
  title: string;
  locale?: string;
  direction?: "ltr" | "rtl";
  /** The page's stylesheets in `assets`, after the one that all pages share. */
  styles: string[];
  /** CSS to put after the stylesheets; `sendPage` must allow it. */
  css?: string | undefined;
  children?: unknown;
}

/** The HTML around every page. Styles come from files, because the policy allows nothing inline. */
export const Page = ({ title, locale = "en", direction = "ltr", styles, css, children }: PageProps) => (
  <html lang={locale} dir={direction}>
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="color-scheme" content="light dark" />
      <title>{title}</title>
      <link rel="icon" href="/assets/icon.svg" type="image/svg+xml" />
      <link rel="stylesheet" href="/assets/page.css" />
      {styles.map((name) => (
        <link rel="stylesheet" href={`/assets/${name}.css`} />
      ))}
      {css && <style>{raw(css)}</style>}
    </head>
    {children}
  </html>
);

/** A line drawing in a box of 24, in the colour of the surrounding text. */
export const Drawing = ({ path }: { path: string }) => (
  <svg viewBox="0 0 24 24" aria-hidden="true">
    <path d={path} />
  </svg>
);

const policy = (style = "", images: readonly string[] = []) =>
  `default-src 'none'; style-src ${["'self'", style].join(" ").trim()}; img-src ${["'self'", "data:", ...images].join(" ")}; form-action 'self'; base-uri 'none'; frame-ancestors`;

interface Framing {
  /** The page runs our scripts and calls the API. */
  scripted?: boolean;
  /** Any site may show the page in a frame. */
  framed?: boolean;
  /** The page shows another page of ours in a frame. */
  frames?: boolean;
  /** The hash of the page's own style, in the form of a policy. */
  style?: string;
  /** Origins of images. */
  images?: readonly string[];
}

/** Headers with a policy that allows nothing from elsewhere. */
export const pageHeaders = ({
  scripted = false,
  framed = false,
  frames = false,
  style,
  images,
}: Framing = {}): Record<string, string> => {
  const security = `${policy(style, images)} ${framed ? "*" : "'none'"}${frames ? "; frame-src 'self'" : ""}`;
  return {
    "content-type": "text/html; charset=utf-8",
    "content-security-policy": scripted ? `${security}; script-src 'self'; connect-src 'self'` : security,
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": framed ? "cross-origin" : "same-origin",
    "referrer-policy": "no-referrer",
    "strict-transport-security": "max-age=63072000; includeSubDomains",
    "x-content-type-options": "nosniff",
    ...(!framed && { "x-frame-options": "DENY" }),
    "cache-control": "no-store",
  };
};

interface Sending extends Framing {
  status?: number;
  headers?: Record<string, string>;
  /** The theme that is in the page. */
  theme?: PageTheme;
}

async function hashOf(style: string): Promise<string> {
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(style));
  return `'sha256-${new Uint8Array(hash).toBase64()}'`;
}

/** Answers a page. It is not stored unless `headers` say so. */
export async function sendPage(page: JSX.Element, sending: Sending = {}): Promise<Response> {
  const { status = 200, headers = {}, theme } = sending;
  const framing = theme?.css ? { ...sending, style: await hashOf(theme.css), images: theme.images } : sending;
  const document = await html`<!doctype html>${page}`;
  return new Response(String(document), { status, headers: { ...pageHeaders(framing), ...headers } });
}
