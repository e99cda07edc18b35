/** A long text page by page, in the pager that the learner has. */

/** As git has it: what fits is printed, colours pass, and what was read stays on the screen. */
const lessOptions = 'FRX';

/** `PAGER` as a shell reads it; without any pager the text is printed in one go. */
export async function showInPager(text: string, env: NodeJS.ProcessEnv): Promise<void> {
	const { ProgramError, runAttached } = await import('../exec.ts');
	const [program = 'less', ...args] = (env.PAGER || 'less').split(' ').filter((word) => word !== '');
	try {
		await runAttached(program, args, { input: `${text}\n`, env: { LESS: env.LESS || lessOptions } });
	} catch (error) {
		if (!(error instanceof ProgramError)) throw error;
		process.stdout.write(`${text}\n`);
	}
}
