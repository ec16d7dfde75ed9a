/** What `welcome.build` says [O1]. */
import about from "../../package.json" with { type: "json" };

export const BUILD: string = about.version;
