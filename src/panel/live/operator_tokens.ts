/** The operators' tokens, without their secrets [R]. */
import { useCallback, useEffect, useState } from "react";
import type { OperatorView } from "../../protocol/record.ts";
import type { Role } from "../../protocol/words.ts";
import { hub } from "./connection.ts";
import { faultOf, type HubFault } from "./fault.ts";
import { path, rest } from "./rest.ts";

export type OperatorToken = OperatorView & { createdAt: number; lastUsedAt: number | null };
/** The one answer that has the token in it. */
export type NewToken = OperatorView & { token: string };

export const makeToken = (name: string, role: Role) => rest<NewToken>("POST", "/api/v1/tokens", { name, role });
export const deleteToken = (id: string) => rest<null>("DELETE", path.operatorToken(id));

interface Tokens {
  /** Newest first; null until they came. */
  tokens: readonly OperatorToken[] | null;
  problem: HubFault | null;
  read(): Promise<void>;
}

export function useOperatorTokens(): Tokens {
  const [tokens, setTokens] = useState<readonly OperatorToken[] | null>(null);
  const [problem, setProblem] = useState<HubFault | null>(null);
  const read = useCallback(async () => {
    try {
      const { items } = await rest<{ items: OperatorToken[] }>("GET", "/api/v1/tokens");
      setTokens(items.sort((one, other) => other.createdAt - one.createdAt));
      setProblem(null);
    } catch (thrown) {
      setProblem(faultOf(thrown));
    }
  }, []);
  useEffect(() => {
    void read();
    return hub.onOpen(() => void read());
  }, []);
  return { tokens, problem, read };
}
