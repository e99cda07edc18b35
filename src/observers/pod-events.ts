/** What was written down of a Pod. */

import type { Access } from './access.ts';
import type { Event, List } from './objects.ts';

/** Those of one reason; none where they may not or cannot be read, since they only help to explain. */
export async function listPodEvents(
	access: Access,
	{ namespace, uid }: { namespace: string; uid: string },
	reason: string,
): Promise<Event[]> {
	const selector = encodeURIComponent(`involvedObject.uid=${uid},reason=${reason}`);
	const path = `/api/v1/namespaces/${namespace}/events?fieldSelector=${selector}`;
	const events = await access.read<List<Event>>(path).catch(() => null);
	return events?.items ?? [];
}
