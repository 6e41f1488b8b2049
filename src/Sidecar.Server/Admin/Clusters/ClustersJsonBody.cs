using System.Buffers;
using System.Collections.Generic;
using System.Globalization;
using System.Text.Json;
using Sidecar.Core.Stats;
using Sidecar.Upstream.Clusters;
using Sidecar.Upstream.Hosts;
using Sidecar.Upstream.Stats;

namespace Sidecar.Server.Admin.Clusters;

/// <summary><c>/clusters?format=json</c>: <c>envoy.admin.v3.Clusters</c>, a cluster a step. Thread: main.</summary>
internal static class ClustersJsonBody
{
    public static SteppedBody Create(IReadOnlyList<ClusterView> clusters, StatStore stats) => new(output => Write(output, clusters, stats));

    /// <summary>With a retry budget, what it grants when nothing is under way.</summary>
    public static uint MaxRetries(CircuitBreakerThresholds thresholds) =>
        thresholds.RetryBudget?.MinRetryConcurrency ?? thresholds.MaxRetries;

    private static IEnumerator<BodyStep> Write(IBufferWriter<byte> output, IReadOnlyList<ClusterView> clusters, StatStore stats)
    {
        using Utf8JsonWriter json = AdminResponse.CreateJson(output);
        json.WriteStartObject();
        json.WriteStartArray("cluster_statuses");
        foreach (ClusterView cluster in clusters)
        {
            WriteCluster(json, cluster, stats);
            json.Flush();
            yield return default;
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteCluster(Utf8JsonWriter json, ClusterView cluster, StatStore stats)
    {
        ClusterModel model = cluster.Model;
        json.WriteStartObject();
        json.WriteString("name", model.Name);
        if (model.AddedViaApi)
        {
            json.WriteBoolean("added_via_api", true);
        }

        if (cluster.Hosts.HostCount > 0)
        {
            json.WriteStartArray("host_statuses");
            foreach (HostSet set in cluster.Hosts.HostSets)
            {
                foreach (WeightedHost weighted in set.Hosts.All)
                {
                    WriteHost(json, weighted.Host, stats);
                }
            }

            json.WriteEndArray();
        }

        json.WriteStartObject("circuit_breakers");
        json.WriteStartArray("thresholds");
        WriteThresholds(json, null, model.CircuitBreakers.DefaultPriority);
        WriteThresholds(json, "HIGH", model.CircuitBreakers.HighPriority);
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteString("observability_name", model.ObservabilityName);
        WriteText(json, "eds_service_name", model.EdsServiceName);
        json.WriteEndObject();
    }

    private static void WriteThresholds(Utf8JsonWriter json, string? priority, CircuitBreakerThresholds thresholds)
    {
        json.WriteStartObject();
        WriteText(json, "priority", priority ?? string.Empty);
        json.WriteNumber("max_connections", thresholds.MaxConnections);
        json.WriteNumber("max_pending_requests", thresholds.MaxPendingRequests);
        json.WriteNumber("max_requests", thresholds.MaxRequests);
        json.WriteNumber("max_retries", MaxRetries(thresholds));
        json.WriteEndObject();
    }

    private static void WriteHost(Utf8JsonWriter json, Host host, StatStore stats)
    {
        json.WriteStartObject();
        json.WritePropertyName("address");
        AddressJson.Write(json, host.Address);
        WriteStats(json, host, stats);
        json.WriteStartObject("health_status");
        foreach (string field in HostHealthText.JsonFields(host.HealthFlags))
        {
            json.WriteBoolean(field, true);
        }

        json.WriteString("eds_health_status", HostHealthText.EdsHealth(host.HealthFlags));
        json.WriteEndObject();
        json.WriteNumber("weight", host.Weight);
        WriteText(json, "hostname", host.Hostname);
        if (host.Priority != 0)
        {
            json.WriteNumber("priority", host.Priority);
        }

        json.WriteStartObject("locality");
        WriteText(json, "region", host.Locality.Region);
        WriteText(json, "zone", host.Locality.Zone);
        WriteText(json, "sub_zone", host.Locality.SubZone);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>Counters, then gauges, as Envoy has them.</summary>
    private static void WriteStats(Utf8JsonWriter json, Host host, StatStore stats)
    {
        json.WriteStartArray("stats");
        foreach (StatKind kind in (System.ReadOnlySpan<StatKind>)[StatKind.Counter, StatKind.Gauge])
        {
            IReadOnlyList<StatDefinition> definitions = HostStats.Host.Definitions;
            for (int i = 0; i < definitions.Count; i++)
            {
                if (definitions[i].Kind == kind)
                {
                    long value = stats.Sum(host.Stats, i);
                    json.WriteStartObject();
                    WriteText(json, "type", kind == StatKind.Gauge ? "GAUGE" : string.Empty);
                    WriteText(json, "value", value == 0 ? string.Empty : value.ToString(CultureInfo.InvariantCulture));
                    json.WriteString("name", definitions[i].Name);
                    json.WriteEndObject();
                }
            }
        }

        json.WriteEndArray();
    }

    /// <summary>Proto3's JSON leaves empty texts out.</summary>
    private static void WriteText(Utf8JsonWriter json, string name, string text)
    {
        if (text.Length > 0)
        {
            json.WriteString(name, text);
        }
    }
}
