/** The report as one JSON document. */

import type { Report } from '../model/report.ts';

export function reportAsJson(report: Report): string {
	return JSON.stringify(report, null, 2);
}
