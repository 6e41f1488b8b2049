using System;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Sidecar.Http.Headers;

/// <summary>The names behind <see cref="HeaderId"/>, and the way back. Immutable; thread: any.</summary>
public static class HeaderNames
{
    /// <summary>Bytes from one name to the next in <see cref="s_blob"/>; names are shorter.</summary>
    internal const int Stride = 64;

    private const int TableBits = 10;

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
        "x-envoy-ratelimited",
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

    /// <summary>Each name with ": " behind it, at its id times <see cref="Stride"/>: encoders copy whole vectors.</summary>
    private static readonly byte[] s_blob = BuildBlob();

    private static readonly byte[] s_lengths = BuildLengths();

    /// <summary>Multiplier for which no two known names share a slot of <see cref="s_table"/>.</summary>
    private static readonly uint s_multiplier = FindMultiplier();

    /// <summary>Id by <see cref="Slot"/>; 0 is empty. One look and one comparison decide.</summary>
    private static readonly byte[] s_table = BuildTable();

    /// <summary>The lower-case name; not for <see cref="HeaderId.None"/>.</summary>
    public static ReadOnlySpan<byte> Bytes(HeaderId id) => s_blob.AsSpan((int)id * Stride, s_lengths[(int)id]);

    /// <summary>The name as text, for configuration and logs.</summary>
    public static string Text(HeaderId id) => s_text[(int)id];

    /// <summary>The id of a lower-case name, or <see cref="HeaderId.None"/>.</summary>
    public static HeaderId Find(ReadOnlySpan<byte> lowerCaseName)
    {
        int length = lowerCaseName.Length;
        if ((uint)(length - 2) >= Stride - 4)
        {
            return HeaderId.None;
        }

        int id = s_table[Slot(lowerCaseName, s_multiplier)];
        return s_lengths[id] == length && lowerCaseName.SequenceEqual(s_blob.AsSpan(id * Stride, length)) ? (HeaderId)id : HeaderId.None;
    }

    internal static int Length(HeaderId id) => s_lengths[(int)id];

    /// <summary>First byte of the name and ": "; 64 bytes may be read.</summary>
    internal static ref byte Line(HeaderId id) => ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(s_blob), (int)id * Stride);

    /// <summary>Length, both ends and the middle tell the known names apart.</summary>
    private static uint Slot(ReadOnlySpan<byte> name, uint multiplier)
    {
        int length = name.Length;
        ref byte first = ref MemoryMarshal.GetReference(name);
        uint mixed = length < 4
            ? Unsafe.ReadUnaligned<ushort>(ref first)
            : Unsafe.ReadUnaligned<uint>(ref first)
                ^ BitOperations.RotateLeft(Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref first, length - 4)), 11)
                ^ BitOperations.RotateLeft(Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref first, (length - 4) / 2)), 21);
        return ((mixed + ((uint)length * 0x01000193u)) * multiplier) >> (32 - TableBits);
    }

    private static byte[] BuildBlob()
    {
        var blob = new byte[(s_text.Length + 1) * Stride];
        for (int id = 1; id < s_text.Length; id++)
        {
            Span<byte> room = blob.AsSpan(id * Stride, Stride);
            int length = Encoding.ASCII.GetBytes(s_text[id], room);
            ": "u8.CopyTo(room[length..]);
        }

        return blob;
    }

    private static byte[] BuildLengths()
    {
        var lengths = new byte[s_text.Length];
        for (int id = 0; id < s_text.Length; id++)
        {
            lengths[id] = (byte)s_text[id].Length;
        }

        return lengths;
    }

    private static uint FindMultiplier()
    {
        Span<bool> taken = stackalloc bool[1 << TableBits];
        uint multiplier = 0x9E3779B1u;
        while (true)
        {
            taken.Clear();
            int id = 1;
            while (id < s_text.Length)
            {
                ref bool slot = ref taken[(int)Slot(Bytes((HeaderId)id), multiplier)];
                if (slot)
                {
                    break;
                }

                slot = true;
                id++;
            }

            if (id == s_text.Length)
            {
                return multiplier;
            }

            multiplier = (multiplier * 1664525u) + 1013904223u | 1u;
        }
    }

    private static byte[] BuildTable()
    {
        var table = new byte[1 << TableBits];
        for (int id = 1; id < s_text.Length; id++)
        {
            table[Slot(Bytes((HeaderId)id), s_multiplier)] = (byte)id;
        }

        return table;
    }
}
