/** An operator's connection begins [O1]. */
import { ok, type Outcome } from "../../protocol/fault.ts";
import { isBridge, type OperatorConnection, operatorConnection } from "../connections/connection.ts";
import type { Operator } from "../access/identity.ts";
import type { Turn } from "../turn.ts";

export function enterOperator(turn: Turn, id: string, by: Operator): Outcome<OperatorConnection> {
  const operator = { id: by.id, name: by.name, role: by.role };
  const connection = operatorConnection(id, turn.now, { operator, from: by.from, session: by.session });
  const older = isBridge(connection) ? turn.memory.operators().filter(isBridge) : [];
  turn.attach(connection);
  turn.toOperator(connection, {
    type: "welcome",
    protocol: 1,
    operator,
    time: turn.now,
    build: turn.memory.options.build,
  });
  // [N20] There is one bridge.
  for (const other of older) turn.close(other, "taken_over");
  return ok(connection);
}
