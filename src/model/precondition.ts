/** What a lab needs of a machine, and what was found of it. */

export interface Precondition {
	/** Stable kebab-case identity, for scripts. */
	id: string;
	title: string;
	/** What cannot be had without it. */
	neededFor: 'every lab' | 'kind';
	/** `poor`: it may do, or give trouble later. `unknown`: something else has to be mended before one can look. */
	state: 'fine' | 'poor' | 'missing' | 'unknown';
	found: string;
	/** Null: there is nothing to do. */
	remedy: string | null;
}
