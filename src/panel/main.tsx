/** The operator's control panel: asks who is here, connects, and draws. */
import { createRoot } from "react-dom/client";
import { followBuild } from "./live/build.ts";
import { connectWhileSignedIn } from "./live/connection.ts";
import { followKinds } from "./live/kinds.ts";
import { followPreferences } from "./live/preferences.ts";
import { askWho } from "./live/session.ts";
import { Panel } from "./panel.tsx";
import "./styles/panel.css";

followPreferences();
followBuild();
followKinds();
connectWhileSignedIn();
void askWho();

createRoot(document.getElementById("panel")!).render(<Panel />);
