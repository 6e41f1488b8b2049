using System;
using System.Collections.Generic;
using Sidecar.Http.Codec;
using Sidecar.Http.Headers;
using Sidecar.Network.Addresses;
using Sidecar.Proxy.Streams;

namespace Sidecar.Proxy.Substitution;

/// <summary>The operators without arguments, by name: what each prints is one line. Main thread (look-up), any (writing).</summary>
internal static class SimpleOperators
{
    private const long NsPerMs = 1_000_000;

    private static readonly string[] s_accessLogTypes = Enum.GetNames<AccessLogType>();

    private static readonly Dictionary<string, CommandOperator> s_operators = new()
    {
        ["PROTOCOL"] = Text(static (in c, o) => Protocol(c.Info.Protocol, o)),
        ["UPSTREAM_PROTOCOL"] = Text(static (in c, o) => Protocol(c.Info.Upstream.Protocol, o)),
        ["RESPONSE_CODE"] = Number(static (in c, o) => Always(c.Info.ResponseCode, o)),
        ["RESPONSE_FLAGS"] = Text(static (in c, o) => ResponseFlagNames.TryWrite(c.Info.ResponseFlags, longNames: false, o)),
        ["RESPONSE_FLAGS_LONG"] = Text(static (in c, o) => ResponseFlagNames.TryWrite(c.Info.ResponseFlags, longNames: true, o)),
        ["CONNECTION_TERMINATION_DETAILS"] = Text(static (in c, o) => String(c.Info.ConnectionTerminationDetails, o)),
        ["BYTES_RECEIVED"] = Number(static (in c, o) => Always(c.Info.BytesReceived, o)),
        ["BYTES_SENT"] = Number(static (in c, o) => Always(c.Info.BytesSent, o)),
        ["REQUEST_HEADERS_BYTES"] = Number(static (in c, o) => Always(c.Info.RequestHeaderBytes, o)),
        ["RESPONSE_HEADERS_BYTES"] = Number(static (in c, o) => Always(c.Info.ResponseHeaderBytes, o)),
        ["RESPONSE_TRAILERS_BYTES"] = Number(static (in c, o) => Always(c.Info.ResponseTrailerBytes, o)),
        ["DOWNSTREAM_WIRE_BYTES_SENT"] = Number(static (in c, o) => Always(c.Info.DownstreamBytes.WireBytesSent, o)),
        ["DOWNSTREAM_WIRE_BYTES_RECEIVED"] = Number(static (in c, o) => Always(c.Info.DownstreamBytes.WireBytesReceived, o)),
        ["DOWNSTREAM_HEADER_BYTES_SENT"] = Number(static (in c, o) => Always(c.Info.DownstreamBytes.HeaderBytesSent, o)),
        ["DOWNSTREAM_HEADER_BYTES_RECEIVED"] = Number(static (in c, o) => Always(c.Info.DownstreamBytes.HeaderBytesReceived, o)),
        ["UPSTREAM_WIRE_BYTES_SENT"] = Number(static (in c, o) => Always(c.Info.Upstream.Bytes.WireBytesSent, o)),
        ["UPSTREAM_WIRE_BYTES_RECEIVED"] = Number(static (in c, o) => Always(c.Info.Upstream.Bytes.WireBytesReceived, o)),
        ["UPSTREAM_HEADER_BYTES_SENT"] = Number(static (in c, o) => Always(c.Info.Upstream.Bytes.HeaderBytesSent, o)),
        ["UPSTREAM_HEADER_BYTES_RECEIVED"] = Number(static (in c, o) => Always(c.Info.Upstream.Bytes.HeaderBytesReceived, o)),
        ["DURATION"] = Number(static (in c, o) => Since(c.Info.StartNs, c.Info.Times.CompleteNs, o)),
        ["REQUEST_DURATION"] = Number(static (in c, o) => Since(c.Info.StartNs, c.Info.Times.LastDownstreamRxByteNs, o)),
        ["REQUEST_TX_DURATION"] = Number(static (in c, o) => Since(c.Info.StartNs, c.Info.Times.LastUpstreamTxByteNs, o)),
        ["RESPONSE_DURATION"] = Number(static (in c, o) => Since(c.Info.StartNs, c.Info.Times.FirstUpstreamRxByteNs, o)),
        ["RESPONSE_TX_DURATION"] = Number(static (in c, o) => Since(c.Info.Times.FirstUpstreamRxByteNs, c.Info.Times.LastDownstreamTxByteNs, o)),
        ["UPSTREAM_CONNECTION_POOL_READY_DURATION"] = Number(static (in c, o) => Positive(c.Info.Upstream.HasConnection, c.Info.Times.UpstreamPoolReadyDurationNs / NsPerMs, o)),
        ["UPSTREAM_REQUEST_ATTEMPT_COUNT"] = Number(static (in c, o) => Always(c.Info.AttemptCount, o)),
        ["UPSTREAM_HOST"] = Text(static (in c, o) => Full(c.Info.Upstream.HostAddress, o)),
        ["UPSTREAM_HOST_NAME"] = Text(static (in c, o) => HostName(c.Info.Upstream, withPort: true, o)),
        ["UPSTREAM_HOST_NAME_WITHOUT_PORT"] = Text(static (in c, o) => HostName(c.Info.Upstream, withPort: false, o)),
        ["UPSTREAM_CLUSTER"] = Text(static (in c, o) => ClusterName(c.Info.Upstream, o)),
        ["UPSTREAM_CLUSTER_RAW"] = Text(static (in c, o) => String(c.Info.Upstream.ClusterName, o)),
        ["UPSTREAM_CONNECTION_ID"] = Number(static (in c, o) => Positive(c.Info.Upstream.HasConnection, (long)c.Info.Upstream.ConnectionId, o)),
        ["UPSTREAM_LOCAL_ADDRESS"] = Text(static (in c, o) => Full(c.Info.Upstream.LocalAddress, o)),
        ["UPSTREAM_LOCAL_ADDRESS_WITHOUT_PORT"] = Text(static (in c, o) => WithoutPort(c.Info.Upstream.LocalAddress, o)),
        ["UPSTREAM_LOCAL_PORT"] = Number(static (in c, o) => Port(c.Info.Upstream.LocalAddress, o)),
        ["UPSTREAM_REMOTE_ADDRESS"] = Text(static (in c, o) => Full(c.Info.Upstream.RemoteAddress, o)),
        ["UPSTREAM_REMOTE_ADDRESS_WITHOUT_PORT"] = Text(static (in c, o) => WithoutPort(c.Info.Upstream.RemoteAddress, o)),
        ["UPSTREAM_REMOTE_PORT"] = Number(static (in c, o) => Port(c.Info.Upstream.RemoteAddress, o)),
        ["UPSTREAM_TRANSPORT_FAILURE_REASON"] = Text(static (in c, o) => Underscored(c.Info.Upstream.TransportFailureReason, o)),
        ["DOWNSTREAM_REMOTE_ADDRESS"] = Text(static (in c, o) => Full(c.Info.DownstreamRemoteAddress, o)),
        ["DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT"] = Text(static (in c, o) => WithoutPort(c.Info.DownstreamRemoteAddress, o)),
        ["DOWNSTREAM_REMOTE_PORT"] = Number(static (in c, o) => Port(c.Info.DownstreamRemoteAddress, o)),
        ["DOWNSTREAM_DIRECT_REMOTE_ADDRESS"] = Text(static (in c, o) => Full(c.Info.Connection?.DirectRemoteAddress, o)),
        ["DOWNSTREAM_DIRECT_REMOTE_ADDRESS_WITHOUT_PORT"] = Text(static (in c, o) => WithoutPort(c.Info.Connection?.DirectRemoteAddress, o)),
        ["DOWNSTREAM_DIRECT_REMOTE_PORT"] = Number(static (in c, o) => Port(c.Info.Connection?.DirectRemoteAddress, o)),
        ["DOWNSTREAM_LOCAL_ADDRESS"] = Text(static (in c, o) => Full(c.Info.Connection?.LocalAddress, o)),
        ["DOWNSTREAM_LOCAL_ADDRESS_WITHOUT_PORT"] = Text(static (in c, o) => WithoutPort(c.Info.Connection?.LocalAddress, o)),
        ["DOWNSTREAM_LOCAL_PORT"] = Number(static (in c, o) => Port(c.Info.Connection?.LocalAddress, o)),
        ["CONNECTION_ID"] = Number(static (in c, o) => Positive(c.Info.Connection is not null, (long)(c.Info.Connection?.ConnectionId ?? 0), o)),
        ["STREAM_ID"] = Text(static (in c, o) => Header(c.RequestHeaders, HeaderId.XRequestId, o)),
        ["UNIQUE_ID"] = Text(static (in _, o) => UniqueId(o)),
        ["REQUESTED_SERVER_NAME"] = Text(static (in c, o) => String(c.Info.Connection?.RequestedServerName ?? string.Empty, o)),
        ["FILTER_CHAIN_NAME"] = Text(static (in c, o) => String(c.Info.Connection?.FilterChainName ?? string.Empty, o)),
        ["ROUTE_NAME"] = Text(static (in c, o) => String(c.Info.RouteName, o)),
        ["VIRTUAL_HOST_NAME"] = Text(static (in c, o) => String(c.Info.VirtualHostName, o)),
        ["VIRTUAL_CLUSTER_NAME"] = Text(static (in c, o) => String(c.Info.VirtualClusterName, o)),
        ["ACCESS_LOG_TYPE"] = Text(static (in c, o) => String(s_accessLogTypes[(int)c.LogType], o)),
        ["LOCAL_REPLY_BODY"] = Text(static (in c, o) => Bytes(c.LocalReplyBody, o)),
    };

    /// <summary>
    /// Operators of Envoy whose facts this connection can not have: no TLS on it, no tracer, no QUIC. They are missing, not unknown.
    /// </summary>
    private static readonly HashSet<string> s_alwaysMissing =
    [
        "DOWNSTREAM_PEER_URI_SAN", "DOWNSTREAM_LOCAL_URI_SAN", "DOWNSTREAM_PEER_DNS_SAN", "DOWNSTREAM_LOCAL_DNS_SAN", "DOWNSTREAM_PEER_IP_SAN",
        "DOWNSTREAM_LOCAL_IP_SAN", "DOWNSTREAM_PEER_EMAIL_SAN", "DOWNSTREAM_LOCAL_EMAIL_SAN", "DOWNSTREAM_PEER_OTHERNAME_SAN",
        "DOWNSTREAM_LOCAL_OTHERNAME_SAN", "DOWNSTREAM_PEER_SUBJECT", "DOWNSTREAM_LOCAL_SUBJECT", "DOWNSTREAM_PEER_ISSUER",
        "DOWNSTREAM_PEER_SERIAL", "DOWNSTREAM_PEER_CERT", "DOWNSTREAM_PEER_CERT_V_START", "DOWNSTREAM_PEER_CERT_V_END",
        "DOWNSTREAM_PEER_FINGERPRINT_256", "DOWNSTREAM_PEER_FINGERPRINT_1", "DOWNSTREAM_TLS_CIPHER", "DOWNSTREAM_TLS_VERSION",
        "DOWNSTREAM_TLS_SESSION_ID", "DOWNSTREAM_TRANSPORT_FAILURE_REASON", "DOWNSTREAM_HANDSHAKE_DURATION", "TLS_JA3_FINGERPRINT",
        "TLS_JA4_FINGERPRINT", "UPSTREAM_PEER_URI_SAN", "UPSTREAM_LOCAL_URI_SAN", "UPSTREAM_PEER_DNS_SAN", "UPSTREAM_LOCAL_DNS_SAN",
        "UPSTREAM_PEER_IP_SAN", "UPSTREAM_LOCAL_IP_SAN", "UPSTREAM_PEER_SUBJECT", "UPSTREAM_LOCAL_SUBJECT", "UPSTREAM_PEER_ISSUER",
        "UPSTREAM_PEER_CERT", "UPSTREAM_PEER_CERT_V_START", "UPSTREAM_PEER_CERT_V_END", "UPSTREAM_TLS_CIPHER", "UPSTREAM_TLS_VERSION",
        "UPSTREAM_TLS_SESSION_ID", "ROUNDTRIP_DURATION", "BYTES_RETRANSMITTED", "PACKETS_RETRANSMITTED", "TRACE_ID", "SPAN_ID",
        "DOWNSTREAM_DETECTED_CLOSE_TYPE", "DOWNSTREAM_LOCAL_CLOSE_REASON", "UPSTREAM_DETECTED_CLOSE_TYPE", "UPSTREAM_LOCAL_CLOSE_REASON",
        "CUSTOM_FLAGS",
    ];

    /// <summary>The operator, or null when there is none of this name.</summary>
    public static CommandOperator? Find(string name) =>
        s_operators.TryGetValue(name, out CommandOperator? found) ? found : s_alwaysMissing.Contains(name) ? Text(static (in _, _) => false) : null;

    private static SimpleOperator Text(OperatorWriter writer) => new(OperatorValueKind.Text, writer);

    private static SimpleOperator Number(OperatorWriter writer) => new(OperatorValueKind.Number, writer);

    private static bool Always(long number, TextBuffer output)
    {
        output.Append(number);
        return true;
    }

    private static bool Positive(bool isKnown, long number, TextBuffer output) => isKnown && Always(number, output);

    private static bool Since(long startNs, long endNs, TextBuffer output) => endNs != 0 && startNs != 0 && Always((endNs - startNs) / NsPerMs, output);

    private static bool String(string text, TextBuffer output)
    {
        output.Append(text);
        return text.Length > 0;
    }

    private static bool Bytes(ReadOnlySpan<byte> text, TextBuffer output)
    {
        output.Append(text);
        return !text.IsEmpty;
    }

    private static bool Underscored(string text, TextBuffer output)
    {
        int start = output.Length;
        output.Append(text);
        output.WrittenFrom(start).Replace((byte)' ', (byte)'_');
        return text.Length > 0;
    }

    private static bool Header(HeaderMap headers, HeaderId id, TextBuffer output) =>
        headers.TryGet(id, out ReadOnlySpan<byte> value) && Bytes(value, output);

    private static bool Full(Address? address, TextBuffer output) => address is not null && Bytes(address.Text, output);

    private static bool WithoutPort(Address? address, TextBuffer output) => address is not null && Bytes(address.IpText, output);

    private static bool Port(Address? address, TextBuffer output) => address is not null && address.IsIp && Always(address.Port, output);

    private static bool ClusterName(UpstreamInfo upstream, TextBuffer output) =>
        String(upstream.ClusterObservabilityName.Length > 0 ? upstream.ClusterObservabilityName : upstream.ClusterName, output);

    private static bool HostName(UpstreamInfo upstream, bool withPort, TextBuffer output)
    {
        if (upstream.HostName.Length == 0)
        {
            return withPort ? Full(upstream.HostAddress, output) : WithoutPort(upstream.HostAddress, output);
        }

        int start = output.Length;
        output.Append(upstream.HostName);
        int colon = withPort ? -1 : output.Written[start..].LastIndexOf((byte)':');
        if (colon >= 0 && output.Written[(start + colon)..].IndexOf((byte)']') < 0)
        {
            output.Truncate(start + colon);
        }

        return true;
    }

    private static bool Protocol(HttpProtocol protocol, TextBuffer output)
    {
        ReadOnlySpan<byte> text = protocol switch
        {
            HttpProtocol.Http10 => "HTTP/1.0"u8,
            HttpProtocol.Http11 => "HTTP/1.1"u8,
            HttpProtocol.Http2 => "HTTP/2"u8,
            _ => default,
        };
        return Bytes(text, output);
    }

    private static bool UniqueId(TextBuffer output)
    {
        Guid.NewGuid().TryFormat(output.Reserve(36), out int written);
        output.Advance(written);
        return true;
    }
}
