import { getPath } from "hono/utils/url";

/** A link's code, followed by signs that no code has: a full stop, bracket or slash from the text around the link. */
const trailed = /^(\/[rsu]\/[\w-]+)(?:%[0-9a-f]{2}|[^\w%-])+$/i;

/** The path by which a request is routed. */
export const routedPath = (request: Request): string => getPath(request).replace(trailed, "$1");
