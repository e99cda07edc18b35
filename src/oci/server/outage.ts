/** Faults on demand, so that a lab can show what a registry's bad day looks like. */

import { refuse } from './refusal.ts';
import type { Route } from './route.ts';

/** `busy`: 429. `broken`: 500. `denied`: 403 to whoever has a password. `stopped`: no answer at all. */
export type Outage = 'busy' | 'broken' | 'denied' | 'stopped';

/** Before anybody is asked for a password. Throws Refusal. */
export function refuseAtTheDoor(outage: Outage | null): void {
	if (outage === 'busy') throw refuse('TOOMANYREQUESTS');
	if (outage === 'broken') throw refuse('UNKNOWN');
}

/** Once the password was right. Throws Refusal. */
export function refuseInside(outage: Outage | null, route: Route): void {
	if (outage === 'denied' && 'repository' in route) throw refuse('DENIED');
}
