/** Where a snippet goes, each with its own form. */
export const TOOLS = ["html", "inline", "gtm", "react", "vue", "wordpress", "shopify"] as const;
export type Tool = (typeof TOOLS)[number];

interface Installed {
  /** Of Candor. */
  origin: string;
  /** A publishable key. */
  key: string;
  touchpoint: string;
}

const tag = ({ origin, key, touchpoint }: Installed) =>
  `<script async src="${origin}/v1/widget.js"
  data-key="${key}" data-touchpoint="${touchpoint}"></script>`;

const options = ({ origin, key, touchpoint }: Installed) =>
  `{ origin: "${origin}", key: "${key}", touchpoint: "${touchpoint}" }`;

/** What is pasted, by where. Keys, names and origins have no letter that HTML or JavaScript reads otherwise. */
export const snippets: Readonly<Record<Tool, (of: Installed) => string>> = {
  html: tag,
  inline: ({ origin, key, touchpoint }) =>
    `<script async src="${origin}/v1/widget.js" data-key="${key}"></script>
<candor-survey touchpoint="${touchpoint}"></candor-survey>`,
  // Tag Manager takes the attributes off a script that it inserts: they are set by a script of ours.
  gtm: ({ origin, key, touchpoint }) =>
    `<script>
  (function (script) {
    script.async = true;
    script.src = "${origin}/v1/widget.js";
    script.setAttribute("data-key", "${key}");
    script.setAttribute("data-touchpoint", "${touchpoint}");
    document.head.appendChild(script);
  })(document.createElement("script"));
</script>`,
  react: (of) =>
    `import { Candor } from "candor-widget/react";

<Candor options={${options(of)}} />`,
  vue: (of) =>
    `import { Candor } from "candor-widget/vue";

<Candor :options="${options(of).replaceAll('"', "'")}" />`,
  wordpress: tag,
  shopify: tag,
};
