/** The objects of one type, in etcd's order: by namespace and name, as bytes of `namespace/name`. */

import type { KubeObject } from '../object.ts';

export class Shelf {
	readonly #objects = new Map<string, KubeObject>();
	readonly #order: string[] = [];

	get size(): number {
		return this.#order.length;
	}

	get(namespace: string, name: string): KubeObject | null {
		return this.#objects.get(`${namespace}/${name}`) ?? null;
	}

	list(namespace: string | null): KubeObject[] {
		const keys = namespace === null ? this.#order : this.#keysOf(namespace);
		return keys.map((key) => this.#objects.get(key) as KubeObject);
	}

	put(namespace: string, name: string, object: KubeObject): void {
		const key = `${namespace}/${name}`;
		if (!this.#objects.has(key)) this.#order.splice(this.#findPlace(key), 0, key);
		this.#objects.set(key, object);
	}

	remove(namespace: string, name: string): void {
		const key = `${namespace}/${name}`;
		if (this.#objects.delete(key)) this.#order.splice(this.#findPlace(key), 1);
	}

	#keysOf(namespace: string): string[] {
		// '0' follows '/'.
		return this.#order.slice(this.#findPlace(`${namespace}/`), this.#findPlace(`${namespace}0`));
	}

	#findPlace(key: string): number {
		let low = 0;
		let high = this.#order.length;
		while (low < high) {
			const middle = (low + high) >>> 1;
			if ((this.#order[middle] as string) < key) low = middle + 1;
			else high = middle;
		}
		return low;
	}
}
