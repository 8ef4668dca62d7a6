/** What stands between the underscores of a __wildcard__: how to choose, then a name in which * stands for any part. */
const name = String.raw`[~@!]?([\p{L}\p{M}\p{N}*](?:[\p{L}\p{M}\p{N}\p{Cf}*.'’&+!/ -]|_(?!_))*)(?<! )`

/** The source of a regular expression (flag u) for a wildcard in a prompt; its group is the name. */
export const wildcardPattern = `__${name}__`
