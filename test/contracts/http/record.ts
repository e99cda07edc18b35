/** Asks a real cluster for the golden transcripts, twice: `npx tsx test/contracts/http/record.ts KUBECONFIG [SCRIPT…]`. */

import { connect } from './connect.ts';
import { findDifference, playScript, renderTranscript } from './play.ts';
import { loadScripts, readGolden, writeGolden } from './shelf.ts';

const [kubeconfig = '', ...prefixes] = process.argv.slice(2);
const target = connect(kubeconfig);
await Promise.all(
	loadScripts(prefixes).map(async (script) => {
		const transcript = renderTranscript(await playScript(script, target));
		const before = await readGolden(script.name);
		await writeGolden(script.name, transcript);
		const difference = await findDifference(script, target, 'real');
		if (difference === null) {
			console.log(`${before === null ? '+' : before === transcript ? '=' : '~'} ${script.name}`);
		} else {
			process.exitCode = 1;
			console.log(`✘ ${script.name} came out otherwise the second time:\n${difference}`);
		}
	}),
);
target.close();
