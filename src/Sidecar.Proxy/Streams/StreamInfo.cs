using Sidecar.Core.Errors;
using Sidecar.Core.Time;
using Sidecar.Http.Codec;
using Sidecar.Http.Headers;
using Sidecar.Network.Addresses;
using Sidecar.Network.Connections;
using Sidecar.Proxy.Routing;

namespace Sidecar.Proxy.Streams;

/// <summary>
/// What is known of one exchange while it goes on, for access logs, header formats, filters and statistics. Part of a pooled stream:
/// <see cref="Begin"/> starts it, <see cref="Reset"/> readies it for the next. Steady state allocates nothing. Thread: the worker.
/// </summary>
public sealed class StreamInfo
{
    /// <summary>The downstream connection; set from <see cref="Begin"/> until <see cref="Reset"/>.</summary>
    public ConnectionInfo? Connection { get; private set; }

    /// <summary>Monotonic nanoseconds.</summary>
    public long StartNs { get; private set; }

    /// <summary>Nanoseconds since the Unix epoch.</summary>
    public long StartUnixNs { get; private set; }

    public StreamTimes Times;

    public BytesMeter DownstreamBytes;

    /// <summary>The version spoken with the client.</summary>
    public HttpProtocol Protocol { get; set; }

    /// <summary>Bytes of the request's body.</summary>
    public long BytesReceived { get; set; }

    /// <summary>Bytes of the response's body.</summary>
    public long BytesSent { get; set; }

    /// <summary>Bytes of names and values of the request's head.</summary>
    public long RequestHeaderBytes { get; set; }

    public long ResponseHeaderBytes { get; set; }

    public long ResponseTrailerBytes { get; set; }

    /// <summary>Status sent to the client; 0 when none was.</summary>
    public int ResponseCode { get; set; }

    /// <summary>Envoy's details; empty when unknown.</summary>
    public string ResponseCodeDetails { get; set; } = string.Empty;

    public ResponseFlags ResponseFlags { get; set; }

    /// <summary>Why the downstream connection was ended (RBAC, TLS); empty when it was not.</summary>
    public string ConnectionTerminationDetails { get; set; } = string.Empty;

    /// <summary>Attempts made upstream; 0 when the request never got that far.</summary>
    public int AttemptCount { get; set; }

    /// <summary>The client as trusted forwarding headers tell it; falls back on the connection's peer.</summary>
    public Address? DownstreamRemoteAddress
    {
        get => field ?? Connection?.RemoteAddress;
        set;
    }

    /// <summary>The route in force; null when none matched or none was looked up.</summary>
    public RouteEntry? Route { get; set; }

    /// <summary>The route's name; empty when it has none.</summary>
    public string RouteName => Route?.Name ?? string.Empty;

    /// <summary>The virtual host's name; empty when none matched.</summary>
    public string VirtualHostName => Route?.VirtualHost.Name ?? string.Empty;

    public string VirtualClusterName { get; set; } = string.Empty;

    public UpstreamInfo Upstream { get; } = new();

    public DynamicMetadata DynamicMetadata { get; } = new();

    public FilterState FilterState { get; } = new();

    /// <summary>The request was Envoy's own or a load balancer's health check, as the health check filter saw it.</summary>
    public bool IsHealthCheck { get; set; }

    /// <summary>The request is sampled for tracing.</summary>
    public bool IsTraced { get; set; }

    /// <summary>The request is being shadowed: this is the copy.</summary>
    public bool IsShadow { get; set; }

    /// <summary>Starts an exchange.</summary>
    /// <param name="connection">The downstream connection.</param>
    /// <param name="nowNs">Monotonic, as the dispatcher's iteration has it.</param>
    /// <param name="time">Read for the wall clock.</param>
    public void Begin(ConnectionInfo connection, long nowNs, TimeSource time)
    {
        Connection = connection;
        StartNs = nowNs;
        StartUnixNs = time.UnixNs;
    }

    public void RecordRequestHead(long nowNs, HttpProtocol protocol, int headerBytes)
    {
        Protocol = protocol;
        RequestHeaderBytes = headerBytes;
        if (StartNs == 0)
        {
            StartNs = nowNs;
        }
    }

    public void RecordRequestEnd(long nowNs) => Times.LastDownstreamRxByteNs = nowNs;

    public void RecordResponseHead(long nowNs, HeaderMap headers)
    {
        Times.FirstDownstreamTxByteNs = nowNs;
        ResponseCode = headers.Status;
        ResponseHeaderBytes = headers.ByteSize;
    }

    public void RecordResponseEnd(long nowNs)
    {
        Times.LastDownstreamTxByteNs = nowNs;
        Complete(nowNs);
    }

    /// <summary>The exchange is over, well or badly; the first call counts.</summary>
    public void Complete(long nowNs)
    {
        if (Times.CompleteNs == 0)
        {
            Times.CompleteNs = nowNs;
        }
    }

    /// <summary>Notes the cause of a local reply or reset: details and flag.</summary>
    public void SetResponse(ErrorDetail detail)
    {
        ResponseCodeDetails = detail.Details;
        ResponseFlags |= detail.Flag;
    }

    public bool HasFlag(ResponseFlags flag) => (ResponseFlags & flag) != 0;

    /// <summary>Back to the first state.</summary>
    public void Reset()
    {
        Connection = null;
        StartNs = 0;
        StartUnixNs = 0;
        Times = default;
        DownstreamBytes = default;
        Protocol = HttpProtocol.None;
        BytesReceived = 0;
        BytesSent = 0;
        RequestHeaderBytes = 0;
        ResponseHeaderBytes = 0;
        ResponseTrailerBytes = 0;
        ResponseCode = 0;
        ResponseCodeDetails = string.Empty;
        ResponseFlags = ResponseFlags.None;
        ConnectionTerminationDetails = string.Empty;
        AttemptCount = 0;
        DownstreamRemoteAddress = null;
        Route = null;
        VirtualClusterName = string.Empty;
        IsHealthCheck = false;
        IsTraced = false;
        IsShadow = false;
        Upstream.Reset();
        DynamicMetadata.Clear();
        FilterState.Clear();
    }
}
