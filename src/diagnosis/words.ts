/** What Kubernetes itself says, verbatim. */

import type { ContainerFacts, EndFacts } from '../model/evidence.ts';

/** The node's words for a container that waits; empty where it does not. */
export function quoteWaiting({ waiting }: ContainerFacts): string {
	if (waiting === null) return '';
	return waiting.message === '' || waiting.message === waiting.reason
		? waiting.reason
		: `${waiting.reason}: ${waiting.message}`;
}

/** What a container ended of. */
export function quoteEnd({ reason, message, exitCode }: EndFacts): string {
	const words = [reason, message].filter((text) => text !== '').join(': ');
	return words === '' ? `exit code ${exitCode}` : `${words}, exit code ${exitCode}`;
}

/** What was found, and below it Kubernetes' own words. */
export function joinWords(found: string | undefined, words: string): string {
	return [found ?? '', words].filter((text) => text !== '').join('\n');
}
