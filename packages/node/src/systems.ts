import type { Unwrapped } from '@upon/protocol'
import type { HandlerError } from '@upon/runtime'
import type { LimitedLog } from '@upon/transport'
import type { HubLink } from './hub-link'
import { LIMIT_SYSTEMS, NameBudget } from './limits'
import type { LimitedLevel, Log } from './log'
import { addressKey, type Identity, Members, MembershipError } from './members'
import type { NodeOptions } from './node-options'
import type { OurKind } from './our-kind'
import type { Recordings } from './recording/recordings'
import type { RefusalLog } from './refusals'
import { System } from './system'
import type { Wires } from './system-links'

export interface SystemsContext {
  readonly options: Pick<NodeOptions, 'observe' | 'delayMs'>
  readonly identity: Identity
  readonly log: Log
  readonly limited: LimitedLog<LimitedLevel>
  readonly refusals: RefusalLog
  readonly recordings: Recordings
  readonly hub: HubLink
  readonly ourKind: OurKind
  readonly wires: Wires
  /** Another hub is there. */
  onHubReplaced(): void
}

/** The systems that a process takes part in: each from its start to its end. */
export class Systems {
  readonly all = new Map<string, System>()
  /** Systems that an earlier start of the hub may have started. */
  readonly #uncertain = new Set<string>()
  readonly #budgets = { registers: new NameBudget('register'), topics: new NameBudget('topic') }

  constructor(private readonly context: SystemsContext) {}

  get(systemId: string): System | undefined {
    return this.all.get(systemId)
  }

  memberships(): Members[] {
    return [...this.all.values()].map(({ members }) => members)
  }

  /** The hub asks for a new system. Returns it, or `undefined` if the request is refused. */
  initialize(systemId: string, message: Unwrapped): System | undefined {
    const { refusals, identity } = this.context
    if (this.#uncertain.has(systemId)) this.endAll(this.#uncertain)
    if (this.all.has(systemId)) {
      refusals.refuse('badMembership', 'the system has started already: its second list of processes is dropped', { systemId })
      return undefined
    }
    if (this.all.size >= LIMIT_SYSTEMS) {
      const why = `we take part in ${LIMIT_SYSTEMS} systems already`
      refusals.refuse('overLimit', why, { systemId })
      return this.#refuse(systemId, message, why)
    }
    try {
      return this.#start(systemId, new Members(message.inner.procInitializeSystem?.processes ?? [], identity))
    } catch (error) {
      if (!(error instanceof MembershipError)) throw error
      refusals.refuse('badMembership', `the system cannot start: ${error.message}`, { systemId })
      return this.#refuse(systemId, message, error.message)
    }
  }

  end(systemId: string): void {
    const system = this.all.get(systemId)
    if (system === undefined) return
    system.stop()
    this.#forget(systemId)
    this.context.limited.line('info', { kind: 'systems destroyed' }, 'system destroyed', { systemId })
    this.context.ourKind.end(system.members, () => this.memberships())
  }

  /** The hub may be another one now: if it starts a system of a name that is known, the systems of now are over. */
  doubt(): void {
    for (const systemId of this.all.keys()) this.#uncertain.add(systemId)
  }

  /** Another hub is there, which will never end the systems of the one before. */
  endAll(systems: Iterable<string> = this.all.keys()): void {
    const { log, hub } = this.context
    log.info({ hub: addressKey(hub.address) }, 'another hub is there: the systems of the one before end')
    for (const systemId of [...systems]) this.end(systemId)
    this.context.onHubReplaced()
  }

  /** This process stops. */
  stop(): void {
    for (const system of this.all.values()) system.stop()
    this.all.clear()
  }

  #start(systemId: string, members: Members): System {
    const { options, refusals, recordings, hub, ourKind, wires, log, limited } = this.context
    const { observe } = options
    ourKind.begin(members, this.memberships())
    const system = new System({
      id: systemId,
      members,
      wires,
      reports: hub.reports(systemId),
      log,
      budgets: this.#budgets,
      refuse: (message, details) => refusals.refuse('meaningless', message, { systemId, ...details }),
      delayMs: options.delayMs ?? 100,
      observe: observe && ((observation) => observe(systemId, observation)),
      recorder: recordings.begin(systemId, members),
      onCrash: (error) => this.#crashed(systemId, error),
    })
    this.all.set(systemId, system)
    limited.line('info', { kind: 'systems started' }, 'system started', {
      systemId,
      processes: members.all.map(({ id, rank }) => `${id} (rank ${rank})`),
      self: members.self.id,
    })
    return system
  }

  #refuse(systemId: string, message: Unwrapped, why: string): undefined {
    if (message.upon > 0) this.context.hub.refuse(systemId, message.inner, why)
  }

  #crashed(systemId: string, error: HandlerError): void {
    this.context.refusals.counts.crashes++
    this.#forget(systemId)
    const { path, event, state, cause } = error
    const why = `a handler threw, and the system has ended here: ${error.message}`
    this.context.limited.line('error', { kind: 'systems crashed' }, why, { systemId, path, event, state, error: cause })
  }

  #forget(systemId: string): void {
    this.all.delete(systemId)
    this.#uncertain.delete(systemId)
  }
}
