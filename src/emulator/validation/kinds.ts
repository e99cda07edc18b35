/** The shelf of kinds: the rules of each, by the name of its type. */

import type { KubeObject } from '../object.ts';
import type { TypeName } from '../resource-type.ts';
import type { Findings } from './field-error.ts';
import { checkDnsLabel, checkDnsSubdomain } from './formats.ts';
import { validateNamespace, validateNamespaceStatus } from './namespace.ts';
import type { KindRules } from './rules.ts';
import { validateConfigMap, validateConfigMapUpdate, validateSecret, validateSecretUpdate } from './secret.ts';

const core = { isNamespaced: true, isCore: true, name: checkDnsSubdomain };

export const kinds: Readonly<Record<TypeName, KindRules>> = {
	namespaces: {
		...core,
		kind: 'Namespace',
		isNamespaced: false,
		name: checkDnsLabel,
		create: typed(validateNamespace),
		updatesFreely: true,
		status: typed(validateNamespaceStatus),
	},
	secrets: { ...core, kind: 'Secret', create: typed(validateSecret), update: typed(validateSecretUpdate) },
	configmaps: { ...core, kind: 'ConfigMap', create: typed(validateConfigMap), update: typed(validateConfigMapUpdate) },
	serviceaccounts: { ...core, kind: 'ServiceAccount' },
	pods: { ...core, kind: 'Pod' },
};

/** Objects come decoded by the schema of their kind: what a validator declares of their shape, decoding has kept. */
function typed<T extends KubeObject>(validate: (object: T, old: T) => Findings) {
	return (object: KubeObject, old: KubeObject = object): Findings => validate(object as T, old as T);
}
