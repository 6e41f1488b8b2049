using System;
using System.Collections.Generic;
using System.Text;
using Sidecar.Http.Headers;

namespace Sidecar.Http.Http2.Hpack;

/// <summary>The static table (RFC 7541 appendix A) with the <see cref="HeaderId"/> of each name. Immutable; thread: any.</summary>
internal static class HpackStaticTable
{
    public const int Count = 61;

    private static readonly (string Name, string Value)[] s_text =
    [
        ("", ""),
        (":authority", ""), (":method", "GET"), (":method", "POST"), (":path", "/"), (":path", "/index.html"),
        (":scheme", "http"), (":scheme", "https"), (":status", "200"), (":status", "204"), (":status", "206"),
        (":status", "304"), (":status", "400"), (":status", "404"), (":status", "500"), ("accept-charset", ""),
        ("accept-encoding", "gzip, deflate"), ("accept-language", ""), ("accept-ranges", ""), ("accept", ""),
        ("access-control-allow-origin", ""), ("age", ""), ("allow", ""), ("authorization", ""), ("cache-control", ""),
        ("content-disposition", ""), ("content-encoding", ""), ("content-language", ""), ("content-length", ""),
        ("content-location", ""), ("content-range", ""), ("content-type", ""), ("cookie", ""), ("date", ""), ("etag", ""),
        ("expect", ""), ("expires", ""), ("from", ""), ("host", ""), ("if-match", ""), ("if-modified-since", ""),
        ("if-none-match", ""), ("if-range", ""), ("if-unmodified-since", ""), ("last-modified", ""), ("link", ""),
        ("location", ""), ("max-forwards", ""), ("proxy-authenticate", ""), ("proxy-authorization", ""), ("range", ""),
        ("referer", ""), ("refresh", ""), ("retry-after", ""), ("server", ""), ("set-cookie", ""),
        ("strict-transport-security", ""), ("transfer-encoding", ""), ("user-agent", ""), ("vary", ""), ("via", ""),
        ("www-authenticate", ""),
    ];

    private static readonly byte[][] s_names = Encode(static line => line.Name);
    private static readonly byte[][] s_values = Encode(static line => line.Value);
    private static readonly HeaderId[] s_ids = FindIds();
    private static readonly byte[] s_indexById = IndexIds();
    private static readonly byte[] s_unknownNames = IndexUnknownNames();

    /// <summary>The name's id, <see cref="HeaderId.None"/> when it has none. Index from 1.</summary>
    public static HeaderId Id(int index) => s_ids[index];

    public static ReadOnlySpan<byte> Name(int index) => s_names[index];

    public static ReadOnlySpan<byte> Value(int index) => s_values[index];

    /// <summary>The first index with this name, 0 when there is none.</summary>
    public static int IndexOf(HeaderId id) => s_indexById[(int)id];

    /// <summary>The index of a name that has no id, 0 when there is none.</summary>
    public static int IndexOfUnknown(ReadOnlySpan<byte> lowerCaseName)
    {
        if (lowerCaseName.Length is < 3 or > 27)
        {
            return 0;
        }

        for (int slot = Slot(lowerCaseName); s_unknownNames[slot] != 0; slot = (slot + 1) & (s_unknownNames.Length - 1))
        {
            if (lowerCaseName.SequenceEqual(s_names[s_unknownNames[slot]]))
            {
                return s_unknownNames[slot];
            }
        }

        return 0;
    }

    /// <summary>The index of a whole field of a known name, 0 when the table has none.</summary>
    public static int IndexOf(HeaderId id, ReadOnlySpan<byte> value)
    {
        switch (id)
        {
            case HeaderId.Method:
                return value.SequenceEqual("GET"u8) ? 2 : value.SequenceEqual("POST"u8) ? 3 : 0;
            case HeaderId.Path:
                return value.Length == 1 && value[0] == (byte)'/' ? 4 : value.SequenceEqual("/index.html"u8) ? 5 : 0;
            case HeaderId.Scheme:
                return value.SequenceEqual("http"u8) ? 6 : value.SequenceEqual("https"u8) ? 7 : 0;
            case HeaderId.Status:
                return IndexOfStatus(value);
            case HeaderId.AcceptEncoding:
                return value.SequenceEqual("gzip, deflate"u8) ? 16 : 0;
            default:
                return 0;
        }
    }

    private static int IndexOfStatus(ReadOnlySpan<byte> value)
    {
        for (int index = 8; index <= 14; index++)
        {
            if (value.SequenceEqual(s_values[index]))
            {
                return index;
            }
        }

        return 0;
    }

    private static int Slot(ReadOnlySpan<byte> name) => ((name.Length * 7) + name[0] + (name[^1] * 3) + (name[name.Length / 2] * 5)) & 127;

    private static byte[][] Encode(Func<(string Name, string Value), string> part)
    {
        var bytes = new List<byte[]>(s_text.Length);
        foreach ((string Name, string Value) line in s_text)
        {
            bytes.Add(Encoding.ASCII.GetBytes(part(line)));
        }

        return [.. bytes];
    }

    private static HeaderId[] FindIds()
    {
        var ids = new HeaderId[s_names.Length];
        for (int i = 1; i < ids.Length; i++)
        {
            ids[i] = HeaderNames.Find(s_names[i]);
        }

        return ids;
    }

    private static byte[] IndexIds()
    {
        var indexes = new byte[(int)HeaderId.Count];
        for (int i = Count; i >= 1; i--)
        {
            if (s_ids[i] != HeaderId.None)
            {
                indexes[(int)s_ids[i]] = (byte)i;
            }
        }

        return indexes;
    }

    private static byte[] IndexUnknownNames()
    {
        var table = new byte[128];
        for (int i = 1; i <= Count; i++)
        {
            if (s_ids[i] != HeaderId.None)
            {
                continue;
            }

            int slot = Slot(s_names[i]);
            while (table[slot] != 0)
            {
                slot = (slot + 1) & 127;
            }

            table[slot] = (byte)i;
        }

        return table;
    }
}
