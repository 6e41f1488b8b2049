using Sidecar.Http.Codec;
using Sidecar.Network.Addresses;

namespace Sidecar.Proxy.Streams;

/// <summary>
/// What is known of the upstream side of an exchange: the last attempt's host and connection. Part of <see cref="StreamInfo"/>, filled
/// by the router, reset with it. Thread: the worker.
/// </summary>
public sealed class UpstreamInfo
{
    /// <summary>The chosen host; null when no host was chosen.</summary>
    public Address? HostAddress { get; set; }

    /// <summary>The host's name in the cluster's configuration (a DNS name, or the address); empty when there is none.</summary>
    public string HostName { get; set; } = string.Empty;

    /// <summary>The cluster's name as the control plane gave it.</summary>
    public string ClusterName { get; set; } = string.Empty;

    /// <summary>The cluster's <c>alt_stat_name</c>; empty when it has none.</summary>
    public string ClusterObservabilityName { get; set; } = string.Empty;

    /// <summary>Our end of the upstream connection.</summary>
    public Address? LocalAddress { get; set; }

    /// <summary>The far end of the upstream connection; usually the host's address.</summary>
    public Address? RemoteAddress { get; set; }

    public bool HasConnection { get; set; }

    public ulong ConnectionId { get; set; }

    public HttpProtocol Protocol { get; set; }

    /// <summary>Why the transport failed (connect error, TLS alert); empty when it did not.</summary>
    public string TransportFailureReason { get; set; } = string.Empty;

    /// <summary>Streams that the connection has carried, this one included.</summary>
    public long ConnectionStreamCount { get; set; }

    /// <summary>The host's <c>metadata</c>; null when it has none.</summary>
    public MetadataModel? HostMetadata { get; set; }

    /// <summary>The cluster's <c>metadata</c>; null when it has none.</summary>
    public MetadataModel? ClusterMetadata { get; set; }

    public BytesMeter Bytes;

    /// <summary>Forgets the attempt; the bytes go on counting over retries until <see cref="Reset"/>.</summary>
    public void ResetAttempt()
    {
        HostAddress = null;
        HostName = string.Empty;
        LocalAddress = null;
        RemoteAddress = null;
        HasConnection = false;
        ConnectionId = 0;
        Protocol = HttpProtocol.None;
        ConnectionStreamCount = 0;
        HostMetadata = null;
    }

    internal void Reset()
    {
        ResetAttempt();
        ClusterName = string.Empty;
        ClusterObservabilityName = string.Empty;
        ClusterMetadata = null;
        TransportFailureReason = string.Empty;
        Bytes = default;
    }
}
