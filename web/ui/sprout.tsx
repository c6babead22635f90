/** The small line drawing of the first empty page: a sprout on its line, an email and a wait still dotted. */
export function Sprout() {
  return (
    <svg width="236" height="112" viewBox="0 0 236 112" fill="none" aria-hidden="true">
      <path d="M2 68h232" stroke="var(--p-line2)" strokeWidth="2" strokeLinecap="round" />
      <path
        d="M82 74a36 36 0 0 0 72 0"
        stroke="var(--p-leaf)"
        strokeWidth="2.5"
        strokeLinecap="round"
        strokeDasharray="1 7"
      />
      <path d="M118 90V30" stroke="var(--p-leaf)" strokeWidth="3" strokeLinecap="round" />
      <path d="M117 52c-22 0-35-11-36-31 21 1 35 11 36 31Z" fill="var(--p-leaf)" />
      <path d="M119 36c0-18 11-29 33-32 1 21-12 32-33 32Z" fill="var(--p-leaf)" opacity=".62" />
      <g stroke="var(--p-family-message)" strokeWidth="1.5" strokeDasharray="3 3">
        <rect x="28" y="22" width="32" height="22" rx="4" fill="var(--p-family-message-wash)" />
        <path d="M44 45v22" stroke="var(--p-edge)" />
      </g>
      <g stroke="var(--p-family-time)" strokeWidth="1.5" strokeDasharray="3 3">
        <circle cx="194" cy="25" r="13" fill="var(--p-family-time-wash)" />
        <path d="M194 39v28" stroke="var(--p-edge)" />
      </g>
    </svg>
  )
}
