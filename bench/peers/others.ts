import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { bundled, packageFile } from "./packages.ts";
import { type Answer, type Answerer, answerFrom } from "./peer-server.ts";

/** A widget as a visitor meets it. In selectors, `>>>` enters a shadow root. */
export interface Widget {
  name: string;
  /** The file beside this one with the widget's snippet; absent: the page has no widget. */
  snippet?: string;
  answer: Answerer;
  /** Selector of what is visible once the question is. */
  question: string;
  /** Selectors for answering with a comment, and of the thanks; absent: not a survey, or not a complete one. */
  answering?: { rating: string; comment: string; send: string; thanks: string };
}

const question = "How likely are you to recommend us to a friend?";
const why = "What is the reason for your rating?";
const thanks = "Thank you!";

const script = (body: string): Answer => ({ type: "text/javascript", body });
const json = (body: unknown): Answer => ({ type: "application/json", body: JSON.stringify(body) });

/** Only surveys are switched on: no recording, heat map, autocapture or flag, which most projects have. */
async function postHog(): Promise<Widget> {
  const rating = { lowerBoundLabel: "Not likely", upperBoundLabel: "Very likely", skipSubmitButton: true };
  const survey = {
    id: "0198a0b0-0000-7000-8000-000000000000",
    name: "NPS",
    type: "popover",
    linked_flag_key: null,
    targeting_flag_key: null,
    internal_targeting_flag_key: null,
    questions: [
      { id: "rating", type: "rating", question, display: "number", scale: 10, ...rating },
      { id: "why", type: "open", question: why },
    ],
    appearance: { displayThankYouMessage: true, thankYouMessageHeader: thanks },
    conditions: null,
    start_date: "2026-01-01T00:00:00Z",
    end_date: null,
    enable_partial_responses: true,
  };
  const config = {
    token: "phc_bench",
    supportedCompression: ["gzip", "gzip-js"],
    hasFeatureFlags: false,
    captureDeadClicks: false,
    capturePerformance: false,
    autocapture_opt_out: true,
    autocaptureExceptions: false,
    analytics: { endpoint: "/i/v0/e/" },
    elementsChainAsString: true,
    sessionRecording: false,
    heatmaps: false,
    surveys: true,
    defaultIdentifiedOnly: true,
    siteApps: [],
  };
  const { version } = JSON.parse(await packageFile("posthog-js/package.json"));
  const settings = `(window._POSTHOG_REMOTE_CONFIG ??= {}).phc_bench = { config: ${JSON.stringify(config)}, siteApps: [] }`;
  const surveys = script(await packageFile("posthog-js/dist/surveys.js"));
  const popover = "[class^=PostHogSurvey] >>> ";
  return {
    name: `PostHog ${version}`,
    snippet: "posthog.html",
    answer: answerFrom({
      "/static/array.js": script(await packageFile("posthog-js/dist/array.js")),
      "/static/surveys.js": surveys,
      [`/static/${version}/surveys.js`]: surveys,
      "/array/phc_bench/config.js": script(settings),
      "/api/surveys/": json({ surveys: [survey] }),
      "/flags/": json({ flags: {} }),
      "/e/": json({ status: 1 }),
      "/i/v0/e/": json({ status: 1 }),
    }),
    question: `${popover}[aria-label="Rate 9"]`,
    answering: {
      rating: `${popover}[aria-label="Rate 9"]`,
      comment: `${popover}textarea`,
      send: `${popover}.form-submit`,
      thanks: `${popover}.thank-you-message`,
    },
  };
}

const formbricksQuestions = (text: (value: string) => unknown) => [
  { id: "rating", type: "nps", headline: text(question), required: true, logic: [] },
  { id: "why", type: "openText", headline: text(why), required: false, longAnswer: true, inputType: "text" },
];

/** The last version that is complete on npm. What the app has served since then is in no registry. */
async function formbricksWhole(): Promise<Widget> {
  const survey = {
    id: "survey",
    name: "NPS",
    type: "web",
    status: "inProgress",
    environmentId: "bench",
    questions: formbricksQuestions((value) => value),
    welcomeCard: { enabled: false, timeToFinish: false, showResponseCount: false },
    thankYouCard: { enabled: true, headline: thanks },
    hiddenFields: { enabled: false },
    triggers: ["New Session"],
    displayOption: "respondMultiple",
    languages: [],
    delay: 0,
    autoClose: null,
    styling: {},
  };
  const product = {
    id: "product",
    placement: "bottomRight",
    clickOutsideClose: true,
    darkOverlay: false,
    inAppSurveyBranding: true,
    brandColor: "#64748b",
  };
  const core = await packageFile("formbricks-whole/dist/index.umd.js");
  return {
    name: "Formbricks 1.6.4 (the last whole on npm)",
    snippet: "formbricks-whole.html",
    answer: answerFrom({
      "/formbricks.js": script(core.replace(/https:\/\/unpkg\.com[^"'`]+/, "%ORIGIN%/surveys.js")),
      "/surveys.js": script(await packageFile("@formbricks/surveys/dist/index.umd.js")),
      "/api/v1/client/bench/in-app/sync": json({
        data: { surveys: [survey], noCodeActionClasses: [], product },
      }),
      "/api/v1/client/bench/displays": json({ data: { id: "display" } }),
      "/api/v1/client/bench/displays/display": json({ data: {} }),
      "/api/v1/client/bench/responses": json({ data: { id: "response" } }),
      "/api/v1/client/bench/responses/response": json({ data: { id: "response" } }),
    }),
    question: "#fbjs label:nth-child(10)",
    answering: {
      rating: "#fbjs label:nth-child(10)",
      comment: "#fbjs textarea",
      send: "#fbjs button[type=submit]",
      thanks: "#fbjs [for=thankYouCard]",
    },
  };
}

/** Today's version. Its loader fetches two scripts from the app; here they come from `folder`. undefined: they are missing. */
async function formbricks(folder = ""): Promise<Widget | undefined> {
  const served = ["formbricks.umd.cjs", "surveys.umd.cjs"] as const;
  if (!served.every((name) => existsSync(`${folder}/${name}`))) return undefined;
  const text = (value: string) => ({ default: value });
  const action = { id: "action", key: "visit", name: "visit", type: "code", noCodeConfig: null };
  const [rating, comment] = formbricksQuestions(text);
  const survey = {
    id: "survey",
    type: "app",
    status: "inProgress",
    welcomeCard: { enabled: false },
    questions: [],
    blocks: [
      { id: "first", name: "First", elements: [rating] },
      { id: "second", name: "Second", elements: [{ ...comment, charLimit: { enabled: false } }] },
    ],
    endings: [{ id: "end", type: "endScreen", headline: text(thanks) }],
    variables: [],
    hiddenFields: { enabled: false },
    triggers: [{ actionClass: action }],
    displayOption: "respondMultiple",
    displayLimit: null,
    displayPercentage: null,
    recontactDays: null,
    workspaceOverwrites: null,
    isBackButtonHidden: false,
    isAutoProgressingEnabled: true,
    showLanguageSwitch: false,
    recaptcha: null,
    languages: [],
    delay: 0,
    autoClose: null,
  };
  const settings = {
    recontactDays: 0,
    clickOutsideClose: true,
    overlay: "none",
    placement: "bottomRight",
    inAppSurveyBranding: true,
    styling: { allowStyleOverwrite: false },
  };
  const [core, surveys] = await Promise.all(served.map((name) => readFile(`${folder}/${name}`, "utf8")));
  return {
    name: "Formbricks (the scripts of FORMBRICKS_JS)",
    snippet: "formbricks.html",
    answer: answerFrom({
      "/loader.js": script(await bundled("loader", `export { default } from "@formbricks/js"`)),
      "/js/formbricks.umd.cjs": script(core ?? ""),
      "/js/surveys.umd.cjs": script(surveys ?? ""),
      "/api/v1/client/bench/environment": json({
        data: { data: { surveys: [survey], actionClasses: [action], settings }, expiresAt: "2099-01-01" },
      }),
      "/api/v2/client/bench/displays": json({ data: { id: "display" } }),
      "/api/v2/client/bench/responses": json({ data: { id: "response", quotaFull: false } }),
      "/api/v1/client/bench/responses/response": json({ data: { quotaFull: false } }),
    }),
    question: "#fbjs label:nth-child(10)",
    answering: {
      rating: "#fbjs label:nth-child(10)",
      comment: "#fbjs textarea",
      send: "#fbjs .button-custom",
      thanks: "#fbjs .label-headline",
    },
  };
}

/** A feedback form that opens at once and has no rating. */
async function sentry(): Promise<Widget> {
  const { version } = JSON.parse(await packageFile("@sentry/browser/package.json"));
  return {
    name: `Sentry feedback ${version} (no rating)`,
    snippet: "sentry.html",
    answer: answerFrom({
      "/sentry.js": script(
        await bundled("sentry", `export { feedbackIntegration, init } from "@sentry/browser"`),
      ),
      "/api/1/envelope/": json({}),
    }),
    question: "#sentry-feedback >>> dialog[open] textarea",
  };
}

/** Only the popup: the form in its frame is on Typeform's servers, so a heading stands in for it. */
async function typeform(): Promise<Widget> {
  const { version } = JSON.parse(await packageFile("@typeform/embed/package.json"));
  const css = await packageFile("@typeform/embed/build/css/popup.css");
  const form = `<!doctype html><title>NPS</title><h1>${question}</h1>`;
  return {
    name: `Typeform embed ${version} (its form not counted)`,
    snippet: "typeform.html",
    answer: answerFrom({
      "/embed.js": script(await packageFile("@typeform/embed/build/embed.js")),
      "/css/popup.css": { type: "text/css", body: css },
      "/to/nps": { type: "text/html", body: form, standIn: true },
    }),
    question: ".tf-v1-popup iframe",
  };
}

/** The page without a widget, and all other widgets. `folder` has the scripts of today's Formbricks. */
export async function others(folder?: string): Promise<Widget[]> {
  const alone: Widget = { name: "the page alone", answer: answerFrom({}), question: "h1" };
  const all = [postHog(), formbricks(folder), formbricksWhole(), sentry(), typeform()];
  return [...(await Promise.all(all)), alone].filter((widget) => widget !== undefined);
}
