using System;
using System.Text;

namespace Sidecar.Http.Headers;

/// <summary>The names behind <see cref="HeaderId"/>, and the way back. Immutable; thread: any.</summary>
public static class HeaderNames
{
    /// <summary>Longest known name plus one; names at least this long are never known.</summary>
    private const int MaxKnownLength = 64;

    private const int TableSize = 512;

    private static readonly string[] s_text =
    [
        "",
        ":authority",
        ":method",
        ":path",
        ":scheme",
        ":status",
        ":protocol",
        "accept",
        "accept-encoding",
        "access-control-request-method",
        "authorization",
        "cache-control",
        "connection",
        "content-encoding",
        "content-length",
        "content-type",
        "cookie",
        "date",
        "etag",
        "expect",
        "grpc-accept-encoding",
        "grpc-message",
        "grpc-status",
        "grpc-status-details-bin",
        "grpc-timeout",
        "host",
        "http2-settings",
        "keep-alive",
        "location",
        "origin",
        "proxy-authenticate",
        "proxy-authorization",
        "proxy-connection",
        "proxy-status",
        "referer",
        "retry-after",
        "server",
        "set-cookie",
        "te",
        "trailer",
        "traceparent",
        "tracestate",
        "transfer-encoding",
        "upgrade",
        "user-agent",
        "vary",
        "via",
        "x-b3-traceid",
        "x-client-trace-id",
        "x-envoy-attempt-count",
        "x-envoy-decorator-operation",
        "x-envoy-degraded",
        "x-envoy-downstream-service-cluster",
        "x-envoy-downstream-service-node",
        "x-envoy-expected-rq-timeout-ms",
        "x-envoy-external-address",
        "x-envoy-force-trace",
        "x-envoy-hedge-on-per-try-timeout",
        "x-envoy-immediate-health-check-fail",
        "x-envoy-internal",
        "x-envoy-ip-tags",
        "x-envoy-is-timeout-retry",
        "x-envoy-max-retries",
        "x-envoy-original-path",
        "x-envoy-overloaded",
        "x-envoy-local-overloaded",
        "x-envoy-rate-limited",
        "x-envoy-retry-grpc-on",
        "x-envoy-retry-on",
        "x-envoy-retriable-header-names",
        "x-envoy-retriable-status-codes",
        "x-envoy-upstream-alt-stat-name",
        "x-envoy-upstream-canary",
        "x-envoy-upstream-healthchecked-cluster",
        "x-envoy-upstream-rq-per-try-timeout-ms",
        "x-envoy-upstream-rq-timeout-alt-response",
        "x-envoy-upstream-rq-timeout-ms",
        "x-envoy-upstream-service-time",
        "x-forwarded-client-cert",
        "x-forwarded-for",
        "x-forwarded-host",
        "x-forwarded-port",
        "x-forwarded-proto",
        "x-request-id",
    ];

    private static readonly byte[][] s_bytes = Encode();

    /// <summary>Open addressing by <see cref="Hash"/>; 0 is empty.</summary>
    private static readonly byte[] s_table = BuildTable();

    /// <summary>The lower-case name; not for <see cref="HeaderId.None"/>.</summary>
    public static ReadOnlySpan<byte> Bytes(HeaderId id) => s_bytes[(int)id];

    /// <summary>The name as text, for configuration and logs.</summary>
    public static string Text(HeaderId id) => s_text[(int)id];

    /// <summary>The id of a lower-case name, or <see cref="HeaderId.None"/>.</summary>
    public static HeaderId Find(ReadOnlySpan<byte> lowerCaseName)
    {
        if (lowerCaseName.Length - 2 >= MaxKnownLength - 2 || lowerCaseName.Length < 2)
        {
            return HeaderId.None;
        }

        uint slot = Hash(lowerCaseName);
        while (true)
        {
            byte id = s_table[slot & (TableSize - 1)];
            if (id == 0)
            {
                return HeaderId.None;
            }

            if (lowerCaseName.SequenceEqual(s_bytes[id]))
            {
                return (HeaderId)id;
            }

            slot++;
        }
    }

    /// <summary>Length, both ends and a middle byte tell the known names apart well enough for a table a fifth full.</summary>
    private static uint Hash(ReadOnlySpan<byte> name)
    {
        uint h = (uint)name.Length;
        h = (h * 31) + name[0];
        h = (h * 31) + name[^1];
        h = (h * 31) + name[name.Length / 2];
        h = (h * 31) + name[name.Length - 2];
        return h * 0x9E3779B1u >> 20;
    }

    private static byte[][] Encode()
    {
        var bytes = new byte[s_text.Length][];
        for (int i = 0; i < s_text.Length; i++)
        {
            bytes[i] = Encoding.ASCII.GetBytes(s_text[i]);
        }

        return bytes;
    }

    private static byte[] BuildTable()
    {
        var table = new byte[TableSize];
        for (int id = 1; id < s_bytes.Length; id++)
        {
            uint slot = Hash(s_bytes[id]);
            while (table[slot & (TableSize - 1)] != 0)
            {
                slot++;
            }

            table[slot & (TableSize - 1)] = (byte)id;
        }

        return table;
    }
}
