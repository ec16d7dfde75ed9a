/** The operator's control panel: asks who is here, connects, and draws. */
import { createRoot } from "react-dom/client";
import { followBuild } from "./live/build.ts";
import { connectWhileSignedIn } from "./live/connection.ts";
import { followKinds } from "./live/kinds.ts";
import { keepPlaces } from "./live/list_place.ts";
import { followPreferences } from "./live/preferences.ts";
import { askWho } from "./live/session.ts";
import { Panel } from "./panel.tsx";
import "./styles/panel.css";

/** A phone that is a device is no operator: it has an address outside everybody's session. */
const PHONE = "/phone";

const root = createRoot(document.getElementById("panel")!);
followPreferences();
if (location.pathname === PHONE) {
  void import("./phone/phone_page.tsx").then(({ PhonePage }) => root.render(<PhonePage />));
} else {
  followBuild();
  followKinds();
  connectWhileSignedIn();
  addEventListener("pagehide", keepPlaces);
  void askWho();
  root.render(<Panel />);
}
