using System.Collections.Generic;

namespace Sidecar.Upstream.Grpc;

/// <summary>
/// Where a gRPC service is reached (<c>envoy.config.core.v3.GrpcService</c> with <c>envoy_grpc</c>).
/// Immutable; thread: any.
/// </summary>
public sealed record GrpcServiceModel
{
    /// <summary>Messages from control planes: istiod sends thousands of clusters as one.</summary>
    public const int DefaultMaxMessageBytes = 100 * 1024 * 1024;

    public required string ClusterName { get; init; }

    /// <summary><c>authority</c>; empty for the cluster's name.</summary>
    public string Authority { get; init; } = string.Empty;

    /// <summary><c>initial_metadata</c>: names in lower case, with their values.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> InitialMetadata { get; init; } = [];

    /// <summary><c>timeout</c> of unary calls; 0 for none.</summary>
    public long TimeoutMs { get; init; }

    /// <summary>The longest message taken.</summary>
    public int MaxMessageBytes { get; init; } = DefaultMaxMessageBytes;

    /// <summary>The most that may wait unsent on one stream; beyond it the stream is given up.</summary>
    public long MaxBufferedBytes { get; init; } = 64 * 1024 * 1024;
}
