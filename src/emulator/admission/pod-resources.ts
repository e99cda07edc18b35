/** What a Pod asks for as a whole (kubernetes component-helpers, resource/helpers.go). */

import type { Container, PodSpec, Quantities } from '../pod.ts';
import { addQuantities, compareQuantities } from '../validation/quantity.ts';

export function sumRequests(spec: PodSpec): Quantities {
	return { ...sum(spec, ({ resources }) => resources?.requests ?? {}), ...spec.resources?.requests };
}

export function sumLimits(spec: PodSpec): Quantities {
	return { ...sum(spec, ({ resources }) => resources?.limits ?? {}), ...spec.resources?.limits };
}

/** Containers and sidecars run together; an init container runs alone, beside the sidecars that started before it. */
function sum(spec: PodSpec, take: (container: Container) => Quantities): Quantities {
	let running: Quantities = {};
	let most: Quantities = {};
	for (const container of spec.initContainers ?? []) {
		const needed = add(running, take(container));
		if (container.restartPolicy === 'Always') running = needed;
		most = takeGreater(most, needed);
	}
	const together = spec.containers.map(take).reduce(add, running);
	return takeGreater(together, most);
}

export function add(left: Quantities, right: Quantities): Quantities {
	const added = { ...left };
	for (const [name, value] of Object.entries(right)) {
		const known = left[name];
		added[name] = known === undefined ? value : addQuantities([known, value]);
	}
	return added;
}

function takeGreater(left: Quantities, right: Quantities): Quantities {
	const greater = { ...left };
	for (const [name, value] of Object.entries(right)) {
		const known = left[name];
		if (known === undefined || compareQuantities(value, known) > 0) greater[name] = value;
	}
	return greater;
}
