import { getPath } from "hono/utils/url";

/** A link's code, and behind it what no code holds: a full stop, a bracket or a slash of the text in which the link stood. */
const trailed = /^(\/[rsu]\/[\w-]+)(?:%[0-9a-f]{2}|[^\w%-])+$/i;

/** The path by which a request is routed. */
export const routedPath = (request: Request): string => getPath(request).replace(trailed, "$1");
