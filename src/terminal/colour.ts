/** Whether colour may be written, and the few colours that carry meaning. */

import picocolors from 'picocolors';

export type Palette = Pick<
	ReturnType<typeof picocolors.createColors>,
	'bold' | 'cyan' | 'dim' | 'green' | 'red' | 'yellow'
>;

export interface ColourQuestion {
	stream: { isTTY?: boolean };
	env: NodeJS.ProcessEnv;
	/** By `--no-color`. */
	isRefused: boolean;
}

/** As https://no-color.org and https://force-color.org have it: any value but the empty one counts. */
export function hasColour({ stream, env, isRefused }: ColourQuestion): boolean {
	if (isRefused || env.NO_COLOR) return false;
	if (env.FORCE_COLOR) return env.FORCE_COLOR !== '0';
	return stream.isTTY === true && env.TERM !== 'dumb';
}

export function createPalette(isColoured: boolean): Palette {
	return picocolors.createColors(isColoured);
}
