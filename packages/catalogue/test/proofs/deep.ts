/** Whether there is time for everything: in CI and by `npm run check`. Else what is enough to find most mistakes quickly. */
export const isDeep = process.env.UPON_DEEP === '1'

/** The first seed of all that is tried: in CI another one for each commit, as `upon-sim --seed commit` draws it. */
export const FIRST_SEED = process.env.UPON_SEED === undefined ? 1 : Number(process.env.UPON_SEED)
