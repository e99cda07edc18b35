// Prints, as JSON, how the messages of Kubernetes' API are laid out in protobuf: for each message its fields' numbers,
// names in JSON and types. Run by hand when the version of Kubernetes changes:
//
//	go run . > ../../api-schema/protobuf.json
package main

import (
	"encoding/json"
	"os"
	"reflect"
	"strings"

	apiextensions "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/client-go/kubernetes/scheme"
)

// Group versions that the embedded cluster serves, and metav1 for options.
var served = map[string]bool{
	"v1": true, "apps/v1": true, "authentication.k8s.io/v1": true, "authorization.k8s.io/v1": true,
	"autoscaling/v1": true, "autoscaling/v2": true, "batch/v1": true, "certificates.k8s.io/v1": true,
	"coordination.k8s.io/v1": true, "discovery.k8s.io/v1": true, "events.k8s.io/v1": true,
	"networking.k8s.io/v1": true, "node.k8s.io/v1": true, "policy/v1": true, "rbac.authorization.k8s.io/v1": true,
	"scheduling.k8s.io/v1": true, "storage.k8s.io/v1": true, "admissionregistration.k8s.io/v1": true,
	"apiextensions.k8s.io/v1": true,
}

// Messages whose JSON is something else than their fields.
var special = map[string]string{
	"meta.v1.Time": "time", "meta.v1.MicroTime": "microTime", "meta.v1.Duration": "duration",
	"meta.v1.FieldsV1": "raw", "runtime.RawExtension": "raw",
	"resource.Quantity": "quantity", "intstr.IntOrString": "intOrString",
	"apiextensions.v1.JSON": "raw", "apiextensions.v1.JSONSchemaPropsOrArray": "schemaOrSchemas",
	"apiextensions.v1.JSONSchemaPropsOrBool": "schemaOrBool",
	"apiextensions.v1.JSONSchemaPropsOrStringArray": "schemaOrTexts",
}

var messages = map[string]string{}

func nameOf(t reflect.Type) string {
	parts := strings.Split(t.PkgPath(), "/")
	last := parts[len(parts)-1]
	if strings.HasPrefix(last, "v") && len(parts) > 1 {
		last = parts[len(parts)-2] + "." + last
	}
	return last + "." + t.Name()
}

func typeOf(t reflect.Type) string {
	if t.Kind() == reflect.Pointer {
		return typeOf(t.Elem())
	}
	if known, ok := special[nameOf(t)]; ok {
		return known
	}
	switch t.Kind() {
	case reflect.String:
		return "string"
	case reflect.Bool:
		return "bool"
	case reflect.Int32, reflect.Int64, reflect.Uint32, reflect.Uint64, reflect.Uint8:
		return "int"
	case reflect.Float64:
		return "double"
	case reflect.Map:
		return "{}" + typeOf(t.Elem())
	case reflect.Slice:
		if t.Elem().Kind() == reflect.Uint8 {
			return "bytes"
		}
		// A named list is a message of its own around the list.
		if t.Name() != "" {
			return "list:" + typeOf(t.Elem())
		}
		return "[]" + typeOf(t.Elem())
	case reflect.Struct:
		walk(t)
		return "@" + nameOf(t)
	}
	panic(t.String())
}

func walk(t reflect.Type) {
	name := nameOf(t)
	if _, ok := messages[name]; ok {
		return
	}
	messages[name] = ""
	var fields []string
	for i := 0; i < t.NumField(); i++ {
		field := t.Field(i)
		proto := strings.Split(field.Tag.Get("protobuf"), ",")
		tag := strings.Split(field.Tag.Get("json"), ",")
		if len(proto) < 2 || tag[0] == "-" {
			continue
		}
		named := tag[0]
		if named == "" {
			named = "-"
		}
		isOmitted := strings.Contains(field.Tag.Get("json"), "omitempty") && field.Type.Kind() != reflect.Pointer
		if isOmitted {
			named += "?"
		}
		fields = append(fields, proto[1]+" "+named+" "+typeOf(field.Type))
	}
	messages[name] = strings.Join(fields, ",")
}

func main() {
	if err := apiextensions.AddToScheme(scheme.Scheme); err != nil {
		panic(err)
	}
	kinds := map[string]string{}
	for gvk, t := range scheme.Scheme.AllKnownTypes() {
		version := gvk.GroupVersion().String()
		isOptions := strings.HasPrefix(nameOf(t), "meta.v1.") && gvk.Kind != "DeleteOptions"
		if !served[version] || strings.HasSuffix(gvk.Kind, "List") || isOptions {
			continue
		}
		walk(t)
		kinds[version+" "+gvk.Kind] = nameOf(t)
	}
	out := json.NewEncoder(os.Stdout)
	out.SetEscapeHTML(false)
	out.SetIndent("", "\t")
	if err := out.Encode(map[string]any{"kinds": kinds, "messages": messages}); err != nil {
		panic(err)
	}
}
