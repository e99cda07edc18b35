/** The shelf of report formats. */

import type { Report } from '../model/report.ts';
import { reportAsJson } from './json.ts';
import { reportAsText } from './text.ts';

export interface ReporterOptions {
	/** Columns to fill. */
	width: number;
	isColoured: boolean;
	/** The environment that a proposed command is to name; undefined: the only one there is. */
	name?: string | undefined;
}

export type Reporter = (report: Report, options: ReporterOptions) => string;

export const reporters = { text: reportAsText, json: reportAsJson } satisfies Record<string, Reporter>;

export type ReportFormat = keyof typeof reporters;
