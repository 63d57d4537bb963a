import * as z from "zod";
import {
  cursor,
  instant,
  instantOut,
  limit,
  limitInBody,
  locale,
  properties,
  rating,
  respondent,
  text,
  timeZone,
  touchpointName,
} from "./fields.ts";

export const maxLinks = 1000;

const fields = {
  id: text(100)
    .optional()
    .describe(
      "A name of yours, such as ticket-4711: the same name is the same link, however often it is made, and never that of another survey, touchpoint or respondent, nor one that was revoked",
    ),
  touchpoint: touchpointName,
  survey: z.string().max(40).optional().describe("Default: what the touchpoint asks now"),
  respondent: respondent.optional().describe("Who answers; kept with the invitation and shown in no address"),
  properties: properties.optional(),
  locale: locale.optional(),
  expires_at: instant.optional().describe("Default: in 90 days; at most in 365"),
  expires_on: z.iso
    .date()
    .optional()
    .describe(
      "Instead of expires_at: the last day on which it can be answered, such as 2026-12-31, in time_zone",
    ),
  time_zone: timeZone.optional().describe("IANA zone of expires_on; default: the workspace's"),
  changeable: z
    .boolean()
    .optional()
    .describe("false: the first rating stands, and the page takes no other. Default: true"),
  confirm: z
    .enum(["gesture", "button"])
    .optional()
    .describe(
      "What counts a rating that was clicked in a mail: gesture: the first movement, key or touch on the page, the default; button: only its button",
    ),
};

type Fields = z.output<z.ZodObject<typeof fields>>;

function oneEnd({ value, issues }: z.core.ParsePayload<Partial<Fields>>): void {
  if (value.expires_at !== undefined && value.expires_on !== undefined)
    issues.push({
      code: "custom",
      input: value,
      path: ["expires_on"],
      message: "is one too many: give this or expires_at",
    });
}

export const LinkInput = z.strictObject(fields).check(oneEnd);
export type LinkInput = z.output<typeof LinkInput>;

/** One link, or a list of links. Each row of a list is checked by itself, so one mistake does not cost the others. */
export const LinksInput = z
  .strictObject({
    ...z.strictObject(fields).partial().shape,
    links: z
      .array(z.unknown())
      .min(1)
      .max(maxLinks)
      .optional()
      .describe(
        `Up to ${maxLinks} links as one alone; each is answered by itself, in order. Instead of all other fields`,
      ),
  })
  .check(oneEnd)
  .check(({ value, issues }) => {
    const { links, ...others } = value;
    const [other] = Object.keys(others);
    if (links && other !== undefined)
      issues.push({ code: "custom", input: value, path: [other], message: "does not go with links" });
    if (!links && value.touchpoint === undefined)
      issues.push({ code: "custom", input: value, path: ["touchpoint"], message: "is missing" });
  });

export const Link = z.object({
  id: z.string().describe("Of the invitation"),
  url: z.string().describe("The survey page, short enough for an SMS; it holds neither address nor property"),
  qr: z.string().describe("The same as a QR code, SVG"),
  rating_urls: z
    .array(z.object({ rating, url: z.string() }))
    .describe("The page with a rating preselected, for a mail"),
  response: z.string().describe("The id that the response will have"),
  expires_at: instantOut,
});

export const Links = z.object({
  results: z.array(
    z.union([
      Link.extend({ status: z.literal("made") }),
      z.object({ status: z.literal("refused"), problem: z.unknown() }),
    ]),
  ),
});

const invitationStates = [
  "created",
  "sending",
  "sent",
  "delivered",
  "bounced",
  "unsubscribed",
  "failed",
  "in_doubt",
  "skipped",
  "expired",
  "revoked",
  "answered",
] as const;
export type InvitationState = (typeof invitationStates)[number];

export const Invitation = z.object({
  id: z.string(),
  state: z.enum(invitationStates).describe("Whether a mail or page was opened is never tracked"),
  touchpoint: z.string(),
  survey: z.string(),
  channel: z.enum(["link", "email"]),
  respondent: z.string().nullable(),
  properties: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  locale: z.string().nullable(),
  changeable: z.boolean(),
  response: z.string().describe("The id that the response has or will have"),
  created_at: instantOut,
  expires_at: instantOut,
  revoked_at: instantOut.nullable(),
  answered_at: instantOut.nullable(),
  mail: z
    .object({
      email: z.string().nullable().describe("null: erased, as its response is"),
      campaign: z.string().nullable().describe("null: sent by itself"),
      reason: z.string().nullable().describe("Why it was skipped, or what the provider said of it"),
      attempts: z.int(),
      due_at: instantOut.nullable().describe("null: when its campaign gets to it"),
      sent_at: instantOut.nullable(),
    })
    .nullable()
    .describe("null: Candor sends no mail with this link"),
});

export const InvitationsQuery = z.strictObject({
  limit,
  cursor,
  touchpoint: touchpointName.optional(),
  survey: z.string().max(40).optional(),
  campaign: z.string().max(40).optional(),
  state: z.enum(invitationStates).optional(),
});
/** A search by respondent. It is a body because a respondent must not stand in the address of a request. */
export const InvitationSearch = z.strictObject({
  ...InvitationsQuery.shape,
  limit: limitInBody,
  respondent: respondent.describe(
    "An id of yours or an address, in whatever spelling, also as Ann <ann@shop.example> or mailto:…",
  ),
});

export const UnconfirmedQuery = z.strictObject({
  from: instant.optional().describe("Of the last click; default: as long as clicks are kept, 90 days"),
  to: instant.optional(),
});

export const Unconfirmed = z.object({
  touchpoint: z.string(),
  links: z
    .int()
    .describe("Links in which a rating was clicked and nobody confirmed it: no part of any score"),
  claimed: z
    .int()
    .describe(
      "How many of them are links of a mailing, whose recipients anybody can make up; 200 a day are kept",
    ),
  signs: z
    .object({
      several_ratings: z.int().describe("Another rating was clicked within ten seconds"),
      hidden_link: z.int().describe("A link was followed that no person sees"),
      scanner_agent: z.int().describe("The user agent is one of a program"),
      scanner_network: z.int().describe("The network is one of a mail scanner"),
      head_request: z.int().describe("Asked by HEAD, as no browser does"),
    })
    .describe("How many of them show a sign of a machine; labels, which decide nothing"),
});
