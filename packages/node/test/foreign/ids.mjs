// Abstraction ids: which instance an id names, and which id each kind of message must carry.

const VIA = '(\\.beb\\.pl|\\.pl)'
const PATTERNS = [
  ['epfd', new RegExp(`^app\\.uc\\[(.*)\\]\\.ec\\.eld\\.epfd${VIA}$`, 's')],
  ['ec', new RegExp(`^app\\.uc\\[(.*)\\]\\.ec${VIA}$`, 's')],
  ['ep', new RegExp(`^app\\.uc\\[(.*)\\]\\.ep\\[(\\d+)\\]${VIA}$`, 's')],
  ['nnar', new RegExp(`^app\\.nnar\\[(.*)\\]${VIA}$`, 's')],
  ['app', new RegExp(`^app()${VIA}$`)],
]

const ROUTES = {
  PROC_INITIALIZE_SYSTEM: 'app.pl',
  PROC_DESTROY_SYSTEM: 'app.pl',
  APP_BROADCAST: 'app.pl',
  APP_PROPOSE: 'app.pl',
  APP_READ: 'app.pl',
  APP_WRITE: 'app.pl',
  APP_VALUE: 'app.beb.pl',
  NNAR_INTERNAL_READ: 'nnar.beb.pl',
  NNAR_INTERNAL_WRITE: 'nnar.beb.pl',
  NNAR_INTERNAL_VALUE: 'nnar.pl',
  NNAR_INTERNAL_ACK: 'nnar.pl',
  EP_INTERNAL_READ: 'ep.beb.pl',
  EP_INTERNAL_WRITE: 'ep.beb.pl',
  EP_INTERNAL_DECIDED: 'ep.beb.pl',
  EP_INTERNAL_STATE: 'ep.pl',
  EP_INTERNAL_ACCEPT: 'ep.pl',
  EC_INTERNAL_NEW_EPOCH: 'ec.beb.pl',
  EC_INTERNAL_NACK: 'ec.pl',
  EPFD_INTERNAL_HEARTBEAT_REQUEST: 'epfd.pl',
  EPFD_INTERNAL_HEARTBEAT_REPLY: 'epfd.pl',
}

/** The parts of a perfect link's id: `{ kind, name, epoch, via, abstraction }`, or undefined for an id that names none. */
export const parseId = (id) => {
  for (const [kind, pattern] of PATTERNS) {
    const match = pattern.exec(id)
    if (!match) continue
    const via = match.at(-1)
    const abstraction = id.slice(0, -via.length)
    return { kind, name: match[1], epoch: kind === 'ep' ? Number(match[2]) : undefined, via, abstraction }
  }
  return undefined
}

/** What is wrong with the ids of a message that must go by the table, as text; undefined when nothing is. */
export const idFault = (outer, inner) => {
  const expected = ROUTES[inner.type]
  if (!expected) return `${inner.type} never travels to a process`
  const id = parseId(outer.ToAbstractionId)
  if (!id) return `an id that names no perfect link: outer To "${outer.ToAbstractionId}" of ${inner.type}`
  if (id.kind + id.via !== expected) return `${inner.type} on "${outer.ToAbstractionId}"; expected one like ${expected}`
  if (inner.ToAbstractionId !== id.abstraction) return `inner To "${inner.ToAbstractionId}" of ${inner.type}; expected "${id.abstraction}"`
  const between = id.kind !== 'app' || inner.type === 'APP_VALUE'
  if (between && inner.FromAbstractionId !== '' && inner.FromAbstractionId !== id.abstraction)
    return `inner From "${inner.FromAbstractionId}" of ${inner.type}; expected "${id.abstraction}"`
  return undefined
}

export const travelsToProcess = (type) => type in ROUTES
