/** How much is tried by tests that try a great deal: all of it, but where each is run hundreds of times. */

/** Of how many things one is tried. */
export const stride = Number(process.env['TEST_STRIDE'] ?? 1);

export function isTried(index: number): boolean {
	return index % stride === 0;
}
