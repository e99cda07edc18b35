// Records into api-schema/go-fields.json what an OpenAPI schema does not tell of the Go types behind it: the named
// types that errors of decoding speak of, the embedded structs in their paths, and what is written for an absent value.
//
// In a module that requires k8s.io/client-go, apiextensions-apiserver and kube-aggregator of the recorded version:
//
//	go run main.go > api-schema/go-fields.json
package main

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"

	apiextensions "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes/scheme"
	apiregistration "k8s.io/kube-aggregator/pkg/apis/apiregistration/v1"
)

type field struct {
	// Absent where the schema's type says it: string, int32, []v1.Container …
	Type string `json:"type,omitempty"`
	// Names of the embedded structs that hold it.
	Within string `json:"within,omitempty"`
	// What is written where there is no value; absent where nothing is.
	Zero json.RawMessage `json:"zero,omitempty"`
	// It is written though it be 0, false or empty, if it was given.
	IsPointer bool `json:"isPointer,omitempty"`
}

var (
	recorded = map[string]map[string]field{}
	seen     = map[reflect.Type]bool{}
	// Written by methods of their own.
	opaque = []string{"Time", "MicroTime", "Duration", "Quantity", "IntOrString", "RawExtension", "FieldsV1", "JSON",
		"JSONSchemaPropsOrArray", "JSONSchemaPropsOrBool", "JSONSchemaPropsOrStringArray"}
)

func main() {
	types := scheme.Scheme
	must(apiextensions.AddToScheme(types))
	must(apiregistration.AddToScheme(types))
	for kind, each := range types.AllKnownTypes() {
		if !strings.Contains(kind.Version, "alpha") && !strings.Contains(kind.Version, "beta") {
			walk(each)
		}
	}
	walk(reflect.TypeFor[meta.Status]())
	names := make([]string, 0, len(recorded))
	for name := range recorded {
		names = append(names, name)
	}
	slices.Sort(names)
	for i, name := range names {
		line, err := json.Marshal(recorded[name])
		must(err)
		fmt.Printf("%s%q:%s", map[bool]string{true: "{\n", false: ",\n"}[i == 0], name, line)
	}
	fmt.Println("\n}")
}

func walk(t reflect.Type) {
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Map:
		walk(t.Elem())
	case reflect.Struct:
		if !seen[t] && t.PkgPath() != "time" && !slices.Contains(opaque, t.Name()) {
			seen[t] = true
			record(schemaName(t), t, nil)
		}
	}
}

func record(owner string, t reflect.Type, within []string) {
	for i := range t.NumField() {
		f := t.Field(i)
		options := strings.Split(f.Tag.Get("json"), ",")
		if f.Anonymous && options[0] == "" {
			if f.Name != "TypeMeta" {
				record(owner, f.Type, append(slices.Clone(within), f.Name))
			}
			continue
		}
		if options[0] == "" || options[0] == "-" {
			continue
		}
		one := field{Within: strings.Join(within, ".")}
		if !isPlain(f.Type) {
			one.Type = strings.TrimPrefix(f.Type.String(), "*")
		}
		isDropped := slices.Contains(options, "omitempty") && f.Type.Kind() != reflect.Struct
		if !isDropped && !slices.Contains(options, "omitzero") {
			one.Zero = zero(f.Type)
		}
		one.IsPointer = f.Type.Kind() == reflect.Pointer && f.Type.Elem().Kind() != reflect.Struct
		if one.IsPointer || one.Type != "" || one.Within != "" || one.Zero != nil {
			if recorded[owner] == nil {
				recorded[owner] = map[string]field{}
			}
			recorded[owner][options[0]] = one
		}
		walk(f.Type)
	}
}

// A struct's own fields are recorded with it: its zero is an empty object here.
func zero(t reflect.Type) json.RawMessage {
	if t.Kind() == reflect.Struct && !slices.Contains(opaque, t.Name()) {
		return json.RawMessage("{}")
	}
	text, err := json.Marshal(reflect.Zero(t).Interface())
	must(err)
	return text
}

func isPlain(t reflect.Type) bool {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch t.Kind() {
	case reflect.Struct:
		return true
	case reflect.Slice:
		return t.PkgPath() == "" && (isPlainElement(t.Elem()) || t.Elem().Kind() == reflect.Uint8)
	case reflect.Map:
		return t.PkgPath() == "" && t.Key().PkgPath() == "" && (isPlainElement(t.Elem()) || t.Elem().String() == "[]uint8")
	}
	return isPlainElement(t)
}

func isPlainElement(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Struct:
		return true
	case reflect.String, reflect.Bool, reflect.Int32, reflect.Int64, reflect.Float64:
		return t.PkgPath() == ""
	}
	return false
}

// k8s.io/api/core/v1 Pod: io.k8s.api.core.v1.Pod
func schemaName(t reflect.Type) string {
	host, rest, _ := strings.Cut(t.PkgPath(), "/")
	parts := strings.Split(host, ".")
	slices.Reverse(parts)
	return strings.Join([]string{strings.Join(parts, "."), strings.ReplaceAll(rest, "/", "."), t.Name()}, ".")
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}
