import type { Context } from "hono";
import type { Ask } from "../../shared/contract/ask.ts";
import type { Texts } from "../../shared/surveys/texts.ts";
import { dayMs } from "../../shared/time/durations.ts";
import type { App } from "../environment.ts";
import { wantedLocales } from "../html/accept-language.ts";
import type { PageTheme } from "../html/page.tsx";
import { limitAddress } from "../http/limits.ts";
import { orNotFound, Problem } from "../http/problem.ts";
import {
  type Invitation,
  invitationOf,
  openInvitation,
  readCode,
  sealInvitation,
} from "../invitations/codes.ts";
import { findInvitation } from "../invitations/db/invitations.ts";
import { secretsOf } from "../secrets/secrets.ts";
import { type AskedSurvey, findAsked } from "../surveys/db/asked.ts";
import { presentFlow } from "../surveys/follow-up.ts";
import { languageOf, textsIn } from "../surveys/languages.ts";
import { pageTheme } from "../surveys/theme.ts";
import { type Presented, presentSurvey } from "../surveys/wording.ts";
import { findWorkspaceById } from "../workspaces/db/workspaces.ts";
import { claimKey, openMailing } from "./mailing-token.ts";

/** A survey link that was opened, in the language of the person who opened it. */
export interface Link {
  invitation: Invitation;
  workspace: number;
  asked: AskedSurvey;
  survey: Presented;
  /** What follows the rating. */
  flow: Pick<Ask, "texts" | "steps" | "thanks">;
  fixed: Texts;
  /** The path to which its forms are sent. */
  action: string;
  theme: PageTheme;
  /** It was made for one respondent. A mailing's link opens for anybody who knows an address, so it shows no answer. */
  personal: boolean;
  /** A later answer replaces the earlier one. */
  changeable: boolean;
  /** By this, a browser recognizes a mailing's claimed recipient; null: it is no mailing, or it names nobody. */
  claim: string | null;
}

interface Opened {
  invitation: Invitation;
  personal: boolean;
  changeable: boolean;
  /** Whether it was revoked, or belongs to a mailing whose survey or touchpoint has long been archived. */
  isOver: (asked: AskedSurvey) => boolean;
  action: string;
}

type Open = (c: Context<App>, given: string) => Promise<Opened | null>;

/** Opens the code of a stored invitation. */
export const byCode: Open = async (c, code) => {
  const id = await readCode(secretsOf(c.env), code);
  const row = id && (await findInvitation(c.var.db, id, c.var.now));
  return row
    ? {
        invitation: invitationOf(row),
        personal: true,
        changeable: row.changeable === 1,
        isOver: () => row.revokedAt !== null,
        action: `/r/${code}`,
      }
    : null;
};

/** Opens a token that contains everything: a mailing's link, or the invitation made for whoever opened it. */
const byToken =
  (ofMailing: boolean): Open =>
  async (c, token) => {
    const {
      env,
      var: { now },
    } = c;
    const secrets = secretsOf(env);
    const invitation =
      (await openInvitation(secrets, token)) ??
      (ofMailing ? await openMailing(secrets, token, c.req.url, now) : null);
    if (!invitation) return null;
    const mailed = invitation.channel === "email";
    return {
      invitation,
      personal: !mailed,
      changeable: true,
      isOver: ({ survey, touchpointArchivedAt }) =>
        mailed &&
        [survey.archivedAt, touchpointArchivedAt].some((at) => at !== null && at + archivedLife <= now),
      action: `/s/${await sealInvitation(env.CANDOR_SECRET, invitation)}`,
    };
  };

/**
 * A mailing has no end of its own, since it may stand in a signature for years. Archiving its survey or touchpoint ends
 * it, after the days in which earlier mails are still answered.
 */
const archivedLife = 90 * dayMs;

export const byAnyToken = byToken(true);
/** Forms are sent to the invitation that a mailing's link has made, never to that link. */
export const byOwnToken = byToken(false);

export const expired = (locale: string) =>
  new Problem("link-expired", { headers: { "content-language": locale } });

/** What the link asks. Throws not-found where this deployment did not make it, link-expired where it has ended. */
export async function openLink(c: Context<App>, open: Open): Promise<Link> {
  await limitAddress(c);
  const { ASSETS: assets } = c.env;
  const { db, now } = c.var;
  const opened = orNotFound(await open(c, c.req.param("link") ?? ""));
  const { invitation, personal, changeable, isOver, action } = opened;
  const wanted = [
    ...(invitation.locale ? [invitation.locale] : []),
    ...wantedLocales(c.req.header("accept-language")),
  ];
  if (invitation.expires * 1000 <= now) throw expired((await textsIn(assets, wanted)).locale);
  const workspace = orNotFound(await findWorkspaceById(db, invitation.workspace));
  const asked = orNotFound(await findAsked(db, workspace.ref, invitation.touchpoint, invitation.survey));
  const language = await languageOf(assets, asked.survey, wanted);
  const survey = presentSurvey(asked.survey, language);
  if (isOver(asked)) throw expired(survey.locale);
  return {
    invitation,
    personal,
    changeable,
    action,
    asked,
    survey,
    workspace: workspace.ref,
    flow: presentFlow(asked.survey, survey, language, false),
    fixed: language.fixed,
    theme: pageTheme(asked),
    claim: await claimKey(c.env.CANDOR_SECRET, invitation),
  };
}
