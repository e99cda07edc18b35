/** What is said where kubectl is missing. */

import type { Problem } from '../model/error.ts';

export const kubectlAbsent: Problem = {
	code: 'kubectl-absent',
	message: 'The program kubectl is not installed.',
	remedy: 'Install it, you will need it for the lab: https://kubernetes.io/docs/tasks/tools/',
};
