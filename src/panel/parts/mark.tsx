/** The semaphore: its arm is raised while all is well, and stands level at danger. */
export const Mark = ({ isClear, size = 24 }: { isClear: boolean; size?: number }) => (
  <svg className="mark shrink-0" width={size} height={size} viewBox="0 0 24 24" aria-hidden="true" data-clear={isClear}>
    <path d="M7 2.5v19M4 21.5h6" stroke="currentColor" strokeWidth="2" strokeLinecap="round" fill="none" />
    <g className="arm">
      <path d="M7 9h14" strokeWidth="4.5" stroke={isClear ? "var(--online)" : "var(--fail)"} fill="none" />
      <circle cx="7" cy="9" r="2.5" fill="currentColor" />
    </g>
  </svg>
);
