using System;
using System.Buffers;
using System.Collections.Generic;
using System.Text;
using Sidecar.Core.Stats;
using Sidecar.Upstream.Clusters;
using Sidecar.Upstream.Hosts;
using Sidecar.Upstream.Stats;

namespace Sidecar.Server.Admin.Clusters;

/// <summary><c>/clusters</c> as text: <c>cluster::host::name::value</c> lines, a cluster a step. Thread: main.</summary>
internal static class ClustersTextBody
{
    public static SteppedBody Create(IReadOnlyList<ClusterView> clusters, StatStore stats) => new(output => Write(output, clusters, stats));

    private static IEnumerator<BodyStep> Write(IBufferWriter<byte> output, IReadOnlyList<ClusterView> clusters, StatStore stats)
    {
        var text = new StringBuilder();
        foreach (ClusterView cluster in clusters)
        {
            text.Clear();
            WriteCluster(text, cluster, stats);
            foreach (ReadOnlyMemory<char> chunk in text.GetChunks())
            {
                Encoding.UTF8.GetBytes(chunk.Span, output);
            }

            yield return default;
        }
    }

    private static void WriteCluster(StringBuilder text, ClusterView cluster, StatStore stats)
    {
        ClusterModel model = cluster.Model;
        string name = model.Name;
        text.Append($"{name}::observability_name::{model.ObservabilityName}\n");
        WriteThresholds(text, name, "default", model.CircuitBreakers.DefaultPriority);
        WriteThresholds(text, name, "high", model.CircuitBreakers.HighPriority);
        text.Append($"{name}::added_via_api::{Bool(model.AddedViaApi)}\n");
        if (model.EdsServiceName.Length > 0)
        {
            text.Append($"{name}::eds_service_name::{model.EdsServiceName}\n");
        }

        foreach (HostSet set in cluster.Hosts.HostSets)
        {
            foreach (WeightedHost weighted in set.Hosts.All)
            {
                WriteHost(text, $"{name}::{weighted.Host.AddressText}::", weighted.Host, stats);
            }
        }
    }

    private static void WriteThresholds(StringBuilder text, string cluster, string priority, CircuitBreakerThresholds thresholds)
    {
        string prefix = $"{cluster}::{priority}_priority::";
        text.Append($"{prefix}max_connections::{thresholds.MaxConnections}\n");
        text.Append($"{prefix}max_pending_requests::{thresholds.MaxPendingRequests}\n");
        text.Append($"{prefix}max_requests::{thresholds.MaxRequests}\n");
        text.Append($"{prefix}max_retries::{ClustersJsonBody.MaxRetries(thresholds)}\n");
    }

    private static void WriteHost(StringBuilder text, string prefix, Host host, StatStore stats)
    {
        IReadOnlyList<StatDefinition> definitions = HostStats.Host.Definitions;
        for (int i = 0; i < definitions.Count; i++)
        {
            text.Append($"{prefix}{definitions[i].Name}::{stats.Sum(host.Stats, i)}\n");
        }

        text.Append($"{prefix}hostname::{host.Hostname}\n");
        text.Append($"{prefix}health_flags::{HostHealthText.Describe(host.HealthFlags)}\n");
        text.Append($"{prefix}weight::{host.Weight}\n");
        text.Append($"{prefix}region::{host.Locality.Region}\n");
        text.Append($"{prefix}zone::{host.Locality.Zone}\n");
        text.Append($"{prefix}sub_zone::{host.Locality.SubZone}\n");
        text.Append($"{prefix}canary::{Bool(host.Canary)}\n");
        text.Append($"{prefix}priority::{host.Priority}\n");
        // Without outlier detection there is no success rate.
        text.Append($"{prefix}success_rate::-1\n");
        text.Append($"{prefix}local_origin_success_rate::-1\n");
    }

    private static string Bool(bool value) => value ? "true" : "false";
}
