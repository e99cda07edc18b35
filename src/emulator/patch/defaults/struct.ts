/** What hand-written defaulting works with: structs as loose objects that it may change. */

// biome-ignore lint/suspicious/noExplicitAny: its shape was checked by decoding against the schema
export type Struct = Record<string, any>;

export type Defaulting = (struct: Struct) => void;

/** Sets the fields that are absent. */
export function setAbsent(struct: Struct, values: Struct): void {
	for (const [name, value] of Object.entries(values)) struct[name] ??= value;
}
