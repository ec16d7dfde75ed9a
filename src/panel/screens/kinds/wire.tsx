/** Example frames, as they are sent. */
export const Wire = ({ frames }: { frames: readonly object[] }) =>
  frames.length === 0
    ? null
    : <pre className="code-block" tabIndex={0}>{frames.map((frame) => JSON.stringify(frame)).join("\n")}</pre>;
