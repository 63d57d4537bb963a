import { fresh, open, type Row, reads, responds, writes } from "./matrix-row.ts";

/** Routes for surveys and responses, invitations and mails. */
export const peopleRows: Row[] = [
  {
    route: "GET /v1/ask",
    path: ({ touchpoint }) => `/v1/ask?touchpoint=${touchpoint}`,
    statuses: responds(200, 204),
  },
  {
    route: "POST /v1/impressions",
    path: () => "/v1/impressions",
    json: ({ touchpoint, survey }) => ({ touchpoint, survey }),
    statuses: responds(204, 422),
  },
  {
    route: "POST /v1/responses",
    path: () => "/v1/responses",
    json: ({ touchpoint, survey }) => fresh({ touchpoint, survey }),
    statuses: responds(201, 422),
  },
  {
    route: "POST /v1/responses/batch",
    path: () => "/v1/responses/batch",
    json: ({ touchpoint, survey }) => ({ responses: [fresh({ touchpoint, survey })] }),
    // A batch is accepted and refuses its rows one by one.
    statuses: writes(200, 200),
  },
  { route: "GET /v1/responses", path: () => "/v1/responses", statuses: reads(200) },
  {
    route: "GET /v1/responses/:id",
    path: ({ response }) => `/v1/responses/${response}`,
    statuses: reads(404),
  },
  {
    route: "PATCH /v1/responses/:id",
    path: ({ response }) => `/v1/responses/${response}`,
    json: () => ({ excluded: "test" }),
    statuses: writes(200, 404),
  },
  {
    route: "DELETE /v1/responses/:id",
    path: ({ response }) => `/v1/responses/${response}`,
    statuses: writes(204, 404),
  },
  {
    route: "POST /v1/links",
    path: () => "/v1/links",
    json: ({ touchpoint, survey }) => ({ touchpoint, survey }),
    statuses: writes(201, 422),
  },
  { route: "GET /v1/invitations", path: () => "/v1/invitations", statuses: reads(200) },
  {
    route: "GET /v1/invitations/:invitation",
    path: ({ invitation }) => `/v1/invitations/${invitation}`,
    statuses: reads(404),
  },
  {
    route: "DELETE /v1/invitations/:invitation",
    path: ({ invitation }) => `/v1/invitations/${invitation}`,
    statuses: writes(200, 404),
  },
  {
    route: "POST /v1/invitations/:invitation/send",
    path: ({ invitation }) => `/v1/invitations/${invitation}/send`,
    // This invitation has no mail that could be sent.
    statuses: writes(409, 404),
  },
  {
    route: "POST /v1/sends",
    path: () => "/v1/sends",
    json: ({ touchpoint, survey }) => ({ email: "ann@shop.example", touchpoint, survey }),
    // Without a sender, that is reported first.
    statuses: writes(201, 409),
  },
  { route: "GET /v1/campaigns", path: () => "/v1/campaigns", statuses: reads(200) },
  {
    route: "POST /v1/campaigns",
    path: () => "/v1/campaigns",
    json: ({ touchpoint, survey }) => ({ name: "autumn", touchpoint, survey }),
    statuses: writes(201, 409),
  },
  {
    route: "GET /v1/campaigns/:campaign",
    path: ({ campaign }) => `/v1/campaigns/${campaign}`,
    statuses: reads(404),
  },
  {
    route: "POST /v1/campaigns/:campaign/recipients",
    path: ({ campaign }) => `/v1/campaigns/${campaign}/recipients`,
    json: () => ({ recipients: [{ email: "bob@shop.example" }] }),
    statuses: writes(200, 404),
  },
  {
    route: "PATCH /v1/campaigns/:campaign",
    path: ({ campaign }) => `/v1/campaigns/${campaign}`,
    json: () => ({ name: "renamed" }),
    statuses: writes(200, 404),
  },
  { route: "GET /v1/templates", path: () => "/v1/templates", statuses: reads(200) },
  {
    route: "POST /v1/templates",
    path: () => "/v1/templates",
    json: () => ({ name: "plain", texts: { en: { intro: "Hello" } } }),
    statuses: writes(201, 201),
  },
  {
    route: "GET /v1/templates/:template",
    path: ({ template }) => `/v1/templates/${template}`,
    statuses: reads(404),
  },
  {
    route: "PATCH /v1/templates/:template",
    path: ({ template }) => `/v1/templates/${template}`,
    json: () => ({ name: "renamed" }),
    statuses: writes(200, 404),
  },
  {
    route: "GET /v1/templates/:template/preview",
    path: ({ template, touchpoint }) => `/v1/templates/${template}/preview?touchpoint=${touchpoint}`,
    statuses: reads(404),
  },
  { route: "GET /v1/suppressions", path: () => "/v1/suppressions", statuses: reads(200) },
  {
    route: "POST /v1/suppressions",
    path: () => "/v1/suppressions",
    json: () => ({ emails: ["gone@shop.example"] }),
    statuses: writes(204, 204),
  },
  {
    route: "POST /v1/suppressions/search",
    path: () => "/v1/suppressions/search",
    json: () => ({ email: "gone@shop.example" }),
    statuses: reads(200),
  },
  {
    route: "DELETE /v1/suppressions/:id",
    path: ({ suppression }) => `/v1/suppressions/${suppression}`,
    statuses: writes(204, 404),
  },
  {
    route: "POST /v1/erasures",
    path: () => "/v1/erasures",
    json: () => ({ respondent: "nobody@shop.example" }),
    statuses: writes(200, 200),
  },
  {
    route: "POST /v1/erasures/:erasure",
    path: ({ erasure }) => `/v1/erasures/${erasure}`,
    statuses: writes(200, 404),
  },
  {
    route: "GET /v1/erasures/:erasure",
    path: ({ erasure }) => `/v1/erasures/${erasure}`,
    statuses: reads(404),
  },
  {
    route: "POST /v1/responses/search",
    path: () => "/v1/responses/search",
    json: () => ({ respondent: "nobody@shop.example" }),
    statuses: reads(200),
  },
  {
    route: "POST /v1/invitations/search",
    path: () => "/v1/invitations/search",
    json: () => ({ respondent: "nobody@shop.example" }),
    statuses: reads(200),
  },
  { route: "GET /v1/mail", path: () => "/v1/mail", statuses: reads(200) },
  {
    route: "POST /v1/mail/test",
    path: () => "/v1/mail/test",
    json: () => ({ to: "ann@shop.example" }),
    statuses: writes(200, 409),
  },
  { route: "POST /v1/mail/events", path: () => "/v1/mail/events", json: () => ({}), statuses: open(401) },
  {
    route: "GET /v1/touchpoints/:touchpoint/unconfirmed",
    path: ({ touchpoint }) => `/v1/touchpoints/${touchpoint}/unconfirmed`,
    statuses: reads(404),
  },
  {
    route: "DELETE /v1/touchpoints/:touchpoint/unconfirmed",
    path: ({ touchpoint }) => `/v1/touchpoints/${touchpoint}/unconfirmed`,
    statuses: writes(204, 404),
  },
];
