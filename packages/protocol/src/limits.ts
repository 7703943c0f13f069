/** The longest encoded message that is accepted, in bytes. */
export const MAX_MESSAGE_BYTES = 1024 * 1024

/** The longest string (IDs, names, hosts) that is accepted or sent, in bytes of UTF-8. */
export const MAX_STRING_BYTES = 64 * 1024

/** How many processes PROC_INITIALIZE_SYSTEM may list. */
export const MAX_PROCESSES = 1024

/** How many fields, unknown ones and those of inner messages included, one encoded message may have. */
export const MAX_FIELDS = 16 * 1024

/** How many messages may be nested: what travels is 2 (wrapper, message); one more for events that carry a message. */
export const MAX_MESSAGE_DEPTH = 3
