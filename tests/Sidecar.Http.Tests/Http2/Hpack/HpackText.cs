using System;
using System.Text;
using Sidecar.Http.Headers;
using Sidecar.Http.Http2;
using Sidecar.Http.Http2.Hpack;
using Sidecar.Http.Http2.Messages;
using Sidecar.Testing.Codec;

namespace Sidecar.Http.Tests.Http2.Hpack;

/// <summary>Header blocks as hexadecimal and as text.</summary>
internal static class HpackText
{
    private static readonly Http2Settings s_generous = new() { MaxHeadersBytes = 1 << 24, MaxHeadersCount = 100_000 };

    public static byte[] Bytes(string hex) => Convert.FromHexString(hex.Replace(" ", string.Empty, StringComparison.Ordinal));

    public static string Hex(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(bytes);

    /// <summary>Decodes a block; null for a compression error, else a line a field.</summary>
    public static string? Decode(HpackDecoder decoder, ReadOnlySpan<byte> block, MessageKind kind = MessageKind.RequestTrailers)
    {
        var map = new HeaderMap();
        var builder = new HeaderBlockBuilder();
        builder.Begin(map, kind, s_generous);
        if (!decoder.TryDecode(block, builder))
        {
            return null;
        }

        Assert.Null(builder.Error);
        return RecordingReceiver.Text(map);
    }

    public static byte[] Encode(HpackEncoder encoder, HeaderMap map)
    {
        var room = new byte[HpackEncoder.MaxEncodedBytes(map)];
        return room[..encoder.Encode(map, room)];
    }

    public static HeaderMap Map(params string[] lines)
    {
        var map = new HeaderMap();
        foreach (string line in lines)
        {
            int colon = line.IndexOf(':', 1);
            map.Add(Encoding.Latin1.GetBytes(line[..colon]), Encoding.Latin1.GetBytes(line[(colon + 1)..].Trim()));
        }

        return map;
    }

    /// <summary>The dynamic table, newest first.</summary>
    public static string Table(HpackDynamicTable table)
    {
        var text = new StringBuilder();
        Span<byte> field = new byte[8192];
        for (int i = 0; i < table.Count; i++)
        {
            ref readonly HpackDynamicTable.Entry entry = ref table.At(i);
            int start = table.CopyTo(entry, field);
            string name = start > 0 ? Encoding.Latin1.GetString(field[..start]) : HeaderNames.Text(entry.Id);
            text.Append(name).Append(": ").Append(Encoding.Latin1.GetString(field.Slice(start, entry.ValueLength))).Append('\n');
        }

        return text.ToString();
    }
}
