/** The members that are always there, and those that may be undefined as members that may be left out. */
type Defined<Values extends object> = {
  [Name in keyof Values as undefined extends Values[Name] ? never : Name]: Values[Name];
} & { [Name in keyof Values as undefined extends Values[Name] ? Name : never]?: Exclude<Values[Name], undefined> };

/**
 * An object without its members that are undefined: a member that may be left out may not be undefined (`exactOptionalPropertyTypes`), and
 * JSON and `Object.keys` tell the two apart.
 */
export function defined<Values extends object>(
  values: Values,
): { [Name in keyof Defined<Values>]: Defined<Values>[Name] } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Defined<Values>;
}
