using System;
using System.Collections.Generic;
using System.Text.Json;

namespace Sidecar.Server.Admin.Lifecycle;

/// <summary><c>/runtime</c>: the value of every key in every layer, and the one that counts. Thread: main.</summary>
public sealed class RuntimeHandler(RuntimeSource runtime) : AdminHandler("/runtime", "print runtime values")
{
    public override void Handle(AdminRequest request, AdminResponse response)
    {
        SortedSet<string> keys = new(StringComparer.Ordinal);
        using Utf8JsonWriter json = response.StartJson();
        json.WriteStartObject();
        json.WriteStartArray("layers");
        foreach (RuntimeLayer layer in runtime.Layers)
        {
            json.WriteStringValue(layer.Name);
            keys.UnionWith(layer.Values.Keys);
        }

        json.WriteEndArray();
        json.WriteStartObject("entries");
        foreach (string key in keys)
        {
            WriteEntry(json, key);
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private void WriteEntry(Utf8JsonWriter json, string key)
    {
        string final = string.Empty;
        json.WriteStartObject(key);
        json.WriteStartArray("layer_values");
        foreach (RuntimeLayer layer in runtime.Layers)
        {
            string value = layer.Values.TryGetValue(key, out string? found) ? found : string.Empty;
            final = value.Length > 0 ? value : final;
            json.WriteStringValue(value);
        }

        json.WriteEndArray();
        json.WriteString("final_value", final);
        json.WriteEndObject();
    }
}

/// <summary><c>/runtime_modify</c>: sets values of the admin layer, from the query or a form. Thread: main.</summary>
public sealed class RuntimeModifyHandler(RuntimeSource runtime)
    : AdminHandler("/runtime_modify", "set runtime values as in ?key1=value1&key2=value2; an empty value takes back what was set here")
{
    public override bool MutatesState => true;

    public override void Handle(AdminRequest request, AdminResponse response)
    {
        IReadOnlyList<KeyValuePair<string, string>> values = request.Query.Parameters;
        if (values.Count == 0)
        {
            response.Fail(400, "usage: /runtime_modify?key1=value1&key2=value2&keyN=valueN\n       or the same as a form in the body\n");
        }
        else if (runtime.Modify(values) is { } error)
        {
            response.Fail(503, error);
        }
        else
        {
            response.Write("OK\n");
        }
    }
}
