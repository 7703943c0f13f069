/** The number that says which message a `Message` carries. The numbers are those of the wire and never change. */
export const Type = {
  NETWORK_MESSAGE: 0,
  PROC_REGISTRATION: 1,
  PROC_INITIALIZE_SYSTEM: 2,
  PROC_DESTROY_SYSTEM: 3,
  APP_BROADCAST: 4,
  APP_VALUE: 5,
  APP_DECIDE: 6,
  APP_PROPOSE: 7,
  APP_READ: 8,
  APP_WRITE: 9,
  APP_READ_RETURN: 10,
  APP_WRITE_RETURN: 11,
  UC_DECIDE: 20,
  UC_PROPOSE: 21,
  EP_ABORT: 30,
  EP_ABORTED: 31,
  EP_DECIDE: 32,
  EP_INTERNAL_ACCEPT: 33,
  EP_INTERNAL_DECIDED: 34,
  EP_INTERNAL_READ: 35,
  EP_INTERNAL_STATE: 36,
  EP_INTERNAL_WRITE: 37,
  EP_PROPOSE: 38,
  EC_INTERNAL_NACK: 40,
  EC_INTERNAL_NEW_EPOCH: 41,
  EC_START_EPOCH: 42,
  BEB_BROADCAST: 50,
  BEB_DELIVER: 51,
  ELD_TIMEOUT: 60,
  ELD_TRUST: 61,
  NNAR_INTERNAL_ACK: 70,
  NNAR_INTERNAL_READ: 71,
  NNAR_INTERNAL_VALUE: 72,
  NNAR_INTERNAL_WRITE: 73,
  NNAR_READ: 74,
  NNAR_READ_RETURN: 75,
  NNAR_WRITE: 76,
  NNAR_WRITE_RETURN: 77,
  EPFD_INTERNAL_HEARTBEAT_REPLY: 80,
  EPFD_INTERNAL_HEARTBEAT_REQUEST: 81,
  EPFD_RESTORE: 82,
  EPFD_SUSPECT: 83,
  EPFD_TIMEOUT: 84,
  PL_DELIVER: 90,
  PL_SEND: 91,
} as const

/** One of the numbers in `Type`. */
export type Type = (typeof Type)[keyof typeof Type]

const names = new Map<number, string>(Object.entries(Type).map(([name, number]) => [number, name]))

/** The name of a type number for logs, such as `APP_WRITE`; `unknown type 99` for a number that is not in `Type`. */
export function typeName(type: number): string {
  return names.get(type) ?? `unknown type ${type}`
}
