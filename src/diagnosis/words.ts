/** What Kubernetes itself says, verbatim. */

import type { ContainerFacts } from '../model/evidence.ts';

/** The node's words for a container that waits; empty where it does not. */
export function quoteWaiting({ waiting }: ContainerFacts): string {
	if (waiting === null) return '';
	return waiting.message === '' || waiting.message === waiting.reason
		? waiting.reason
		: `${waiting.reason}: ${waiting.message}`;
}
