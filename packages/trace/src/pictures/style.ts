import { COLORS } from './markup'

/** How a space-time diagram looks. */
export const STYLE = `${COLORS}
  .picture { background: var(--paper); font: 12px ui-monospace, monospace }
  .picture text { fill: var(--ink) } .picture .note { fill: var(--faint) } .picture .title { font-weight: bold }
  .line { stroke: var(--faint); stroke-width: 1.5 } .line.paused { stroke: var(--fault); stroke-width: 4; stroke-dasharray: 2 4 } .event { fill: var(--ink) }
  .message { stroke: var(--message); stroke-width: 1.2; fill: none } #head path { fill: var(--message) }
  .message.lost { stroke-dasharray: 4 3 } .message.end { stroke-width: 2 } .message.head { fill: var(--paper) }
  .fault { stroke: var(--fault); stroke-width: 2.5; fill: none } .picture text.fault { fill: var(--fault); stroke: none }
  .band { fill: var(--fault); fill-opacity: 0.12; stroke: var(--fault); stroke-width: 1; stroke-dasharray: 5 3 } .spot { fill: transparent }
  .picture .small { font-size: 10px } .picture .said { fill: var(--message) }
  .picture .said, .picture .small, .picture .number, .picture .name { paint-order: stroke; stroke: var(--paper); stroke-width: 4px }
  .ring { fill: none; stroke-width: 2 } .ring:target { stroke-width: 5 } .picture a text { text-decoration: underline }
  .ring.bad { stroke: var(--bad) } .event.bad, .picture text.bad { fill: var(--bad); font-weight: bold }
  .ring.good { stroke: var(--good) } .event.good, .picture text.good { fill: var(--good); font-weight: bold }`
