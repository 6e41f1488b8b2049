using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Sidecar.Config.Schema;
using Sidecar.Config.Tests.Schema;
using Sidecar.Config.Tree;

namespace Sidecar.Config.Tests.Corpus;

/// <summary>
/// Every bootstrap and resource of the corpus goes from JSON to the wire, through the rules, back to JSON and to the wire again.
/// </summary>
public sealed class CorpusTests
{
    private static readonly Dictionary<string, string> s_types = new()
    {
        ["bootstrap"] = "envoy.config.bootstrap.v3.Bootstrap",
        ["listeners"] = "envoy.config.listener.v3.Listener",
        ["clusters"] = "envoy.config.cluster.v3.Cluster",
        ["routes"] = "envoy.config.route.v3.RouteConfiguration",
        ["endpoints"] = "envoy.config.endpoint.v3.ClusterLoadAssignment",
        ["secrets"] = "envoy.extensions.transport_sockets.tls.v3.Secret",
    };

    /// <summary>What may fail; the file gives the reasons.</summary>
    private static readonly HashSet<string> s_expected = [.. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Corpus", "expected-failures.txt"))];

    private static IEnumerable<(string Name, string Type, ConfigNode Node)> Resources()
    {
        foreach (string file in Directory.EnumerateFiles(CorpusFactAttribute.Directory!, "*.json", SearchOption.AllDirectories).Order())
        {
            ConfigErrors errors = new();
            ConfigNode document = JsonTreeReader.Read(File.ReadAllBytes(file), Path.GetFileName(file), errors)
                ?? throw new InvalidDataException(errors.ToString());
            foreach (ConfigEntry section in document.Entries)
            {
                if (s_types.TryGetValue(section.Key, out string? type))
                {
                    IEnumerable<ConfigNode> nodes = section.Value.Kind == ConfigNodeKind.Sequence ? section.Value.Items : [section.Value];
                    foreach (ConfigNode node in nodes)
                    {
                        yield return (Path.GetFileName(file), type, node);
                    }
                }
            }
        }
    }

    [CorpusFact]
    public void Resources_Encoded_AreKnownAndValidButForTheListedOnes()
    {
        SortedDictionary<string, int> failures = new(StringComparer.Ordinal);
        Dictionary<string, string> examples = [];
        int count = 0;
        foreach ((string name, string type, ConfigNode node) in Resources())
        {
            count++;
            ConfigErrors errors = new();
            byte[] wire = WireEncoder.Encode(SchemaTable.Api, Documents.Message(type), node, errors);
            ConstraintValidator.Check(SchemaTable.Api, Documents.Message(type), wire, errors);
            errors.RejectUnknownFields();
            foreach (ConfigError error in errors.Errors)
            {
                string key = $"{error.Message} ({error.Path.Split('.')[^1]})";
                if (!s_expected.Contains(key))
                {
                    failures[key] = failures.GetValueOrDefault(key) + 1;
                    examples.TryAdd(key, name);
                }
            }
        }

        Assert.True(count > 1000, $"only {count} resources");
        Assert.True(failures.Count == 0, string.Join('\n', failures.Select(f => $"{f.Value}x {f.Key} in {examples[f.Key]}")));
    }

    [CorpusFact]
    public void Resources_WrittenAsJsonAndEncodedAgain_AreTheSameBytes()
    {
        List<string> failures = [];
        foreach ((string name, string type, ConfigNode node) in Resources())
        {
            byte[] wire = WireEncoder.Encode(SchemaTable.Api, Documents.Message(type), node, new ConfigErrors());
            string json = Documents.ToJson(type, wire, redacts: false);
            ConfigErrors errors = new();
            ConfigNode again = JsonTreeReader.Read(System.Text.Encoding.UTF8.GetBytes(json), name, errors)!;
            byte[] second = WireEncoder.Encode(SchemaTable.Api, Documents.Message(type), again, errors);
            if (!errors.IsEmpty || !wire.AsSpan().SequenceEqual(second))
            {
                failures.Add($"{name} {type}: {errors}");
            }
        }

        Assert.True(failures.Count == 0, string.Join('\n', failures.Take(20)));
    }

    [CorpusFact]
    public void Resources_Parsed_AreTakenByTheGeneratedClasses()
    {
        foreach ((_, string type, ConfigNode node) in Resources())
        {
            byte[] wire = WireEncoder.Encode(SchemaTable.Api, Documents.Message(type), node, new ConfigErrors());
            int size = type.Split('.')[^1] switch
            {
                "Bootstrap" => TypedConfig.Parse<Envoy.Config.Bootstrap.V3.Bootstrap>(wire).CalculateSize(),
                "Listener" => TypedConfig.Parse<Envoy.Config.Listener.V3.Listener>(wire).CalculateSize(),
                "Cluster" => TypedConfig.Parse<Envoy.Config.Cluster.V3.Cluster>(wire).CalculateSize(),
                "RouteConfiguration" => TypedConfig.Parse<Envoy.Config.Route.V3.RouteConfiguration>(wire).CalculateSize(),
                "ClusterLoadAssignment" => TypedConfig.Parse<Envoy.Config.Endpoint.V3.ClusterLoadAssignment>(wire).CalculateSize(),
                _ => TypedConfig.Parse<Envoy.Extensions.TransportSockets.Tls.V3.Secret>(wire).CalculateSize(),
            };
            Assert.Equal(wire.Length, size);
        }
    }
}
