/** A registry of our own as a process that can be killed: its folder is the first argument; it sends its URL. */

import { startRegistry } from '../../../src/oci/server/index.ts';
import { learner } from '../../contracts/registry/cases.ts';

const [folder = ''] = process.argv.slice(2);
const registry = await startRegistry({ users: { credentials: [learner] }, storage: { folder } });
process.send?.(registry.url);
process.once('disconnect', () => process.exit());
