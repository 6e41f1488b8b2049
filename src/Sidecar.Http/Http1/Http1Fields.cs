using System;
using System.Buffers.Text;
using Sidecar.Http.Headers;

namespace Sidecar.Http.Http1;

/// <summary>What a map that is about to be sent says about framing and connection. Stateless; thread: any.</summary>
internal static class Http1Fields
{
    /// <summary>The content-length, -1 when there is none that makes sense, or more than one.</summary>
    public static long ContentLength(HeaderMap map)
    {
        if (!map.TryGet(HeaderId.ContentLength, out ReadOnlySpan<byte> text))
        {
            return -1;
        }

        bool isNumber = Utf8Parser.TryParse(text, out long length, out int used) && used == text.Length && length >= 0;
        return isNumber && map.IndexOf(HeaderId.ContentLength, map.IndexOf(HeaderId.ContentLength, -1)) < 0 ? length : -1;
    }

    /// <summary>The map carries <c>connection: close</c>.</summary>
    public static bool SaysClose(HeaderMap map) => HasConnectionToken(map, "close"u8);

    /// <summary>The map asks for another protocol: <c>upgrade</c> and <c>connection: upgrade</c>.</summary>
    public static bool IsUpgrade(HeaderMap map) => map.Has(HeaderId.Upgrade) && HasConnectionToken(map, "upgrade"u8);

    private static bool HasConnectionToken(HeaderMap map, ReadOnlySpan<byte> wanted)
    {
        for (int i = map.IndexOf(HeaderId.Connection, -1); i >= 0; i = map.IndexOf(HeaderId.Connection, i))
        {
            ReadOnlySpan<byte> rest = map.ValueAt(i);
            while (!rest.IsEmpty)
            {
                int comma = rest.IndexOf((byte)',');
                if (Http1Scan.EqualsIgnoreCase((comma < 0 ? rest : rest[..comma]).Trim(" \t"u8), wanted))
                {
                    return true;
                }

                rest = comma < 0 ? default : rest[(comma + 1)..];
            }
        }

        return false;
    }
}
