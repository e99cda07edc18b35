/** Causes that hold beside the one that leads. */

import type { Diagnosis } from '../model/verdict.ts';

/** Each is told once, and on one level: what holds beside another cause holds beside the first. */
export function addCauses(lead: Diagnosis, others: readonly Diagnosis[]): Diagnosis {
	const { also: _also, ...bare } = lead;
	const told = [lead.message];
	const also = [lead, ...others].flatMap(flatten).filter(({ message }) => {
		const isNew = !told.includes(message);
		told.push(message);
		return isNew;
	});
	return also.length > 0 ? { ...bare, also } : bare;
}

function flatten({ also = [], ...bare }: Diagnosis): Diagnosis[] {
	return [bare, ...also.flatMap(flatten)];
}
