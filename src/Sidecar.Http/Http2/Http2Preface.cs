using System;

namespace Sidecar.Http.Http2;

/// <summary>Whether a connection's first bytes are HTTP/2's.</summary>
public enum PrefaceMatch : byte
{
    /// <summary>So far they are; more are needed.</summary>
    NeedMore = 0,
    Http2,
    NotHttp2,
}

/// <summary>The client's connection preface (RFC 9113 section 3.4). Thread: any.</summary>
public static class Http2Preface
{
    /// <summary>The 24 bytes; SETTINGS follow.</summary>
    public static ReadOnlySpan<byte> Bytes => "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8;

    /// <summary>For codec AUTO: looks at a connection's first bytes.</summary>
    public static PrefaceMatch Detect(ReadOnlySpan<byte> start)
    {
        int length = Math.Min(start.Length, Bytes.Length);
        if (!start[..length].SequenceEqual(Bytes[..length]))
        {
            return PrefaceMatch.NotHttp2;
        }

        return length == Bytes.Length ? PrefaceMatch.Http2 : PrefaceMatch.NeedMore;
    }
}
