using System;
using System.Collections.Generic;
using System.Text;

namespace Sidecar.Core.Stats;

/// <summary>All stats of one kind that share a name once their tags are cut out. Thread: main.</summary>
public sealed class StatFamily
{
    private readonly byte[] _prometheusName;

    internal StatFamily(string name, StatKind kind)
    {
        Name = name;
        Kind = kind;
        var text = new StringBuilder("envoy_");
        StatLabels.AppendSanitized(text, name);
        _prometheusName = Encoding.ASCII.GetBytes(text.ToString());
    }

    /// <summary>The name without tags, e.g. <c>cluster.upstream_rq_total</c>.</summary>
    public string Name { get; }

    public StatKind Kind { get; }

    /// <summary>E.g. <c>envoy_cluster_upstream_rq_total</c>.</summary>
    public ReadOnlySpan<byte> PrometheusName => _prometheusName;

    /// <summary>The visible stats, sorted by name, as of the last sorting.</summary>
    internal List<StatLine> Members { get; } = [];
}
