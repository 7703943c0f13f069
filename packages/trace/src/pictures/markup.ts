/** Text for XML and HTML, in content and in attributes. */
export const escaped = (text: string): string =>
  text
    .replaceAll(/(?![\t\n])\p{Cc}|\p{Cs}|[\ufffe\uffff]/gu, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')

/** Colours for light and for dark surroundings. */
export const COLORS = `
  .picture { --ink: #1f2328; --faint: #6e7781; --paper: #ffffff; --bad: #cf222e; --good: #1a7f37; --message: #0969da; --fault: #9a6700 }
  @media (prefers-color-scheme: dark) {
    .picture { --ink: #e6edf3; --faint: #8b949e; --paper: #0d1117; --bad: #ff7b72; --good: #3fb950; --message: #58a6ff; --fault: #d29922 }
  }`
