/**
 * Stands in for node-fetch in the bundle. The Kubernetes client only reads kubeconfigs for us, our requests go through
 * src/kube/client.ts; node-fetch itself would make newer versions of Node warn of the punycode module (DEP0040).
 */

export default function refuse(): never {
	throw new Error('node-fetch is not part of this program');
}

class Absent {
	constructor() {
		refuse();
	}
}

export {
	Absent as AbortError,
	Absent as FetchError,
	Absent as FormData,
	Absent as Headers,
	Absent as Request,
	Absent as Response,
};
