/** Whoever drives is reminded of it on every other page, and told there too when it is over [G]. */
import { Link, useParams } from "@tanstack/react-router";
import { forgetLoss, leases } from "../live/leases.ts";
import { useValue } from "../live/value.ts";
import { LEASE, lossInWords } from "../words/lease.ts";
import { DO } from "../words/common.ts";

export function Driving() {
  const { held, lost } = useValue(leases);
  const { id: here } = useParams({ strict: false });
  const driven = Object.entries(held).filter(([device]) => device !== here);
  const losses = Object.entries(lost).filter(([device]) => device !== here);
  return (
    <>
      {driven.length > 0 && (
        <aside className="driving" aria-label={LEASE.yours}>
          <span>{LEASE.you}</span>
          {driven.map(([device, { name }]) => (
            <Link key={device} to="/devices/$id" params={{ id: device }} className="link">{name}</Link>
          ))}
        </aside>
      )}
      {losses.map(([device, loss]) => (
        <div key={device} className="driving" role="alert">
          <p>
            <Link to="/devices/$id" params={{ id: device }} className="link">{loss.name}</Link>: {lossInWords(loss)}
          </p>
          <button type="button" className="button small quiet" onClick={() => forgetLoss(device)}>{DO.dismiss}</button>
        </div>
      ))}
    </>
  );
}
