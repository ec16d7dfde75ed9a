/** Adding a device: what it is, then its token and the way to its first value. */
import { getRouteApi, Link } from "@tanstack/react-router";
import { useState } from "react";
import { ForAdministrators } from "../../parts/notice.tsx";
import { useMe } from "../../parts/me.ts";
import { useTitle } from "../../shell/title.ts";
import { ADD, CONNECT } from "../../words/add.ts";
import { ConnectDevice, type NewDevice } from "./connect_device.tsx";
import { DeviceForm } from "./device_form.tsx";
import "../../styles/add.css";

const route = getRouteApi("/add");

export function AddScreen() {
  const { kind } = route.useSearch();
  const [added, setAdded] = useState<NewDevice | null>(null);
  const title = added ? CONNECT.title(added.device.name) : ADD.title;
  useTitle(title);
  if (useMe().role !== "admin") return <ForAdministrators />;
  return (
    <div className="add">
      <h1>{title}</h1>
      {added ? <ConnectDevice added={added} onAnother={() => setAdded(null)} /> : (
        <>
          <p className="mb-6 text-ink2">
            {ADD.lead} {ADD.otherWays} <Link to="/simulator" className="link">{ADD.simulate}</Link>,{" "}
            <Link to="/add" search={{ kind: "phone" }} className="link">{ADD.phone}</Link>,{" "}
            <Link to="/add/many" className="link">{ADD.many}</Link>.
          </p>
          <DeviceForm key={kind} kind={kind} onAdded={setAdded} />
        </>
      )}
    </div>
  );
}
